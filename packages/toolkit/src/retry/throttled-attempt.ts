import { read } from '../classify/read-property.ts';
import type { CallPermit, CallReport } from './call-throttle.ts';
import type { AttemptContext } from './retry-options.ts';
import { type AttemptLimits, type Outcome, runAttempt } from './run-attempt.ts';

/** Gathers what is reported of a call, and settles its permit by how it ended. */
export class ReportedCall {
  readonly permit: CallPermit;
  #report: CallReport | undefined;

  constructor(permit: CallPermit) {
    this.permit = permit;
  }

  readonly report = (report: CallReport): void => {
    // The argument may be anything, and must not fail the attempt.
    const headers = read(report, 'headers') ?? this.#report?.headers;
    const tokens = (read(report, 'tokens') ?? this.#report?.tokens) as number | undefined;
    this.#report = { headers, tokens };
  };

  succeeded(result: unknown): void {
    this.permit.succeeded(withHeaders(this.#report, result));
  }

  failed(error: unknown): void {
    this.permit.failed(error, this.#report);
  }
}

/**
 * Makes one attempt as `runAttempt` does, and settles the permit by its outcome: an abort of the signal abandons it. A
 * signal that has aborted while the permit was on its way ends the attempt before it begins.
 */
export async function attemptUnder<T>(
  permit: CallPermit,
  fn: (context: AttemptContext) => T | PromiseLike<T>,
  attempt: number,
  limits: Omit<AttemptLimits, 'report'>,
): Promise<Outcome<T>> {
  if (limits.signal.aborted) {
    permit.abandoned();
    return { success: false, error: limits.signal.reason };
  }
  const call = new ReportedCall(permit);
  const outcome = await runAttempt(fn, attempt, { ...limits, report: call.report });
  if (outcome.success) call.succeeded(outcome.value);
  else if (limits.signal.aborted) permit.abandoned();
  else call.failed(outcome.error);
  return outcome;
}

/** A `Response`, a result of the AI SDK and similar objects carry their headers. */
function withHeaders(report: CallReport | undefined, result: unknown): CallReport | undefined {
  if (report?.headers !== undefined || typeof result !== 'object' || result === null) return report;
  const headers = read(result, 'headers') ?? read(read(result, 'response'), 'headers');
  return headers === undefined ? report : { ...report, headers };
}
