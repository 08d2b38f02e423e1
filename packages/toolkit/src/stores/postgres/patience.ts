import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/sleep.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { failureKind } from './postgres-errors.ts';

const TOO_MANY_CONNECTIONS = '53300';
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;
/** Transactions that conflict for so often in a row do not just happen to. */
const MAX_CONFLICTS = 10;

export interface PatienceOptions {
  readonly clock: Clock;
  /** How long a server that cannot be reached is waited for, milliseconds. */
  readonly maxUnreachableMs: number;
}

/** Repeats what failed because the server could not be reached, or gave way to another process. */
export class Patience {
  readonly #options: PatienceOptions;
  #isOver = false;
  #lastDeadline = Number.POSITIVE_INFINITY;
  #unreachableAt: number | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /**
   * When something failed for want of a server for the last time, by the monotonic clock. A server without a free connection
   * is there: it serves all others.
   */
  get unreachableAt(): number | undefined {
    return this.#unreachableAt;
  }

  /** From now on nothing is waited for. */
  end(): void {
    this.#isOver = true;
  }

  /** From `ms` from now on nothing is waited for, not even by what waits already. */
  hurry(ms: number): void {
    this.#lastDeadline = Math.min(this.#lastDeadline, this.#options.clock.monotonic() + ms);
  }

  /** Runs `action` again while it fails for want of a server, for at most `maxUnreachableMs`. */
  async whileUnreachable<T>(action: () => Promise<T>): Promise<T> {
    const { clock, maxUnreachableMs } = this.#options;
    const deadline = clock.monotonic() + maxUnreachableMs;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        return await action();
      } catch (error) {
        if (kindOf(error) !== 'unreachable') throw error;
        const now = clock.monotonic();
        if (codeOf(error) !== TOO_MANY_CONNECTIONS) this.#unreachableAt = now;
        if (this.#isOver || now >= Math.min(deadline, this.#lastDeadline)) throw error;
      }
      await sleep(waitMs, { clock });
    }
  }

  /** The same, and also after a conflict with another process's transaction, which is likely to succeed the next time. */
  async throughConflicts<T>(action: () => Promise<T>): Promise<T> {
    for (let conflicts = 1; ; conflicts += 1) {
      try {
        return await this.whileUnreachable(action);
      } catch (error) {
        if (kindOf(error) !== 'conflict' || conflicts === MAX_CONFLICTS) throw error;
      }
      await sleep(Math.random() * 10 * conflicts, { clock: this.#options.clock });
    }
  }
}

function kindOf(error: unknown): ReturnType<typeof failureKind> {
  return failureKind(originOf(error));
}

function codeOf(error: unknown): unknown {
  return (originOf(error) as { readonly code?: unknown } | undefined)?.code;
}

/** The driver's error, which a translated one has as its cause. */
function originOf(error: unknown): unknown {
  return error instanceof ToolkitError ? error.cause : error;
}
