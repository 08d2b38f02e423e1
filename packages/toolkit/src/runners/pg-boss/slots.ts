import type { Clock } from '../../clock/clock.ts';

/** What becomes of an item here: it is claimed, the job does it, and its result is recorded. */
export type Stage = 'claimed' | 'begun' | 'recording';

/** The items of one task that are claimed and may be begun. */
export interface ReadyItems {
  /** Begins the next. Returns whether there are more. */
  beginNext(): boolean;
}

/**
 * Items are claimed ahead for this many milliseconds of work, and as many results may wait to be recorded. Where items take a
 * second that is a few; where they take a millisecond, hundreds, so that one statement handles them together.
 */
const AHEAD_MS = 100;
const MOST_AHEAD = 450;
/** How much the time of one item changes the mean. */
const WEIGHT = 1 / 20;

/**
 * The slots of one process, for the items of all its tasks: one for each item that the job is doing. How many are claimed ahead,
 * and how many results wait to be recorded, is bounded too: a process that is killed loses them.
 */
export class Slots {
  readonly #max: number;
  readonly #clock: Clock;
  readonly #counts: Record<Stage, number> = { claimed: 0, begun: 0, recording: 0 };
  readonly #ready = new Set<ReadyItems>();
  #meanMs = Number.POSITIVE_INFINITY;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  /** How many items there are of each stage. */
  get counts(): Readonly<Record<Stage, number>> {
    return { ...this.#counts };
  }

  /** Whether items have all slots: what waits is waiting for them, and not for results to be recorded. */
  get areAllTaken(): boolean {
    return this.#counts.begun >= this.#max;
  }

  /** How many items may be claimed whose turn is now. */
  get free(): number {
    return this.#room(0);
  }

  /** How many items are worth claiming, those ahead of their turn included. */
  get claimable(): number {
    const ahead = this.#ahead;
    // While slots are taken and enough is claimed, more is waited for: one statement then claims many.
    if (this.free < 1 && this.#counts.claimed > (ahead * 3) / 4) return 0;
    return this.#room(ahead);
  }

  enter(count: number): void {
    this.#counts.claimed += count;
  }

  /** The job begins an item. Returns the time, which `done` is to be given. */
  begun(): number {
    this.#counts.claimed -= 1;
    this.#counts.begun += 1;
    return this.#clock.monotonic();
  }

  /** The job has done it. */
  done(beganAt: number): void {
    const ms = this.#clock.monotonic() - beganAt;
    this.#meanMs = Number.isFinite(this.#meanMs) ? this.#meanMs + WEIGHT * (ms - this.#meanMs) : ms;
    this.#counts.begun -= 1;
    this.#counts.recording += 1;
    this.#begin();
  }

  /** Items take longer than they did: nothing is claimed ahead until one is done. */
  slowDown(): void {
    this.#meanMs = Number.POSITIVE_INFINITY;
  }

  /** The process has nothing to do with the item any more. */
  leave(from: Stage): void {
    this.#counts[from] -= 1;
    this.#begin();
  }

  /** These may be begun. */
  offer(items: ReadyItems): void {
    this.#ready.add(items);
    this.#begin();
  }

  /** A task after the other, so that ten items are not behind five hundred. */
  #begin(): void {
    for (const items of this.#ready) {
      const { begun, recording } = this.#counts;
      if (begun >= this.#max || begun + recording >= 2 * this.#max + this.#ahead) return;
      // It comes last then: a set keeps the order in which its members were added.
      this.#ready.delete(items);
      if (items.beginNext()) this.#ready.add(items);
    }
  }

  #room(ahead: number): number {
    const { claimed, begun, recording } = this.#counts;
    const most = this.#max + ahead;
    const toDo = claimed + begun;
    return Math.min(most - toDo, 2 * most - toDo - recording);
  }

  get #ahead(): number {
    return Math.min(MOST_AHEAD, Math.floor((this.#max * AHEAD_MS) / this.#meanMs));
  }
}
