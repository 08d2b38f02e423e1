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
  readonly [key: string]: FailureResult['error'];
}

export function failureResult(error: unknown): FailureResult {
  const { kind, status, code } = classify(error);
  return {
    error: {
      name: error instanceof Error ? error.name : typeof error,
      message: (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_MESSAGE_CHARS),
      status: status ?? null,
      code: code ?? null,
      kind,
    },
  };
}
