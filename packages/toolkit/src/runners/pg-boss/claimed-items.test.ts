import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isWorthWaiting } from '../../classify/store-fault.ts';
import { sleep } from '../../clock/sleep.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import type { TaskItemRecord } from '../../tasks/task-record.ts';
import type { ItemClaim, ItemsRequest } from '../../tasks/task-store.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { storeHandler } from '../record-item.ts';
import { ClaimedItems, type ItemInFlight } from './claimed-items.ts';
import type { ClaimedItem } from './pg-boss-queue.ts';
import { Slots } from './slots.ts';

const ITEMS = 30;
let clock: VirtualClock;

/** A database that answers late, and fails as it is asked to. */
class Database {
  readonly #delays: readonly number[];
  #calls = 0;
  readonly failures: ToolkitError[] = [];

  constructor(delays: readonly number[]) {
    this.#delays = delays;
  }

  /** What is read and written holds from half of the time on: an answer may be older than what is asked for meanwhile. */
  async ask<T>(statement: () => T): Promise<T> {
    const ms = this.#delays[this.#calls++ % this.#delays.length]!;
    await sleep(ms, { clock });
    const failure = this.failures.pop();
    if (failure !== undefined) throw failure;
    const answer = statement();
    await sleep(ms, { clock });
    return answer;
  }
}

/** One task, with its queue, as the database has them. */
class StoredTask {
  readonly #database: Database;
  readonly #entries = new Map<string, { attempt: number; isClaimed: boolean }>();
  readonly results = new Map<string, 'here' | 'elsewhere'>();

  constructor(database: Database) {
    this.#database = database;
    for (let index = 0; index < ITEMS; index++)
      this.#entries.set(`${index}`, { attempt: -1, isClaimed: false });
  }

  claim(count: number): readonly ClaimedItem[] {
    const free = [...this.#entries].filter(([, { isClaimed }]) => !isClaimed).slice(0, count);
    return free.map(([key, entry]) => {
      entry.isClaimed = true;
      entry.attempt += 1;
      return { key, claim: { id: key, attempt: entry.attempt } };
    });
  }

  /** As if this process had given no sign of life. */
  expire(): void {
    for (const entry of this.#entries.values()) entry.isClaimed = false;
  }

  recordElsewhere(index: number): void {
    if (!this.results.has(`${index}`)) this.results.set(`${index}`, 'elsewhere');
  }

  record(key: string, claim: ItemClaim): Promise<void> {
    return this.#database.ask(() => {
      if (!this.#isValid(claim)) return;
      this.#entries.delete(claim.id);
      if (!this.results.has(key)) this.results.set(key, 'here');
    });
  }

  items(_: string, { itemKeys }: ItemsRequest = {}) {
    return this.#database.ask(() => ({
      entries: (itemKeys ?? []).map(
        (key) =>
          ({ key, status: this.results.has(key) ? 'completed' : 'pending' }) as unknown as TaskItemRecord,
      ),
      next: null,
    }));
  }

  release(_: string, claims: readonly ItemClaim[]): Promise<void> {
    return this.#database.ask(() => {
      for (const claim of claims) if (this.#isValid(claim)) this.#entries.get(claim.id)!.isClaimed = false;
    });
  }

  touch(_: string, claims: readonly ItemClaim[]): Promise<ReadonlySet<ItemClaim>> {
    return this.#database.ask(() => new Set(claims.filter((claim) => this.#isValid(claim))));
  }

  discard(_: string, claims: readonly ItemClaim[]): Promise<void> {
    return this.#database.ask(() => {
      for (const claim of claims) if (this.#isValid(claim)) this.#entries.delete(claim.id);
    });
  }

  #isValid({ id, attempt }: ItemClaim): boolean {
    const entry = this.#entries.get(id);
    return entry?.isClaimed === true && entry.attempt === attempt;
  }
}

/** What a process does of one task: as `TaskWork`, without all that isn't about claims. */
class Work {
  readonly stored: StoredTask;
  readonly items: ClaimedItems;
  /** Each ends what the job does with an item. */
  readonly ends: (() => void)[] = [];
  readonly #whenBusy = storeHandler(clock, new AbortController().signal, isWorthWaiting);

  constructor(database: Database, slots: Slots, onBegun: () => void) {
    this.stored = new StoredTask(database);
    this.items = new ClaimedItems({
      ...{ taskId: 'task', tasks: { store: this.stored }, queue: this.stored, slots, clock },
      whenBusy: this.#whenBusy,
      begin: (_, entry, onDone) => {
        expect(entry.controller.signal.aborted).toBe(false);
        void this.#do(entry, onDone).finally(() => this.items.forget(entry));
        onBegun();
      },
      onLeft: () => {},
      onFault: () => this.abort(),
    });
  }

