import type { ErrorKind } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';
import { read } from '../classify/read-property.ts';
import { quote } from '../errors/toolkit-error.ts';
import type { JsonValue } from './task-record.ts';

const MAX_MESSAGE_CHARS = 2_000;

/**
 * What a `TaskRunner` records as the result of an item that failed. A type and not an interface: so it is a
 * `JsonValue`, and a result can be cast to it.
 */
export type FailureResult = {
  readonly error: {
    /** The name of the error's class. */
    readonly name: string;
    /** Cut at 2,000 characters. */
    readonly message: string;
    /** HTTP status, where there was one. */
    readonly status: number | null;
    /** The error's own code, such as `ECONNRESET` or `insufficient_quota`. */
    readonly code: string | null;
    /** What `classify` finds. */
    readonly kind: ErrorKind;
  };
};

/** Takes whatever was thrown, however odd: an item must not be able to end its run. */
export function failureResult(error: unknown): FailureResult {
  const { kind, status, code } = classify(error);
  return {
    error: {
      name: shown(error instanceof Error ? error.name : typeof error),
      message: shown(error instanceof Error ? error.message : error),
      status: status ?? null,
      code: code ?? null,
      kind,
    },
  };
}

/** What was recorded of a failed item; where something else than a runner recorded it, as a failure that quotes it. */
export function readFailure(result: JsonValue): FailureResult {
  const error = read(result, 'error');
  const isFailure = ['name', 'message', 'kind'].every((key) => typeof read(error, key) === 'string');
  if (isFailure) return result as FailureResult;
  const message = typeof result === 'string' ? result : quote(result);
  return { error: { name: 'Error', message: shown(message), status: null, code: null, kind: 'unknown' } };
}

function shown(value: unknown): string {
  try {
    return String(value).slice(0, MAX_MESSAGE_CHARS).toWellFormed();
  } catch {
    return 'something that cannot be shown as text';
  }
}
