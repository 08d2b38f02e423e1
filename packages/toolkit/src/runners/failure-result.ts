import { classify } from '../errors/classify.ts';

const LONGEST_MESSAGE_CHARS = 2_000;

/** What is recorded for an item that failed. */
export interface FailureResult {
  readonly error: {
    readonly name: string;
    readonly message: string;
    /** HTTP status, where there was one. */
    readonly status: number | null;
    readonly code: string | null;
    readonly kind: string;
  };
}

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
