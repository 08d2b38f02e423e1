import { read } from '../classify/read-property.ts';
import type { CallPermit, CallReport } from './call-throttle.ts';

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
    // What is passed here may be anything, and must not fail the attempt.
    const headers = read(report, 'headers') ?? this.#report?.headers;
    const tokens = (read(report, 'tokens') ?? this.#report?.tokens) as number | undefined;
    this.#report = { headers, tokens };
  };

  succeeded(result: unknown): void {
    this.#permit.succeeded(withHeaders(this.#report, result));
  }

  failed(error: unknown): void {
    this.#permit.failed(error, this.#report);
  }

  /** It was aborted, before or after it began. */
  abandoned(): void {
    this.#permit.abandoned();
  }
}

/** A `Response`, what the AI SDK returns, and their like carry their headers with them. */
function withHeaders(report: CallReport | undefined, result: unknown): CallReport | undefined {
  if (report?.headers !== undefined || typeof result !== 'object' || result === null) return report;
  const headers = read(result, 'headers') ?? read(read(result, 'response'), 'headers');
  return headers === undefined ? report : { ...report, headers };
}
