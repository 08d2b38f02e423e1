/** One finding of a check, such as a line of a survey file. */
export interface Problem {
  readonly message: string;
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly severity?: 'error' | 'warning' | undefined;
}

/** RFC 9457 problem details, as the server sends them. */
interface ProblemDetails {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly advice?: unknown;
  readonly problems?: unknown;
}

/** A request that failed. The message is the server's own. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0 where there was no response. */
  readonly status: number;
  /** As on the command line; `UNREACHABLE` where there was no response. */
  readonly code: string;
  readonly advice: string | undefined;
  readonly problems: readonly Problem[];

  constructor(status: number, details: ProblemDetails, cause?: unknown) {
    super(firstText(details.detail, details.title, `HTTP ${status}`), { cause });
    this.status = status;
    this.code = firstText(details.code, 'UNKNOWN');
    this.advice = typeof details.advice === 'string' ? details.advice : undefined;
    this.problems = Array.isArray(details.problems) ? details.problems.filter(isProblem) : [];
  }
}

/** Whether what was asked for is not there, or not any more. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'TASK_NOT_FOUND' || error.code === 'GROUP_NOT_FOUND');
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}

function firstText(...values: readonly unknown[]): string {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? '';
}