  claim(count: number): void {
    this.items.add(this.stored.claim(count));
  }

  abort(): void {
    this.items.handBackAll();
    this.items.abort(new Error('aborted'));
  }

  async #do(entry: ItemInFlight, onDone: () => void): Promise<void> {
    const { item, controller } = entry;
    await new Promise<void>((resolve) => {
      this.ends.push(resolve);
      controller.signal.addEventListener('abort', () => resolve());
    });
    onDone();
    await this.#whenBusy
      .withRetry(() =>
        controller.signal.aborted
          ? this.stored.release('task', [item.claim])
          : this.stored.record(item.key, item.claim),
      )
      .catch(() => this.abort());
  }
}

interface World {
  readonly database: Database;
  readonly slots: Slots;
  readonly works: readonly Work[];
}

type Step = (world: World) => unknown;

const aTask = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: aTask.map(
      (task): Step =>
        ({ slots, works }) =>
          works[task]!.claim(slots.claimable),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(aTask, fc.nat(4)).map(
      ([task, count]): Step =>
        ({ works }) => {
          for (const end of works[task]!.ends.splice(0, count)) end();
        },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.nat(700).map(
      (ms): Step =>
        () =>
          clock.advance(ms),
    ),
  },
  aTask.map(
    (task): Step =>
      ({ works }) =>
        void works[task]!.items.touch().catch(() => {}),
  ),
  aTask.map(
    (task): Step =>
      ({ works }) =>
        works[task]!.items.handBackLate(),
  ),
  aTask.map(
    (task): Step =>
      ({ works }) =>
        works[task]!.items.handBackAll(),
  ),
  aTask.map(
    (task): Step =>
      ({ works }) =>
        works[task]!.abort(),
  ),
  aTask.map(
    (task): Step =>
      ({ works }) =>
        works[task]!.stored.expire(),
  ),
  fc.tuple(aTask, fc.nat(ITEMS - 1)).map(
    ([task, index]): Step =>
      ({ works }) =>
        works[task]!.stored.recordElsewhere(index),
  ),
  fc.constantFrom('STORE_BUSY' as const, 'STORE_FAILED' as const).map(
    (code): Step =>
      ({ database }) =>
        void database.failures.push(new ToolkitError(code, code)),
  ),
);

it('whatever happens to claims, each item is done, and each slot is free again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(300), { minLength: 1, maxLength: 8 }),
      fc.array(step, { maxLength: 80, size: 'max' }),
      async (max, delays, steps) => {
        clock = new VirtualClock();
        const database = new Database(delays);
        const slots = new Slots(max, clock);
        const onBegun = (): void => expect(slots.counts.begun).toBeLessThanOrEqual(max);
        const works = [1, 2, 3].map(() => new Work(database, slots, onBegun));
        for (const each of steps) await each({ database, slots, works });

        database.failures.splice(0);
        const isOver = (): boolean =>
          works.every(({ items, stored }) => items.size === 0 && stored.results.size === ITEMS);
        for (let round = 0; round < 20 * ITEMS && !isOver(); round++) {
          for (const { items, ends } of works) {
            for (const end of ends.splice(0)) end();
            await clock.runUntilSettled(items.touch());
          }
          await clock.advance(2_000);
          for (const work of works) {
            // What a failure has left claimed.
            if (work.items.size === 0) work.stored.expire();
            work.claim(slots.claimable);
          }
        }
        for (const { items, stored } of works) expect([items.size, stored.results.size]).toEqual([0, ITEMS]);
        expect(slots.counts).toEqual({ claimed: 0, begun: 0, recording: 0 });
        await clock.advance(1_000);
        expect(clock.pendingTimers).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});

it('hands back what waits for slow items, and not what waits for results to be recorded', async () => {
  clock = new VirtualClock();
  const slots = new Slots(2, clock);
  const work = new Work(new Database([0]), slots, () => {});
  const doQuickly = async (): Promise<void> => {
    work.claim(slots.claimable);
    await clock.advance(10);
    for (const end of work.ends.splice(0)) end();
    await clock.advance(0);
  };
  const isRecorded = Promise.withResolvers<void>();
  work.stored.record = () => isRecorded.promise;
  for (let round = 0; round < 20; round++) await doQuickly();
  expect(slots.counts.begun).toBe(0);
  const { claimed } = slots.counts;
  expect(claimed).toBeGreaterThan(0);
  await clock.advance(1_000);
  work.items.handBackLate();
  await clock.advance(0);
  expect(slots.counts).toMatchObject({ claimed });

  isRecorded.resolve();
  await clock.advance(1_000);
  expect(slots.counts).toEqual({ claimed: claimed - 2, begun: 2, recording: 0 });
  work.items.handBackLate();
  await clock.advance(0);
  expect(slots.counts).toEqual({ claimed: 0, begun: 2, recording: 0 });
});
