import type { Clock } from '../../clock/clock.ts';

export interface LivenessOptions {
  /** Resolves to how many signs of life could not be written so far, of all processes. */
  readonly probe: () => Promise<number>;
  readonly unreachableAt: () => number | undefined;
  readonly clock: Clock;
}

const LOOK_MS = 1_000;
/** An answer that took longer came after an outage: a lock, a disk or a machine that stood still. */
const SLOW_MS = 2_000;
/** So is what happened when there was no quick answer for as long; this process may have stood still itself. */
const LONGEST_GAP_MS = 4_000;
/** After an outage every process first says that it lives: until then nobody is taken for dead. */
const GRACE_MS = 5_000;

/** Whether the database has lately let all processes say that they live. Asks it once a second. */
export class Liveness {
  readonly #options: LivenessOptions;
  #quickAt: number;
  /** A process that has just opened the database does not know of an outage before. */
  #outageAt: number;
  #failedHeartbeats: number | undefined;
  #cancel = (): void => {};
  #isEnded = false;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#quickAt = options.clock.monotonic();
    this.#outageAt = this.#quickAt;
    this.#next();
  }

  get isSteady(): boolean {
    const now = this.#options.clock.monotonic();
    const outageAt = Math.max(this.#outageAt, this.#options.unreachableAt() ?? Number.NEGATIVE_INFINITY);
    return now - this.#quickAt <= LONGEST_GAP_MS && now - outageAt >= GRACE_MS;
  }

  end(): void {
    this.#isEnded = true;
    this.#cancel();
  }

  #next(): void {
    this.#cancel = this.#options.clock.setTimer(() => {
      void this.#look().finally(() => {
        if (!this.#isEnded) this.#next();
      });
    }, LOOK_MS);
  }

  async #look(): Promise<void> {
    const { clock, probe } = this.#options;
    const askedAt = clock.monotonic();
    let failed: number;
    try {
      failed = await probe();
    } catch {
      this.#outageAt = clock.monotonic();
      return;
    }
    const now = clock.monotonic();
    // A process that could not say that it lives does so again within a second.
    const hasFailed = failed !== (this.#failedHeartbeats ?? failed);
    if (hasFailed || now - askedAt > SLOW_MS || now - this.#quickAt > LONGEST_GAP_MS) this.#outageAt = now;
    this.#quickAt = now;
    this.#failedHeartbeats = failed;
  }
}
