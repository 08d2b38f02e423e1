import { ToolkitError } from '@panelist/toolkit';
import { PanelistError, type PanelistErrorCode } from '../panelist-error.ts';

/** What the process's exit code means. Documented in `panelist --help`; never renumbered. */
export const ExitCode = {
  OK: 0,
  /** A fault in Panelist itself. */
  INTERNAL: 1,
  USAGE: 2,
  /** A survey, audience, guide, price, config or output file: missing, malformed, not writable, in the way. */
  FILE: 3,
  /** The model is unknown, its API key is missing or refused, or it cannot be reached. */
  MODEL: 4,
  /** The run finished, but some respondents or replies failed. */
  SOME_FAILED: 5,
  /** The run stopped before it was done; what is done is stored. */
  STOPPED: 6,
  /** The database: cannot be opened, is busy, was taken away, the disk is full, a row is not what Panelist writes. */
  DATABASE: 7,
  /** Ctrl-C, SIGTERM or SIGHUP. */
  INTERRUPTED: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const exitCodesHelp = `Exit codes:
  0  done
  1  a fault in Panelist itself
  2  wrong usage
  3  a survey, audience, guide, price, config or output file: missing, malformed, not writable, or in the way
  4  the model is unknown or cannot be reached, or its API key is missing or refused
  5  finished, but some respondents or replies failed
  6  stopped before it was done; what is done is kept, and the message says how to go on
  7  the database cannot be opened, is busy, was taken away or changed, or its disk is full
  130  interrupted with Ctrl-C, SIGTERM or SIGHUP`;

const byPanelistCode: Readonly<Record<PanelistErrorCode, ExitCode>> = {
  USAGE: ExitCode.USAGE,
  FILE_NOT_FOUND: ExitCode.FILE,
  FILE_NOT_READABLE: ExitCode.FILE,
  FILE_NOT_WRITABLE: ExitCode.FILE,
  FILE_EXISTS: ExitCode.FILE,
  OUTPUT_FORMAT: ExitCode.USAGE,
  SURVEY_INVALID: ExitCode.FILE,
  SURVEY_UNSUPPORTED: ExitCode.FILE,
  VALUE_TOO_LONG: ExitCode.FILE,
  CHOICES_INVALID: ExitCode.FILE,
  AUDIENCE_INVALID: ExitCode.FILE,
  AUDIENCE_EMPTY: ExitCode.FILE,
  TARGETS_INVALID: ExitCode.FILE,
  GUIDE_INVALID: ExitCode.FILE,
  GROUP_NOT_FOUND: ExitCode.USAGE,
  GROUP_CHANGED: ExitCode.USAGE,
  REPLY_UNUSABLE: ExitCode.SOME_FAILED,
  RAKING_FAILED: ExitCode.FILE,
  MODEL_UNKNOWN: ExitCode.MODEL,
  API_KEY_MISSING: ExitCode.MODEL,
  ADDRESS_UNCONFIRMED: ExitCode.USAGE,
  PRICE_UNKNOWN: ExitCode.USAGE,
  PRICES_INVALID: ExitCode.FILE,
  BUDGET_EXHAUSTED: ExitCode.STOPPED,
  CONFIG_INVALID: ExitCode.FILE,
  ROW_INVALID: ExitCode.DATABASE,
  WORKERS_ALIVE: ExitCode.DATABASE,
  POSTGRES_NEEDED: ExitCode.USAGE,
  TASK_NOT_FOUND: ExitCode.USAGE,
  TASK_AMBIGUOUS: ExitCode.USAGE,
};

export function exitCodeFor(error: unknown): ExitCode {
  if (error instanceof PanelistError) return byPanelistCode[error.code];
  if (error instanceof ToolkitError) {
    if (error.code.startsWith('STORE_')) return ExitCode.DATABASE;
    if (error.code === 'LEASE_LOST' || error.code === 'TASK_BUSY' || error.code === 'TASK_DIFFERS')
      return ExitCode.STOPPED;
    if (error.code === 'TASK_NOT_FOUND' || error.code === 'ILLEGAL_TRANSITION') return ExitCode.USAGE;
    if (error.code === 'INVALID_OPTION') return ExitCode.USAGE;
  }
  return ExitCode.INTERNAL;
}
