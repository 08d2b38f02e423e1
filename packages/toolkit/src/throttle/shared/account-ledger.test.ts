import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { MemoryAccount } from '../testing/memory-account.ts';
import { LEASE_MS } from './account-ledger.ts';
import type { AccountReport, AccountState, LimitReport } from './shared-account.ts';
import { sharedBucket } from './shared-bucket.ts';

const NOTHING: LimitReport = {
  setPerMinute: undefined,
  reportedPerMinute: undefined,
  held: 0,
  returned: 0,
  needed: 0,
  wanted: 0,
};

function reportOf(member: string, requests: Partial<LimitReport>): AccountReport {
  return { member, requests: { ...NOTHING, ...requests }, tokens: NOTHING };
}

/** A process that follows the rules of leases, and no others. */
class Worker {
  readonly #account: MemoryAccount;
  readonly #clock: VirtualClock;
  readonly #name: string;
  readonly #perMinute: number;
  #held = 0;
  #returned = 0;
  #validUntil = 0;

  constructor(account: MemoryAccount, clock: VirtualClock, name: string, perMinute: number) {
    this.#account = account;
    this.#clock = clock;
    this.#name = name;
    this.#perMinute = perMinute;
  }

  /** @param isLost whether the answer never arrives */
  async exchange(wanted: number, givesBack: boolean, isLost: boolean, exchangeMs = 0): Promise<void> {
    const sentAt = this.#clock.now();
    if (sentAt >= this.#validUntil) this.#held = 0;
    if (givesBack) {
      this.#returned += this.#held;
      this.#held = 0;
    }
    const requests = {
      setPerMinute: this.#perMinute,
      held: this.#held,
      returned: this.#returned,
      needed: givesBack ? 0 : 1,
      wanted: givesBack ? 0 : Math.max(1, wanted),
    };
    const state: AccountState = await this.#account.exchange({
      ...reportOf(this.#name, requests),
      exchangeMs,
    });
    if (isLost) return;
    this.#held = state.requests.held;
    this.#validUntil = sentAt + state.leaseMs;
  }

  /** @returns how many it may send */
  send(most: number): number {
    if (this.#clock.now() >= this.#validUntil) return 0;
    const sent = Math.min(most, Math.floor(this.#held));
    this.#held -= sent;
    return sent;
  }
}

const WORKERS = 4;

const worker = fc.nat(WORKERS - 1);
const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('exchange' as const),
      worker,
      wanted: fc.nat(50),
      givesBack: fc.boolean(),
      isLost: fc.nat(5).map((n) => n === 0),
      exchangeMs: fc.oneof(fc.constant(5), fc.nat(2_000)),
    }),
  },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('send' as const), worker, most: fc.nat(50) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(50), fc.nat(1_000), fc.nat(LEASE_MS * 2), fc.nat(70_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('die' as const), worker }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('set back' as const), ms: fc.nat(3_600_000) }) },
);

function mostInAMinute(sent: readonly { readonly at: number; readonly amount: number }[]): number {
  let most = 0;
  for (const { at } of sent) {
    const inMinute = sent.filter((each) => each.at <= at && each.at > at - 60_000);
    most = Math.max(
      most,
      inMinute.reduce((sum, { amount }) => sum + amount, 0),
    );
  }
  return most;
}

