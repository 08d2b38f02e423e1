import type { ChatReply, ChatRequest } from '../chat-model.ts';
import { estimateRequestTokens, estimateTokens } from '../tokens.ts';
import type { TokenCount } from './price-table.ts';

/** Of a reply, before one has come. A page of ten questions takes 50 to 300 tokens; a number on the safe side. */
const FIRST_OUTPUT_TOKENS = 500;

/** The share by which a forecast falls towards each reply that took less. */
const FALL = 0.1;

/**
 * What a call will take, learned from those before it: estimated input times how far the estimates were off, and the
 * output of replies so far, at most `maxOutputTokens`. Both rise at once and fall slowly: a reservation that is too large
 * is released, while one that is too small is overspent.
 */
export class CallForecast {
  #inputScale = 1;
  #outputTokens = FIRST_OUTPUT_TOKENS;

  of(request: ChatRequest): TokenCount {
    return {
      inputTokens: Math.ceil(estimateRequestTokens(request) * this.#inputScale),
      outputTokens: Math.min(Math.ceil(this.#outputTokens), request.maxOutputTokens ?? Infinity),
    };
  }

  learn(request: ChatRequest, { inputTokens, outputTokens }: TokenCount): void {
    this.#inputScale = follow(this.#inputScale, inputTokens / Math.max(estimateRequestTokens(request), 1));
    this.#outputTokens = follow(this.#outputTokens, outputTokens);
  }
}

/** What a reply took as the provider reports it; estimated if it reports nothing, since no reply is free. */
export function tokensOf(request: ChatRequest, reply: ChatReply): TokenCount {
  return {
    inputTokens: reported(reply.inputTokens) ?? estimateRequestTokens(request),
    outputTokens: reported(reply.outputTokens) ?? estimateTokens(reply.text),
  };
}

function reported(tokens: number): number | undefined {
  return Number.isFinite(tokens) && tokens > 0 ? tokens : undefined;
}

function follow(forecast: number, seen: number): number {
  return seen > forecast ? seen : forecast + FALL * (seen - forecast);
}
