/**
 * Tells the processes on one database, this one too, that something has changed. A notification is a hint and may be lost:
 * a listener reads the rows, and looks now and then without being told.
 */
export interface Notifier {
  /**
   * Something of `topic` has changed. Resolves when it is sent; does not reject.
   *
   * @param topic lower-case letters, digits and `-`
   * @param key what has changed, such as a task's id
   */
  notify(topic: string, key: string): Promise<void>;
  /**
   * Calls `listener` with the key of each change; with `undefined` where something may have changed and nobody knows what.
   * Returns what ends it.
   */
  listen(topic: string, listener: (key: string | undefined) => void): () => void;
}

type Listener = (key: string | undefined) => void;

/** The listeners of one process, by topic. */
export class Listeners {
  readonly #byTopic = new Map<string, Set<Listener>>();

  get size(): number {
    return this.#byTopic.size;
  }

  add(topic: string, listener: Listener): () => void {
    const listeners = this.#byTopic.get(topic) ?? new Set();
    // One function may listen twice.
    const own: Listener = (key) => listener(key);
    listeners.add(own);
    this.#byTopic.set(topic, listeners);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#byTopic.get(topic) === listeners) this.#byTopic.delete(topic);
    };
  }

  call(topic: string, key: string | undefined): void {
    for (const listener of [...(this.#byTopic.get(topic) ?? [])]) listener(key);
  }

  /** Something of any topic may have changed. */
  callAll(): void {
    for (const topic of [...this.#byTopic.keys()]) this.call(topic, undefined);
  }
}
