import { ToolkitError } from '../errors/toolkit-error.ts';

/** Whether the database failed, and not what was to be stored in it. */
export function isStoreFault(error: unknown): boolean {
  return error instanceof ToolkitError && error.code.startsWith('STORE_');
}

/**
 * Whether a database that several processes share may take it later: it is busy, cannot be reached, or has no room until
 * somebody makes some.
 */
export function isWorthWaiting(error: unknown): boolean {
  return error instanceof ToolkitError && (error.code === 'STORE_BUSY' || error.code === 'STORE_FULL');
}
