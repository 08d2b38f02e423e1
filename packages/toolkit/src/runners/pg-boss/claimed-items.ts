import type { Clock } from '../../clock/clock.ts';
import type { ErrorHandler } from '../../retry/error-handler.ts';
import type { TaskItemRecord } from '../../tasks/task-record.ts';
import type { ItemClaim, TaskStore } from '../../tasks/task-store.ts';
import type { ClaimedItem, PgBossQueue } from './pg-boss-queue.ts';
import type { ReadyItems, Slots, Stage } from './slots.ts';

/** An item that was claimed ahead is handed back if it has not been begun within this time: items have become slower. */
const LATE_MS = 500;

export interface ItemInFlight {
  readonly item: ClaimedItem;
  /** What is claimed and aborted is never begun. */
  readonly controller: AbortController;
  /** By the monotonic clock. */
  readonly claimedAt: number;
  /** Says where `Slots` counts it: they change together. */
  stage: Stage;
}

interface ReadyItem {
  readonly entry: ItemInFlight;
  readonly record: TaskItemRecord;
}

export interface ClaimedItemsOptions {
  readonly taskId: string;
  readonly tasks: { readonly store: Pick<TaskStore, 'items'> };
  readonly queue: Pick<PgBossQueue, 'release' | 'touch' | 'discard'>;
  readonly slots: Slots;
  readonly clock: Clock;
  /** Repeats what the database does not take now. */
  readonly whenBusy: ErrorHandler;
  /** Does an item, which has a slot until `onDone` is called. `forget` ends what is done with it. */
  readonly begin: (record: TaskItemRecord, entry: ItemInFlight, onDone: () => void) => void;
  /** Called when some are in flight no more. */
  readonly onLeft: () => void;
  readonly onFault: (error: unknown) => void;
}

/** The items of one task that this process has claimed, until it has nothing to do with them any more. */
export class ClaimedItems implements ReadyItems {
  readonly #options: ClaimedItemsOptions;
  readonly #inFlight = new Set<ItemInFlight>();
  /** What was read and has no slot yet. */
  readonly #ready: ReadyItem[] = [];

  constructor(options: ClaimedItemsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#inFlight.size;
  }

  /** How many of them were begun. */
  get begun(): number {
    let begun = 0;
    for (const { stage } of this.#inFlight) if (stage !== 'claimed') begun += 1;
    return begun;
  }

  /** Whether one is claimed and waits for its turn. */
  get hasUnbegun(): boolean {
    return this.#inFlight.values().some(({ stage }) => stage === 'claimed');
  }

  /** Reads what is to be done, and begins it as there are slots, in the order of the task. */
  add(claimed: readonly ClaimedItem[]): void {
    const { clock, slots, onFault } = this.#options;
    const claimedAt = clock.monotonic();
    const ids = new Set(claimed.map(({ claim }) => claim.id));
    // This process was taken for dead, or is handing them back: their former claims are lost.
    const former = [...this.#inFlight].filter(({ item }) => ids.has(item.claim.id));
    slots.enter(claimed.length);
    const entries = claimed.map(
      (item): ItemInFlight => ({ item, controller: new AbortController(), claimedAt, stage: 'claimed' }),
    );
    for (const entry of entries) this.#inFlight.add(entry);
    for (const entry of former) this.#lose(entry);
    void this.#read(entries).catch(onFault);
  }

  beginNext(): boolean {
    let next: ReadyItem | undefined;
    do next = this.#ready.shift();
    while (next?.entry.controller.signal.aborted);
    if (next !== undefined) this.#begin(next);
    return this.#ready.length > 0;
  }

  #begin({ entry, record }: ReadyItem): void {
    const { slots, begin } = this.#options;
    entry.stage = 'begun';
    const beganAt = slots.begun();
    begin(record, entry, () => {
      // It needs no slot while its result is recorded.
      entry.stage = 'recording';
      slots.done(beganAt);
    });
  }

  forget(entry: ItemInFlight): void {
    if (!this.#inFlight.delete(entry)) return;
    this.#options.slots.leave(entry.stage);
    this.#options.onLeft();
  }

  abort(reason: unknown): void {
    for (const { controller } of this.#inFlight) controller.abort(reason);
  }

  /** Hands back what was claimed ahead of its turn, which has not come. */
  handBackLate(): void {
    const { clock, slots } = this.#options;
    // Items that wait for a slow database would wait elsewhere too, and handing them back would slow it further.
    if (!slots.areAllTaken) return;
    const before = clock.monotonic() - LATE_MS;
    const late = this.#ready.filter(({ entry }) => entry.claimedAt < before).map(({ entry }) => entry);
    if (late.length === 0) return;
    slots.slowDown();
    void this.#handBack(late);
  }

  /** Hands back what is not begun. */
  handBackAll(): void {
    void this.#handBack([...this.#inFlight]);
  }

  async #handBack(entries: readonly ItemInFlight[]): Promise<void> {
    const { taskId, queue, whenBusy, onFault } = this.#options;
    const unbegun = entries.filter(
      ({ stage, controller }) => stage === 'claimed' && !controller.signal.aborted,
    );
    if (unbegun.length === 0) return;
    for (const { controller } of unbegun)
      controller.abort(new DOMException('It is not begun here.', 'AbortError'));
    try {
      await whenBusy.withRetry(() => queue.release(taskId, claimsOf(unbegun)));
    } catch (error) {
      onFault(error);
    }
    for (const entry of unbegun) this.forget(entry);
  }

  /** Says that this process still works on them. Those that are another's by now are aborted. */
  async touch(): Promise<void> {
    const { taskId, queue } = this.#options;
    const entries = [...this.#inFlight];
    const valid = await queue.touch(taskId, claimsOf(entries));
    // One that has ended meanwhile has no claim either.
    for (const entry of entries)
      if (!valid.has(entry.item.claim) && this.#inFlight.has(entry)) this.#lose(entry);
  }

  /** Its claim is no longer valid. */
  #lose(entry: ItemInFlight): void {
    const { item, controller, stage } = entry;
    // What is being handed back is forgotten after that, and what is begun when it has ended.
    const isForgotten = stage === 'claimed' && !controller.signal.aborted;
    controller.abort(new DOMException(`Item ${item.key} was handed out again.`, 'AbortError'));
    if (isForgotten) this.forget(entry);
  }

  async #read(claimed: readonly ItemInFlight[]): Promise<void> {
    const { taskId, tasks, queue, slots, whenBusy } = this.#options;
    const byKey = new Map(claimed.map((entry) => [entry.item.key, entry]));
    const { entries } = await whenBusy.withRetry(() =>
      tasks.store.items(taskId, { itemKeys: [...byKey.keys()], limit: claimed.length }),
    );
    for (const record of entries) {
      const entry = byKey.get(record.key);
      if (entry === undefined || record.status !== 'pending') continue;
      byKey.delete(record.key);
      if (!entry.controller.signal.aborted) this.#ready.push({ entry, record });
    }
    if (this.#ready.length > 0) slots.offer(this);
    // An item that has a result already is in the queue no more.
    const recorded = [...byKey.values()].filter(({ controller }) => !controller.signal.aborted);
    if (recorded.length === 0) return;
    for (const entry of recorded) this.forget(entry);
    // Where that fails, they are handed out and found again.
    await queue.discard(taskId, claimsOf(recorded)).catch(() => {});
  }
}

function claimsOf(entries: readonly ItemInFlight[]): readonly ItemClaim[] {
  return entries.map(({ item }) => item.claim);
}
