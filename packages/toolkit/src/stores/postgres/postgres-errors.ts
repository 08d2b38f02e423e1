import { ToolkitError, type ToolkitErrorCode } from '../../errors/toolkit-error.ts';

/**
 * What to do about a failure of PostgreSQL. `unreachable`: nobody answers now, but may again. `conflict`: it gave way to
 * another process's transaction, and may succeed at once when it is run again.
 */
export type FailureKind = 'unreachable' | 'conflict' | 'other';

/** Of Node, where a connection cannot be made or breaks. */
const SOCKET_CODES: ReadonlySet<unknown> = new Set([
  ...(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'] as const),
  ...(['ENOTFOUND', 'EAI_AGAIN', 'ECONNABORTED', 'EADDRNOTAVAIL', 'ENOENT'] as const),
]);
/** Of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout: this process stood still
  '25006', // read_only_sql_transaction: a standby, until the address leads to the new primary
]);
const UNIQUE_VIOLATION = '23505';
const CONFLICTS: ReadonlySet<unknown> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  UNIQUE_VIOLATION, // another process wrote the row between our read and our write
]);
/** What `pg` says, without a code, of a connection that ended. */
const ENDED =
  /^(?:Connection terminated|Client has encountered a connection error|Query read timeout|timeout exceeded when trying to connect|Postgres connection has been discarded)/;

export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'other';
  if (error instanceof AggregateError && error.errors.length > 0) return failureKind(error.errors[0]);
  const { code } = error as { readonly code?: unknown };
  if (CONFLICTS.has(code)) return 'conflict';
  const isConnection = typeof code === 'string' && code.startsWith('08');
  return UNREACHABLE.has(code) || SOCKET_CODES.has(code) || isConnection || ENDED.test(error.message)
    ? 'unreachable'
    : 'other';
}

const MEANINGS: Readonly<Record<string, readonly [ToolkitErrorCode, string]>> = {
  '53100': [
    'STORE_FULL',
    'is full: its disk has no room left. Make room and go on; everything acknowledged is stored',
  ],
  '28P01': ['STORE_UNAVAILABLE', 'refuses the password. Correct the address'],
  '28000': ['STORE_UNAVAILABLE', 'refuses the user. Correct the address, or the server’s pg_hba.conf'],
  '3D000': ['STORE_UNAVAILABLE', 'does not exist. Create it with createdb, or correct the address'],
  '42501': [
    'STORE_UNAVAILABLE',
    'does not grant this user what it needs. Grant it the right to create tables',
  ],
  '3F000': ['STORE_UNAVAILABLE', 'has no schema to create tables in. Set the user’s search_path'],
};

/**
 * A failure of PostgreSQL as a `ToolkitError`.
 *
 * @param name the database as host, port and name: no user, no password
 */
export function postgresError(error: unknown, name: string): ToolkitError {
  if (error instanceof ToolkitError) return error;
  const message = messageOf(error);
  const kind = failureKind(error);
  const { code = '' } = (error ?? {}) as { readonly code?: string };
  const [own, meaning] =
    kind === 'unreachable'
      ? ([
          'STORE_BUSY',
          'cannot be reached. Check that the server runs and that the address is right',
        ] as const)
      : kind === 'conflict' && code !== UNIQUE_VIOLATION
        ? (['STORE_BUSY', 'is changed by other processes at the same place. Try again'] as const)
        : (MEANINGS[code] ?? (['STORE_FAILED', 'failed'] as const));
  return new ToolkitError(own, `The database ${JSON.stringify(name)} ${meaning} (${message}).`, {
    cause: error,
  });
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
}
