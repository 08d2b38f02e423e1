import type { Clock } from '../../clock/clock.ts';
import { Listeners, type Notifier } from '../sql/notifier.ts';

/** How often the file is looked at while somebody listens. A look reads one number. */
const POLL_MS = 250;

/** SQLite tells nobody of a commit: the number that changes with each is looked at, and what has changed is unknown. */
export class SqliteNotifier implements Notifier {
  readonly #dataVersion: () => number;
  readonly #clock: Clock;
  readonly #listeners = new Listeners();
  #seen: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(dataVersion: () => number, clock: Clock) {
    this.#dataVersion = dataVersion;
    this.#clock = clock;
  }

  /** Other processes see the commit itself. */
  async notify(topic: string, key: string): Promise<void> {
    this.#listeners.call(topic, key);
  }

  listen(topic: string, listener: (key: string | undefined) => void): () => void {
    const end = this.#listeners.add(topic, listener);
    if (this.#cancel === undefined) this.#look();
    return () => {
      end();
      if (this.#listeners.size === 0) this.close();
    };
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#seen = undefined;
  }

  #look(): void {
    this.#cancel = this.#clock.setTimer(() => this.#look(), POLL_MS);
    try {
      const version = this.#dataVersion();
      if (this.#seen !== undefined && version !== this.#seen) this.#listeners.callAll();
      this.#seen = version;
    } catch {
      // A file that cannot be read now is looked at again; the next reader of its rows is told what is wrong.
    }
  }
}
