import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { LearnedLimit, type SentMark } from './learned-limit.ts';

interface Reply {
  readonly admitted: boolean;
  readonly remaining: number;
  readonly waitMs: number;
}

interface Server {
  readonly limit: number;
  admit(amount: number, now: number): Reply;
  remaining(now: number): number;
}

/** Two sums of the same moments differ by their rounding, and neither is wrong. */
const ROUNDING = 1e-6;

class BucketServer implements Server {
  readonly limit: number;
  readonly #capacity: number;
  #level: number;
  #updatedAt = 0;

  constructor(limit: number, capacity: number) {
    this.limit = limit;
    this.#capacity = capacity;
    this.#level = capacity;
  }

  admit(amount: number, now: number): Reply {
    this.#refill(now);
    const admitted = this.#level >= amount - ROUNDING;
    if (admitted) this.#level -= amount;
    const waitMs = admitted ? 0 : Math.ceil((amount - this.#level) / (this.limit / 60_000));
    return { admitted, remaining: this.remaining(now), waitMs };
  }

  remaining(now: number): number {
    this.#refill(now);
    return Math.max(0, Math.floor(this.#level + ROUNDING));
  }

  #refill(now: number): void {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#updatedAt) * (this.limit / 60_000));
    this.#updatedAt = now;
  }
}

/** A sliding window of a minute. */
class WindowServer implements Server {
  readonly limit: number;
  readonly #countsRefused: boolean;
  #counted: number[] = [];

  constructor(limit: number, countsRefused: boolean) {
    this.limit = limit;
    this.#countsRefused = countsRefused;
  }

  admit(_amount: number, now: number): Reply {
    const admitted = this.remaining(now) > 0;
    if (admitted || this.#countsRefused) this.#counted.push(now);
    const over = Math.max(0, this.#counted.length - this.limit);
    const waitMs = admitted ? 0 : Math.ceil(this.#counted[over]! + 60_000 - now);
    return { admitted, remaining: this.remaining(now), waitMs };
  }

  remaining(now: number): number {
    this.#counted = this.#counted.filter((at) => at > now - 60_000);
    return Math.max(0, this.limit - this.#counted.length);
  }
}

interface Call {
  readonly gapMs: number;
  readonly latencyMs: number;
  readonly reserved?: number;
}

interface Sent extends Reply {
  readonly at: number;
  /** When its reply was heard. */
  readonly heardAt: number;
  readonly mark: SentMark;
}

/** Whoever refuses has nothing to generate. */
const REFUSED_IN_MS = 5;

interface RunOptions {
  readonly dimension?: 'requests' | 'tokens';
  readonly maxInFlight?: number;
  /** The moment that the server's `remaining` is of. */
  readonly asOf?: 'admission' | 'reply';
}

/** Sends each call as soon as it has come and may go, and lets the limit hear each reply after its latency. */
async function run(
  server: Server,
  calls: readonly Call[],
  { dimension = 'requests', maxInFlight = 1_000, asOf = 'admission' }: RunOptions = {},
): Promise<readonly Sent[]> {
  const clock = new VirtualClock();
  const limit = new LearnedLimit(dimension, clock);
  const all: Sent[] = [];
  let unheard: Sent[] = [];
  let told = 0;
  const hear = ({ mark, admitted, remaining, waitMs }: Sent): void => {
    if (admitted) {
      limit.observe(mark, server.limit, asOf === 'reply' ? server.remaining(clock.now()) : remaining);
    } else {
      // As the gate has it: nobody before a told wait has passed.
      told = Math.max(told, clock.now() + waitMs);
      limit.refused(mark, server.limit, remaining, waitMs);
    }
  };
  const nextHeard = (): number => Math.min(...unheard.map(({ heardAt }) => heardAt));
  const advanceTo = async (until: number): Promise<void> => {
    while (nextHeard() <= until) {
      const due = unheard.find(({ heardAt }) => heardAt === nextHeard())!;
      unheard = unheard.filter((each) => each !== due);
      await clock.advance(due.heardAt - clock.now());
      hear(due);
    }
    await clock.advance(until - clock.now());
  };
  for (const { gapMs, latencyMs, reserved = 1 } of calls) {
    await advanceTo(clock.now() + gapMs);
    for (;;) {
      const isFull = unheard.length >= maxInFlight;
      const waitMs = Math.max(limit.waitMs(reserved), told - clock.now());
      if (!isFull && waitMs <= 0) break;
      await advanceTo(isFull ? nextHeard() : Math.min(nextHeard(), clock.now() + Math.ceil(waitMs)));
    }
    const at = clock.now();
    const mark = limit.send(reserved);
    const reply = server.admit(reserved, at);
    const sent = { ...reply, at, heardAt: at + (reply.admitted ? latencyMs : REFUSED_IN_MS), mark };
    all.push(sent);
    unheard.push(sent);
  }
  return all;
}

/** How many of those sent after the first reply had been heard were refused. */
function refusedAfterTheFirstReply(all: readonly Sent[]): number {
  const first = Math.min(...all.map(({ heardAt }) => heardAt));
  return all.filter(({ admitted, at }) => !admitted && at >= first).length;
}

const gapMs = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(500), fc.nat(30_000), fc.nat(90_000));
const latencyMs = fc.oneof(
  fc.integer({ min: 1, max: 50 }),
  fc.integer({ min: 500, max: 3_000 }),
  fc.integer({ min: 1, max: 20_000 }),
);
const arrivals = fc.array(fc.record({ gapMs, latencyMs }), { minLength: 20, maxLength: 150, size: 'max' });
/** 1,500 calls, spread over 1 to 2 s. */
const fanOut = Array.from({ length: 1_500 }, (_, at) => ({
  gapMs: 0,
  latencyMs: 1_000 + ((at * 617) % 1_000),
}));

describe('a provider with a bucket', () => {
  it('of some size refuses nobody after its first reply, however calls come and however long they take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 20, max: 200 }),
        arrivals,
        async (limit, capacity, calls) => {
          const all = await run(new BucketServer(limit, capacity), calls);
          // Until enough has been told, of which moment it is told can be mistaken.
          expect(refusedAfterTheFirstReply(all)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('of any size refuses less than one in a hundred', async () => {
    let calls = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 20 }),
        arrivals,
        async (limit, capacity, each) => {
          calls += each.length;
          refused += refusedAfterTheFirstReply(await run(new BucketServer(limit, capacity), each));
        },
      ),
      { numRuns: 300 },
    );
    expect(refused / calls).toBeLessThan(0.01);
  });

  it('refuses nobody whose tokens are known', async () => {
    const calls = fc.array(fc.record({ gapMs, latencyMs, reserved: fc.integer({ min: 1, max: 500 }) }), {
      minLength: 20,
      maxLength: 100,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 100_000 }), calls, async (limit, each) => {
        // The first is heard alone: it tells how much the bucket holds.
        const first = { gapMs: 0, latencyMs: 100, reserved: 1 };
        const options = { dimension: 'tokens' as const };
        const all = await run(
          new BucketServer(limit, 5_000),
          [first, { ...each[0]!, gapMs: 100 }, ...each],
          options,
        );
        expect(refusedAfterTheFirstReply(all)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each(['admission', 'reply'] as const)(
    'is used to the full where it tells what remains as of the %s, with hardly a refusal',
    async (asOf) => {
      const all = await run(new BucketServer(600, 60), fanOut, { maxInFlight: 50, asOf });
      const idealMs = ((1_500 - 60) / 600) * 60_000;
      expect(all.at(-1)!.at).toBeLessThan(1.01 * idealMs);
      expect(all.filter(({ admitted }) => !admitted).length).toBeLessThanOrEqual(5);
    },
  );
});

describe('a provider with a bucket that has refused half of a hundred', () => {
  it('is not taken for one with a window', async () => {
    const all = await run(new BucketServer(600, 50), fanOut, { maxInFlight: 100 });
    expect(all.filter(({ admitted, at }) => !admitted && at === 0).length).toBe(50);
    expect(all.at(-1)!.at).toBeLessThan(1.05 * 145_000);
  });
});

describe('a provider with a sliding window', () => {
  it.each([true, false])(
    'refuses for once, and is used to the full after that (refused requests count: %s)',
    async (countsRefused) => {
      const all = await run(new WindowServer(500, countsRefused), fanOut, { maxInFlight: 50 });
      expect(all.filter(({ admitted }) => !admitted).length).toBeLessThanOrEqual(2);
      expect(all.at(-1)!.at).toBeGreaterThan(120_000);
      // 1,500 fit into the beginnings of three minutes.
      expect(all.at(-1)!.at).toBeLessThan(1.05 * 130_000);
    },
  );
});
