import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { quote } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';

/** Writes a whole file from its parts: `writeAtomically` or a wrapper of it. */
export type WriteFile = (path: string, parts: AsyncIterable<string | Uint8Array>) => Promise<void>;

/**
 * Writes a file as its parts arrive: to a temporary file beside it, which is flushed to disk and renamed. So the file is
 * complete or not there at all. A symbolic link stays, and its target is replaced. Pipes and devices are written
 * to directly. Only the owner can read a new file, since answers may be confidential; a replaced file keeps its mode.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE` when the file system refuses; an error of `parts` passes through.
 * In both cases no temporary file remains, and an existing file is unchanged.
 */
export async function writeAtomically(
  path: string,
  parts: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const there = await attempt(path, () => kindOf(path));
  if (there === 'other') return writeStraight(path, parts);
  const target = there === 'file' ? await attempt(path, () => realpath(path)) : path;
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  const handle = await attempt(path, () => open(temporary, 'wx', 0o600));
  try {
    if (there === 'file') await attempt(path, async () => handle.chmod((await stat(target)).mode & 0o777));
    await fill(path, handle, parts, true);
    await attempt(path, () => rename(temporary, target));
  } catch (error) {
    // Only the first error matters; a temporary file that cannot be removed remains as `.tmp`.
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** The kind of file at a path, following links. */
async function kindOf(path: string): Promise<'file' | 'other' | 'nothing'> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'nothing';
    throw error;
  }
}

async function writeStraight(path: string, parts: AsyncIterable<string | Uint8Array>): Promise<void> {
  await fill(path, await attempt(path, () => open(path, 'w')), parts, false);
}

async function fill(
  path: string,
  handle: FileHandle,
  parts: AsyncIterable<string | Uint8Array>,
  flushed: boolean,
): Promise<void> {
  try {
    for await (const part of parts) await attempt(path, () => handle.appendFile(part));
    if (flushed) await attempt(path, () => handle.sync());
  } finally {
    await attempt(path, () => handle.close());
  }
}

async function attempt<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PanelistError(
      'FILE_NOT_WRITABLE',
      `Cannot write ${quote(path)}: ${reason}. Make room, or check the folder's permissions.`,
      { cause, data: { reason: 'output-not-writable' } },
    );
  }
}
