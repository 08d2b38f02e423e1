import { describe, it } from 'vitest';
import { aiError } from '../classify/testing/provider-errors.ts';
import { LatencyQuantile } from '../hedge/latency-quantile.ts';
import { expectBounded } from '../testing/expect-bounded.ts';
import { AdaptiveRate } from './adaptive/adaptive-rate.ts';
import { FairOrder } from './fair-order.ts';
import { LearnedLimit } from './limits/learned-limit.ts';
import { Throttle } from './throttle.ts';

/** Time that a test moves itself: 20,000 turns of the event loop would take long. */
function quickClock() {
  let now = 0;
  const clock = { now: () => now, monotonic: () => now, setTimer: () => () => {} };
  return { clock, pass: (ms: number) => (now += ms) };
}

describe('memory is bounded', () => {
  it('in a throttle, however many calls of however many groups go through it', async () => {
    const { clock, pass } = quickClock();
    const throttle = new Throttle({ clock, requestsPerMinute: 1_000_000 });
    await expectBounded((round) => {
      pass(10);
      const permit = throttle.tryAcquire({ group: `group-${round}`, call: {}, tokens: 10 });
      if (round % 3 === 0) permit?.failed(aiError(500));
      else permit?.succeeded({ tokens: 12 });
    });
  });

  it('in the order of calls, for groups without a call under way', async () => {
    const order = new FairOrder();
    await expectBounded((round) => {
      order.began(`group-${round}`);
      order.ended(`group-${round}`);
    });
  });

  it('in a learned limit, for the requests that it remembers', async () => {
    const { clock, pass } = quickClock();
    const limit = new LearnedLimit('requests', clock);
    await expectBounded((round) => {
      const mark = limit.send(1);
      pass(10);
      if (round % 10 === 0) limit.observe(mark, 6_000, 3_000);
    });
  });

  it('in the adaptive rate, for the calls of the last second', async () => {
    const { clock, pass } = quickClock();
    const rate = new AdaptiveRate({ clock, initialConcurrency: 4 });
    await expectBounded(() => {
      pass(0.01);
      rate.succeeded(rate.send(), 1);
    });
  });

  it('in the quantiles of latencies', async () => {
    const latencies = new LatencyQuantile({ samples: 200 });
    await expectBounded((round) => latencies.record(round));
  });
});
