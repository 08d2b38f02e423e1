/** What can go wrong in the server itself. Codes are stable. */
export type ServerErrorCode =
  /** The request isn't what the API's description says. */
  | 'REQUEST_INVALID'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'LOGIN_REQUIRED'
  | 'LOGIN_FAILED'
  | 'TOO_MANY_ATTEMPTS'
  /** The user may only read. */
  | 'READ_ONLY'
  /** The `Host` or `Origin` isn't the server's. */
  | 'ORIGIN_REFUSED'
  /** A change without the header that a form of another page cannot send. */
  | 'MARKER_MISSING'
  | 'CONTENT_TYPE'
  | 'TOO_LARGE'
  /** The operator does not offer the model. */
  | 'MODEL_NOT_OFFERED'
  /** A task that has ended its process is not run again by itself. */
  | 'TASK_QUARANTINED'
  | 'UPLOAD_NOT_FOUND'
  | 'SERVER_BUSY'
  | 'SERVER_STOPPING'
  | 'THREAD_TIMEOUT'
  | 'THREAD_STOPPED'
  /** The process that runs tasks has ended, and is started again. */
  | 'RUN_PROCESS_ENDED';

export const statusOfServerError = {
  REQUEST_INVALID: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  LOGIN_REQUIRED: 401,
  LOGIN_FAILED: 401,
  TOO_MANY_ATTEMPTS: 429,
  READ_ONLY: 403,
  ORIGIN_REFUSED: 403,
  MARKER_MISSING: 403,
  CONTENT_TYPE: 415,
  TOO_LARGE: 413,
  MODEL_NOT_OFFERED: 422,
  TASK_QUARANTINED: 409,
  UPLOAD_NOT_FOUND: 404,
  SERVER_BUSY: 503,
  SERVER_STOPPING: 503,
  THREAD_TIMEOUT: 422,
  THREAD_STOPPED: 422,
  RUN_PROCESS_ENDED: 503,
} as const satisfies Readonly<Record<ServerErrorCode, number>>;

export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
