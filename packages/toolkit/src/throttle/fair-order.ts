/** A call in line. */
export interface Waiting {
  readonly priority: number;
  readonly group: string;
  readonly returning: boolean;
  /** Whether it repeats a failed call. */
  readonly retry: boolean;
}

interface Group<T> {
  readonly returning: Set<T>;
  readonly fresh: Set<T>;
  servedAt: number;
}

/** Groups without a call under way are forgotten when there are more: forgetting each at once would cost time. */
const MAX_IDLE_GROUPS = 100;

/**
 * The next call. A higher priority always goes first. Among equals, the group with the fewest calls under way, so that
 * a task of ten does not wait for the ten thousand before it; within a group those that return from a back-off, then
 * in the order of arrival.
 */
export class FairOrder<T extends Waiting> {
  readonly #priorities = new Map<number, Map<string, Group<T>>>();
  readonly #underWay = new Map<string, number>();
  #size = 0;
  #turn = 0;

  get size(): number {
    return this.#size;
  }

  /** Whether a waiting call would go before, or with, a new call of that priority. */
  hasBefore(priority: number): boolean {
    if (this.#size === 0) return false;
    for (const each of this.#priorities.keys()) if (each >= priority) return true;
    return false;
  }

  add(waiting: T): void {
    const { priority, group: name, returning } = waiting;
    let groups = this.#priorities.get(priority);
    if (groups === undefined) {
      groups = new Map();
      this.#priorities.set(priority, groups);
    }
    let group = groups.get(name);
    if (group === undefined) {
      // Behind the calls that waited when it left, before those that arrived later.
      group = { returning: new Set(), fresh: new Set(), servedAt: this.#turn - 0.5 };
      groups.set(name, group);
    }
    (returning ? group.returning : group.fresh).add(waiting);
    this.#size += 1;
  }

  /** The next call, if there is one; without `retries`, only calls that do not repeat a failed one. */
  next(retries: boolean): T | undefined {
    if (this.#size === 0) return undefined;
    return (retries ? undefined : this.#first(false)) ?? this.#first(true);
  }

  remove(waiting: T): void {
    const groups = this.#priorities.get(waiting.priority);
    const group = groups?.get(waiting.group);
    if (groups === undefined || group === undefined) return;
    if (!group.returning.delete(waiting) && !group.fresh.delete(waiting)) return;
    this.#size -= 1;
    group.servedAt = ++this.#turn;
    if (group.returning.size + group.fresh.size > 0) return;
    groups.delete(waiting.group);
    if (groups.size === 0) this.#priorities.delete(waiting.priority);
  }

  began(group: string): void {
    this.#underWay.set(group, (this.#underWay.get(group) ?? 0) + 1);
  }

  ended(group: string): void {
    this.#underWay.set(group, Math.max(0, (this.#underWay.get(group) ?? 0) - 1));
    if (this.#underWay.size <= MAX_IDLE_GROUPS) return;
    for (const [name, count] of this.#underWay) if (count === 0) this.#underWay.delete(name);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const groups of this.#priorities.values()) {
      for (const { returning, fresh } of groups.values()) {
        yield* returning;
        yield* fresh;
      }
    }
  }

  #first(retries: boolean): T | undefined {
    for (const priority of [...this.#priorities.keys()].sort((a, b) => b - a)) {
      const found = this.#firstOf(this.#priorities.get(priority)!, retries);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #firstOf(groups: ReadonlyMap<string, Group<T>>, retries: boolean): T | undefined {
    let best: { readonly waiting: T; readonly underWay: number; readonly servedAt: number } | undefined;
    for (const [name, { returning, fresh, servedAt }] of groups) {
      const underWay = this.#underWay.get(name) ?? 0;
      if (
        best !== undefined &&
        (underWay > best.underWay || (underWay === best.underWay && servedAt >= best.servedAt))
      )
        continue;
      const waiting = firstOf(returning, retries) ?? firstOf(fresh, retries);
      if (waiting !== undefined) best = { waiting, underWay, servedAt };
    }
    return best?.waiting;
  }
}

function firstOf<T extends Waiting>(set: ReadonlySet<T>, retries: boolean): T | undefined {
  for (const waiting of set) if (retries || !waiting.retry) return waiting;
  return undefined;
}
