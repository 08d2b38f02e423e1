import type { Job, JobContext } from '../../tasks/job.ts';
import type { JsonValue } from '../../tasks/task-record.ts';

type End = (result: JsonValue | Promise<never>) => void;

/** A job whose items end when the test says so. */
export class ControlledJob {
  /** The keys of the items that were begun, in that order, each as often as it was. */
  readonly begun: string[] = [];
  /** Those whose signal has aborted while they were in flight. */
  readonly aborted: string[] = [];
  readonly job: Job;
  readonly #inFlight = new Map<string, End>();
  #onBegun = (): void => {};

  constructor(options: Omit<Job, 'run' | 'retry'> = {}) {
    this.job = { retry: false, ...options, run: (_, context) => this.#run(context) };
  }

  /** Resolves when so many items have been begun. */
  async untilBegun(count: number): Promise<void> {
    while (this.begun.length < count) {
      await new Promise<void>((resolve) => {
        this.#onBegun = resolve;
      });
    }
  }

  /** Ends an item that is in flight with that result, or a rejection. */
  end(key: string, result: JsonValue | Promise<never>): void {
    const end = this.#inFlight.get(key);
    if (end === undefined) throw new Error(`Item ${key} is not in flight: ${[...this.#inFlight.keys()]}`);
    this.#inFlight.delete(key);
    end(result);
  }

  #run({ itemKey, signal }: JobContext): Promise<JsonValue> {
    return new Promise((resolve, reject) => {
      this.#inFlight.set(itemKey, resolve);
      signal.addEventListener('abort', () => {
        if (this.#inFlight.get(itemKey) !== resolve) return;
        this.#inFlight.delete(itemKey);
        this.aborted.push(itemKey);
        reject(signal.reason);
      });
      this.begun.push(itemKey);
      this.#onBegun();
    });
  }
}
