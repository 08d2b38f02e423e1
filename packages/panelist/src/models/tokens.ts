import { cutAt } from '../text/shortened.ts';
import type { ChatRequest } from './chat-model.ts';
import { schemaText } from './replies/request-hash.ts';

/**
 * About how many tokens `text` is: a quarter of a token per character, one for each Chinese, Japanese or Korean
 * character or emoji. OpenAI's rule of thumb; good to a third or so, which is enough to reserve by and for a simulated bill.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let i = 0; i < text.length; i++) quarters += quartersOf(text.charCodeAt(i));
  return Math.ceil(quarters / 4);
}

/** The longest beginning of `text` of at most `maxTokens` estimated tokens. */
export function cutToTokens(text: string, maxTokens: number): string {
  let quarters = 0;
  for (let i = 0; i < text.length; i++) {
    quarters += quartersOf(text.charCodeAt(i));
    if (quarters > maxTokens * 4) return cutAt(text, i);
  }
  return text;
}

function quartersOf(code: number): number {
  if (code < 0x2e80) return 1;
  if (code >= 0xdc00 && code <= 0xdfff) return 0; // the second half of a pair, counted with the first
  return 4;
}

/** Above any context window and any reply. */
const maxTokens = 100_000_000;

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Whether the provider's counts were missing or could not be true, and these are estimates. */
  readonly isEstimated: boolean;
}

/** The provider's counts if both are whole and possible, else estimates from the texts. */
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

/** Of the prompt and its schema. The throttle learns how many more the reply takes, in proportion. */
export function estimateRequestTokens(request: ChatRequest): number {
  const known = estimates.get(request);
  if (known !== undefined) return known;
  const { messages, replySchema } = request;
  let tokens = replySchema === null ? 0 : estimateTokens(schemaText(replySchema));
  for (const { content } of messages) tokens += estimateTokens(content);
  estimates.set(request, tokens);
  return tokens;
}

const estimates = new WeakMap<ChatRequest, number>();
