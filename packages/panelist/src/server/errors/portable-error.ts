import { ToolkitError, type ToolkitErrorCode } from '@panelist/toolkit';
import { PanelistError, type PanelistErrorCode, type PanelistErrorData } from '../../panelist-error.ts';

/** An error as it goes from a process or a thread to another: structured cloning would lose its class and its code. */
export interface PortableError {
  readonly of: 'panelist' | 'toolkit' | 'other';
  readonly code: string;
  readonly message: string;
  readonly data?: PanelistErrorData | undefined;
}

export function portableError(error: unknown): PortableError {
  if (error instanceof PanelistError) {
    const { code, message, data } = error;
    return { of: 'panelist', code, message, data };
  }
  if (error instanceof ToolkitError) return { of: 'toolkit', code: error.code, message: error.message };
  return { of: 'other', code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

export function errorOf({ of, code, message, data }: PortableError): Error {
  if (of === 'panelist') return new PanelistError(code as PanelistErrorCode, message, { data });
  if (of === 'toolkit') return new ToolkitError(code as ToolkitErrorCode, message);
  return new Error(message);
}
