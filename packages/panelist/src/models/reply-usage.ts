import { estimateTokens } from './tokens.ts';

/** Above any context window and any reply. */
const maxTokens = 100_000_000;

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Whether the provider's counts were missing or could not be true, and these are estimates. */
  readonly isEstimated: boolean;
}

/** The provider's counts where both are whole and possible, else estimates from the texts. */
export function countTokens(
  reported: { readonly input: number | undefined; readonly output: number | undefined },
  texts: { readonly sent: readonly string[]; readonly received: string },
): TokenCounts {
  const { input, output } = reported;
  if (isPossible(input) && isPossible(output))
    return { inputTokens: input, outputTokens: output, isEstimated: false };
  const sent = texts.sent.reduce((sum, text) => sum + estimateTokens(text), 0);
  return {
    inputTokens: isPossible(input) ? input : sent,
    outputTokens: isPossible(output) ? output : estimateTokens(texts.received),
    isEstimated: true,
  };
}

function isPossible(count: number | undefined): count is number {
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 && count <= maxTokens;
}
