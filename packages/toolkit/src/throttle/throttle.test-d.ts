import { expectTypeOf } from 'vitest';
import type { CallPermit, CallReport, CallThrottle } from '../retry/call-throttle.ts';
import { ErrorHandler } from '../retry/error-handler.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleEvent, ThrottleStats, WaitReason } from './throttle-monitor.ts';

declare const response: Response;
const throttle = new Throttle({ requestsPerMinute: 500, tokensPerMinute: undefined });
expectTypeOf(throttle).toExtend<CallThrottle>();
expectTypeOf(throttle.acquire()).toExtend<Promise<CallPermit>>();
expectTypeOf(throttle.tryAcquire({ tokens: 800 })).toExtend<CallPermit | undefined>();
expectTypeOf(throttle.stats).toEqualTypeOf<ThrottleStats>();
// @ts-expect-error: the options name their unit
new Throttle({ rpm: 500 });
// @ts-expect-error: a snapshot
throttle.stats.requests = 0;

// Headers as fetch has them, as the AI SDK has them, or none.
const reports: CallReport[] = [{ headers: response.headers, tokens: 8 }, { headers: { a: 'b' } }, {}];
throttle.tryAcquire()?.succeeded(reports[0]);

// A call that the throttle runs: its result's type, sync or async, and what it is given.
const ran = throttle.run({ tokens: 800, priority: 1 }, async ({ signal, isProbe, report }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  expectTypeOf(isProbe).toEqualTypeOf<boolean>();
  report({ tokens: 700 });
  return response.status;
});
expectTypeOf(ran).toEqualTypeOf<Promise<number>>();
expectTypeOf(throttle.run({}, () => 'sync')).toEqualTypeOf<Promise<string>>();
// @ts-expect-error: a function that makes the call
throttle.run({}, response);
// @ts-expect-error: the options name their unit
throttle.run({ maxServerWait: 5 }, () => 1);

// A handler takes any throttle, and its calls say what they are.
const handler = new ErrorHandler({ throttle, maxRetries: 2 });
new ErrorHandler({ throttle: undefined });
const call = handler.withRetry(
  async ({ report }) => {
    report({ headers: response.headers });
    return response.status;
  },
  { tokens: 800, priority: 1, group: 'task-1' },
);
expectTypeOf(call).toEqualTypeOf<Promise<number>>();
// @ts-expect-error: whether a call returns is the handler's business
handler.withRetry(() => 1, { returning: true });
// @ts-expect-error: a throttle has acquire and tryAcquire
new ErrorHandler({ throttle: { acquire: () => {} } });

// The type says which members an event has.
const line = (event: ThrottleEvent): string => {
  switch (event.type) {
    case 'waiting':
      return `waiting ${event.waitMs} ms: ${event.reason satisfies WaitReason} (${event.status})`;
    case 'limit':
      return `${event.requestsPerMinute} ${event.tokensPerMinute}`;
    case 'started':
      return `after ${event.waitedMs} ms`;
    case 'refused':
    case 'failed':
      return event.classification.reason;
    case 'succeeded':
    case 'abandoned':
      return `after ${event.elapsedMs} ms`;
  }
};
new Throttle({ onEvent: (event) => void line(event) });
