/** A batch, as its manager's {@link Slots} see it. */
export interface SlotUser {
  /** Whether it is in the queue. Set by `Slots`. */
  queued: boolean;
  /** Whether it could start a task at once if it had a slot. */
  readonly wantsSlot: boolean;
  /** Takes over one slot, and gives it back with `release`. Must not throw. */
  work(): void;
}

/**
 * The ceiling that all batches of a manager share. A batch that could start a task is in the queue. The first one
 * gets the next slot and, if it wants another, joins the end again. So freed slots go round, and a batch of three
 * does not wait for the million tasks that came before it.
 */
export class Slots {
  started = 0;
  succeeded = 0;
  failed = 0;
  #ceiling: number;
  #taken = 0;
  #paused = false;
  #granting = false;
  readonly #queue: SlotUser[] = [];

  constructor(ceiling: number) {
    this.#ceiling = ceiling;
  }

  get ceiling(): number {
    return this.#ceiling;
  }

  set ceiling(ceiling: number) {
    this.#ceiling = ceiling;
    this.#grant();
  }

  get paused(): boolean {
    return this.#paused;
  }

  set paused(paused: boolean) {
    this.#paused = paused;
    this.#grant();
  }

  /** How many batches could start a task if they had a slot. */
  get waiting(): number {
    return this.#queue.filter((user) => user.wantsSlot).length;
  }

  /** Puts `user` at the end of the queue, if it wants a slot and does not wait for one already. */
  request(user: SlotUser): void {
    if (user.queued || !user.wantsSlot) return;
    user.queued = true;
    this.#queue.push(user);
    this.#grant();
  }

  /** Whether `user`, whose task is done, may use the slot again: no other batch waits, and the ceiling allows it. */
  mayKeep(user: SlotUser): boolean {
    const queue = this.#queue;
    const alone = queue.length === 0 || (queue.length === 1 && queue[0] === user);
    return alone && !this.#paused && this.#taken <= this.#ceiling;
  }

  /** Gives a slot back. If `user` wants another it waits its turn. */
  release(user: SlotUser): void {
    this.#taken -= 1;
    this.request(user);
    this.#grant();
  }

  /** Takes `user`, which has ended, out of the queue. */
  leave(user: SlotUser): void {
    if (user.queued) this.#queue.splice(this.#queue.indexOf(user), 1);
  }

  #grant(): void {
    // A granted batch runs the start of its task here and now, and that may lead back here: the outer loop goes on.
    if (this.#granting) return;
    this.#granting = true;
    while (!this.#paused && this.#taken < this.#ceiling) {
      const user = this.#queue.shift();
      if (user === undefined) break;
      user.queued = false;
      if (!user.wantsSlot) continue;
      this.#taken += 1;
      user.work();
    }
    this.#granting = false;
  }
}
