import { classify } from '@panelist/toolkit';
import type { Budget } from '../budget/budget.ts';
import type { ModelMiddleware } from './middleware.ts';

/** Sends only what is within the budget. It is around all attempts of a call, and `metered` around each. */
export function withinBudget(budget: Budget): ModelMiddleware {
  return (next) => ({
    ...next,
    async reply(request, options) {
      const release = await budget.reserve(request, options);
      try {
        return await next.reply(request, options);
      } finally {
        release();
      }
    },
  });
}

/**
 * Counts what each attempt takes. It is where the reply arrives, so that one that comes after the caller has stopped
 * waiting is counted too.
 */
export function metered(budget: Budget): ModelMiddleware {
  return (next) => ({
    ...next,
    async reply(request, options) {
      options.signal.throwIfAborted();
      try {
        const reply = await next.reply(request, options);
        budget.count(request, reply);
        return reply;
      } catch (error) {
        if (mayBeBilled(error)) budget.countUnanswered(request);
        throw error;
      }
    },
  });
}

/** There was no connection, so nothing was sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * A request that the server has answered with an error is not billed; one that timed out, was aborted or whose reply
 * broke off or could not be read may have been, since the model worked.
 */
function mayBeBilled(error: unknown): boolean {
  const { kind, status, code } = classify(error);
  if (status !== undefined) return status < 300;
  if (code !== undefined && NEVER_SENT.has(code)) return false;
  return kind === 'abort' || kind === 'timeout' || kind === 'network' || kind === 'server';
}
