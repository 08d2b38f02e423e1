import type { ErrorKind } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';

const LONGEST_MESSAGE_CHARS = 2_000;

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

function shown(value: unknown): string {
  try {
    return String(value).slice(0, LONGEST_MESSAGE_CHARS).toWellFormed();
  } catch {
    return 'something that cannot be shown as text';
  }
}
