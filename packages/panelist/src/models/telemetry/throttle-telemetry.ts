import type { Classification, ThrottleEvent } from '@panelist/toolkit';
import { errorType, namedModel } from './attributes.ts';
import { instruments } from './instruments.ts';

/**
 * Makes OpenTelemetry metrics of the events of one model's throttle. It costs next to nothing without an SDK. Set the SDK
 * before you call this.
 *
 * The units are requests a minute, seconds and tokens. The throttle knows only the sum of a call's tokens, which
 * `panelist.tokens` counts; `gen_ai.client.token.usage` is by type and comes from `traced`.
 *
 * @param model its id, `provider/model`.
 * @example
 * const throttle = new Throttle({ onEvent: throttleTelemetry('openai/gpt-5-mini') });
 */
export function throttleTelemetry(model: string): (event: ThrottleEvent) => void {
  const { calls, refusals, retries, tokens, inFlight, duration, waits, limits } = instruments();
  const { attributes } = namedModel(model);
  const outcome = (name: string) => ({ ...attributes, 'panelist.outcome': name });
  const succeeded = outcome('succeeded');
  const refused = outcome('refused');
  const failed = outcome('failed');

  const recordDuration = (elapsedMs: number, error: Classification): void => {
    duration.record(elapsedMs / 1_000, { ...attributes, 'error.type': errorType(error) });
  };
  return (event) => {
    switch (event.type) {
      case 'started':
        inFlight.add(1, attributes);
        if (event.retry) retries.add(1, attributes);
        if (event.waitedFor !== undefined) {
          waits.record(event.waitedMs / 1_000, { ...attributes, 'panelist.wait.reason': event.waitedFor });
        }
        return;
      case 'succeeded':
        inFlight.add(-1, attributes);
        calls.add(1, succeeded);
        duration.record(event.elapsedMs / 1_000, attributes);
        if (event.tokens !== undefined) tokens.add(event.tokens, attributes);
        return;
      case 'refused': {
        const { status, waitMs } = event.classification;
        inFlight.add(-1, attributes);
        calls.add(1, refused);
        refusals.add(1, {
          ...attributes,
          ...(status !== undefined && { 'http.response.status_code': status }),
          'panelist.wait.reported': waitMs !== undefined,
        });
        recordDuration(event.elapsedMs, event.classification);
        return;
      }
      case 'failed':
        inFlight.add(-1, attributes);
        calls.add(1, failed);
        recordDuration(event.elapsedMs, event.classification);
        return;
      case 'abandoned':
        // It may never have been sent, so it counts neither as ended nor with a duration.
        inFlight.add(-1, attributes);
        return;
      case 'limit':
        limits.set(JSON.stringify(attributes), {
          attributes,
          requestsPerMinute: event.requestsPerMinute,
          tokensPerMinute: event.tokensPerMinute,
        });
        return;
      case 'waiting':
        // The expected wait; the real one of each call comes with its start.
        return;
    }
  };
}
