import type { CallPermit, CallReport } from './call-throttle.ts';
import { read } from './read-property.ts';
import type { Outcome } from './run-attempt.ts';

/** One attempt under a permit: gathers what is reported of it, and settles the permit with its outcome. */
export class ThrottledAttempt {
  readonly #permit: CallPermit;
  #report: CallReport | undefined;

  constructor(permit: CallPermit) {
    this.#permit = permit;
  }

  get isProbe(): boolean {
    return this.#permit.isProbe;
  }

  readonly report = (report: CallReport): void => {
    this.#report = { ...this.#report, ...report };
  };

  settle(outcome: Outcome<unknown>, signal: AbortSignal): void {
    if (outcome.ok) this.#permit.succeeded(withHeaders(this.#report, outcome.value));
    // Whoever called it off has said nothing of the provider.
    else if (signal.aborted) this.#permit.release();
    else this.#permit.refused(outcome.error, this.#report);
  }
}

/** A `Response`, what the AI SDK returns, and their like carry their headers with them. */
function withHeaders(report: CallReport | undefined, result: unknown): CallReport | undefined {
  if (report?.headers !== undefined || typeof result !== 'object' || result === null) return report;
  const headers = read(result, 'headers') ?? read(read(result, 'response'), 'headers');
  return headers === undefined ? report : { ...report, headers };
}