describe('the account that processes share', () => {
  it('is never exceeded in 60 seconds, however leases are taken, used, lost and given back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3_000 })),
        fc.array(step, { minLength: 50, maxLength: 300, size: 'max' }),
        async (perMinute, steps) => {
          const clock = new VirtualClock(1e12);
          const account = new MemoryAccount(clock);
          let born = 0;
          const join = () => new Worker(account, clock, `worker ${born++}`, perMinute);
          const workers = Array.from({ length: WORKERS }, join);
          const sent: { at: number; amount: number }[] = [];
          for (const each of steps) {
            if (each.type === 'wait') await clock.advance(each.ms);
            else if (each.type === 'set back') account.skewMs -= each.ms;
            // Another takes its place; nobody hears of its lease again.
            else if (each.type === 'die') workers[each.worker] = join();
            else if (each.type === 'send') {
              const amount = workers[each.worker]!.send(each.most);
              if (amount > 0) sent.push({ at: clock.now(), amount });
            } else {
              const { wanted, givesBack, isLost, exchangeMs } = each;
              await workers[each.worker]!.exchange(wanted, givesBack, isLost, exchangeMs);
            }
          }
          expect(mostInAMinute(sent)).toBeLessThanOrEqual(perMinute);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is never exceeded after processes have hoarded leases', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const workers = [0, 1, 2, 3].map((index) => new Worker(account, clock, `worker ${index}`, 600));
    const sent: { at: number; amount: number }[] = [];
    // All are there before the first takes everything.
    for (const each of workers) await each.exchange(0, true, false);
    for (let tick = 0; tick < 900; tick += 1) {
      for (const each of workers) {
        await each.exchange(1_000, false, false);
        // For 20 seconds they renew what they hold, and lease what more there is.
        if (tick >= 200) sent.push({ at: clock.now(), amount: each.send(1_000) });
      }
      await clock.advance(100);
    }
    expect(mostInAMinute(sent)).toBeLessThanOrEqual(600);
    expect(mostInAMinute(sent)).toBeGreaterThan(570);
  });

  it('is never exceeded when exchanges become faster after a burst', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const workers = [0, 1, 2, 3].map((index) => new Worker(account, clock, `worker ${index}`, 6_000));
    const sent: { at: number; amount: number }[] = [];
    for (let tick = 0; tick < 900; tick += 1) {
      // The bucket is larger as long as exchanges take a second.
      const exchangeMs = tick < 100 ? 1_000 : 5;
      for (const each of workers) {
        await each.exchange(tick < 99 ? 1 : 1_000, tick < 99, false, exchangeMs);
        sent.push({ at: clock.now(), amount: each.send(1_000) });
      }
      await clock.advance(100);
    }
    expect(mostInAMinute(sent)).toBeLessThanOrEqual(6_000);
  });

  it('serves those in turn whose share is less than one request', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const count = 40;
    const workers = Array.from(
      { length: count },
      (_, index) => new Worker(account, clock, `worker ${index}`, 60),
    );
    const sent = workers.map(() => 0);
    // Each asks five times a second, and some always before the others.
    for (let tick = 0; tick < 5 * 600; tick += 1) {
      for (const [index, each] of workers.entries()) {
        await each.exchange(1, false, false);
        sent[index]! += each.send(1);
      }
      await clock.advance(200);
    }
    const fairShare = sent.reduce((sum, amount) => sum + amount, 0) / count;
    expect(fairShare).toBeGreaterThan((600 * 0.95) / count);
    expect(Math.min(...sent)).toBeGreaterThanOrEqual(Math.floor(fairShare) - 1);
  });

  it('counts a lease that has expired as used, and not again when it is given back', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const lease = { setPerMinute: 600, needed: 11, wanted: 11 };
    expect((await account.exchange(reportOf('a', lease))).requests.held).toBe(11);
    await clock.advance(LEASE_MS);
    expect((await account.exchange(reportOf('b', lease))).requests.held).toBe(11);
    // The other has sent all.
    await account.exchange(reportOf('b', { setPerMinute: 600 }));
    await account.exchange(reportOf('a', { setPerMinute: 600, returned: 11 }));
    expect((await account.exchange(reportOf('b', { setPerMinute: 600, needed: 1 }))).requests.held).toBe(0);
  });

  it('holds a second’s worth, and fills with the rest of the limit', async () => {
    const { capacity, perMs } = sharedBucket(600);
    expect(capacity).toBe(11);
    expect(perMs).toBeCloseTo(590 / 60_000, 12);
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const first = await account.exchange(reportOf('a', { setPerMinute: 600, needed: 1, wanted: 100 }));
    expect(first.requests).toMatchObject({ held: 11, isScarce: true, waitMs: 0 });
    await clock.advance(1_000);
    const second = await account.exchange(reportOf('a', { setPerMinute: 600, needed: 1, wanted: 100 }));
    expect(second.requests.held).toBe(9);
  });

  it('begins with nothing of a limit that one process has read from headers: others have used it before', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    await account.exchange(reportOf('a', { reportedPerMinute: 600 }));
    const ask = async () => (await account.exchange(reportOf('b', { needed: 1, wanted: 1 }))).requests;
    expect(await ask()).toMatchObject({ leasedPerMinute: 600, held: 0 });
    await clock.advance(200);
    expect(await ask()).toMatchObject({ held: 1 });
  });

  it('leaves half of what is there to the others, except for the next call', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    await account.exchange(reportOf('b', { setPerMinute: 600 }));
    const { requests } = await account.exchange(reportOf('a', { setPerMinute: 600, needed: 1, wanted: 100 }));
    expect(requests.held).toBe(5);
  });

  it('says how long until there is enough for the next call', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    await account.exchange(reportOf('a', { setPerMinute: 60, needed: 1, wanted: 2 }));
    const { requests } = await account.exchange(reportOf('b', { setPerMinute: 60, needed: 1, wanted: 1 }));
    expect(requests.held).toBe(0);
    expect(requests.waitMs).toBeGreaterThan(900);
    // What the first has leased counts until it is reported as used.
    await clock.advance(requests.waitMs);
    await account.exchange(reportOf('a', { setPerMinute: 60 }));
    await clock.advance(requests.waitMs);
    const later = await account.exchange(reportOf('b', { setPerMinute: 60, needed: 1, wanted: 1 }));
    expect(later.requests.held).toBe(1);
  });

  it('counts what came back once, when a report is carried out twice', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const ask = (requests: Partial<LimitReport>) =>
      account.exchange(reportOf('a', { setPerMinute: 600, ...requests }));
    await ask({ needed: 1, wanted: 11 });
    const back = { held: 0, returned: 4 };
    await ask(back);
    await ask(back);
    expect((await ask({ ...back, needed: 1, wanted: 100 })).requests.held).toBe(4);
  });

  it('lets a call of more tokens than it holds pass when nothing more can come in, and waits out the debt', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    const ask = async (member: string, tokens: Partial<LimitReport>) =>
      (
        await account.exchange({
          member,
          requests: NOTHING,
          tokens: { ...NOTHING, setPerMinute: 60_000, ...tokens },
        })
      ).tokens;
    expect(await ask('a', { needed: 3_000, wanted: 3_000 })).toMatchObject({ held: 3_000 });
    // The first has not said that it has sent it: two such debts would add up.
    expect(await ask('b', { needed: 3_000, wanted: 3_000 })).toMatchObject({ held: 0 });
    await ask('a', {});
    expect((await ask('b', { needed: 500, wanted: 500 })).waitMs).toBeCloseTo(2_500 / (59_000 / 60_000), -1);
  });

  it('bounds what a clock that is set forward lets through', async () => {
    const clock = new VirtualClock(1e12);
    const account = new MemoryAccount(clock);
    let held = 0;
    const worker = new Worker(account, clock, 'a', 600);
    for (const skew of [0, 3_600_000]) {
      account.skewMs += skew;
      await worker.exchange(1_000, false, false);
      held += worker.send(1_000);
    }
    expect(held).toBeLessThanOrEqual(2 * sharedBucket(600).capacity);
  });
});
