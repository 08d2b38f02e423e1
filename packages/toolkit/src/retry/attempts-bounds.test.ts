import { expect, it } from 'vitest';
import { expectBounded } from '../testing/expect-bounded.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ErrorHandler } from './error-handler.ts';

it('keeps the last hundred attempts of a call that fails for days, and no more memory', async () => {
  const clock = new VirtualClock();
  const handler = new ErrorHandler({
    clock,
    maxRetries: Number.POSITIVE_INFINITY,
    exponentialBackoff: false,
  });
  const controller = new AbortController();
  let attempts = 0;
  const failing = (): never => {
    attempts += 1;
    throw Object.assign(new Error('no'), { body: 'x'.repeat(50) });
  };
  const call = handler.withRetry(failing, { signal: controller.signal });
  call.catch(() => {});
  await expectBounded(() => clock.advance(1_000), { rounds: 2_000, bytesARound: 20 });
  expect(attempts).toBeGreaterThan(4_000);
  controller.abort();
});
