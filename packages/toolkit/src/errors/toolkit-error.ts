/** What can go wrong in the toolkit itself. Codes are stable: match on `error.code`, never on the message. */
export type ToolkitErrorCode =
  /** An option or argument is not what it must be; nothing was started. */
  | 'INVALID_OPTION'
  /** A batch's source yielded something that is not a function. */
  | 'INVALID_TASK'
  /** The waits requested by the server together exceeded `maxServerWaitMs`. */
  | 'SERVER_WAIT_EXCEEDED'
  /** The call's `deadlineMs` passed, or the next wait would pass it. */
  | 'DEADLINE_EXCEEDED'
  /** A `CircuitBreaker` lets no call through: see `cause` for the last failure. */
  | 'CIRCUIT_OPEN'
  /** The provider has failed every call for longer than the throttle's `maxOutageMs`; see `cause`. */
  | 'OUTAGE'
  /** Another process has found the account's quota exhausted. `classify` has it as any exhausted quota. */
  | 'QUOTA_EXHAUSTED'
  /** Task parameters contain something that has no canonical JSON (a function, a cycle, NaN …). */
  | 'NOT_FINGERPRINTABLE'
  | 'TASK_NOT_FOUND'
  /** A task that is to be copied is worked on, or was changed meanwhile. */
  | 'TASK_BUSY'
  /** The database that a task is to be copied to has another state of it. */
  | 'TASK_DIFFERS'
  /** For example completing a task that was never started. */
  | 'ILLEGAL_TRANSITION'
  /** More results than the task's `totalCount`. */
  | 'COUNT_EXCEEDED'
  /** Another owner has the task's lease. */
  | 'LEASE_LOST'
  | 'UNKNOWN_JOB'
  /** A task's parameters were read as those of another job. */
  | 'WRONG_JOB'
  /** `submit` or `resume` on a `TaskRunner` after its `shutdown`. */
  | 'RUNNER_CLOSED'
  /** Two items of one submission have the same key. */
  | 'DUPLICATE_ITEM'
  /** The database could not be opened: see `cause`. */
  | 'STORE_UNAVAILABLE'
  /** The database was locked by another process for longer than the busy timeout. */
  | 'STORE_BUSY'
  /** The disk, or the database's size limit, is full. Everything acknowledged is stored. */
  | 'STORE_FULL'
  | 'STORE_CLOSED'
  /** The database's tables are of an earlier version: they must be brought up to date first. */
  | 'STORE_OUTDATED'
  /** The database's tables are of a later version, which this program would harm. */
  | 'STORE_NEWER'
  /** The database's file was deleted or replaced while it was open: the message says where its data are now. */
  | 'STORE_LOST'
  | 'STORE_FAILED';

/** Every error that the toolkit itself raises. */
export class ToolkitError extends Error {
  override readonly name: string = 'ToolkitError';
  readonly code: ToolkitErrorCode;

  constructor(code: ToolkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Shows a bad value in an error: short, on one line, never a whole object. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return `an object (${value.constructor?.name ?? 'no prototype'})`;
}
