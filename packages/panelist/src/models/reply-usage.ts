import { estimateTokens } from './tokens.ts';

/** Above any context window and any reply. */
const maxTokens = 100_000_000;

/** Where vendors report what a reply took. */
const usageKeys = ['usage', 'usageMetadata'] as const;

/**
 * A reply's body, so that odd counts of tokens do not keep it from being read: what is not a finite number there becomes
 * `null`, and so do bare `NaN` and `Infinity`, which some servers write. `null` for a body that is not JSON at all.
 */
export function withReadableUsage(text: string): string | null {
  const parsed = parse(text) ?? parse(withoutBareNumbers(text));
  if (parsed === undefined) return null;
  const { body, source } = parsed;
  if (typeof body !== 'object' || body === null) return source;
  let isChanged = false;
  for (const key of usageKeys) {
    const usage = (body as Record<string, unknown>)[key];
    if (typeof usage === 'object' && usage !== null && clean(usage as Record<string, unknown>))
      isChanged = true;
  }
  return isChanged ? JSON.stringify(body) : source;
}

function parse(text: string): { readonly body: unknown; readonly source: string } | undefined {
  try {
    return { body: JSON.parse(text), source: text };
  } catch {
    return undefined;
  }
}

/** Outside of strings only: what a model said may have such words in it. */
function withoutBareNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : 'null',
  );
}

/** Whether anything had to be taken out. */
function clean(usage: Record<string, unknown>): boolean {
  let isChanged = false;
  for (const [key, value] of Object.entries(usage)) {
    if (typeof value === 'object' && value !== null) {
      if (clean(value as Record<string, unknown>)) isChanged = true;
    } else if (/token|count/i.test(key) && value !== null && !Number.isFinite(value)) {
      usage[key] = null;
      isChanged = true;
    }
  }
  return isChanged;
}

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
