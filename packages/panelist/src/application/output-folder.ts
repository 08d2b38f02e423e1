import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PanelistError } from '../panelist-error.ts';

/** Makes the folder for a run's files before anything is paid for. @throws PanelistError `FILE_NOT_WRITABLE` */
export async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PanelistError(
      'FILE_NOT_WRITABLE',
      `Cannot write to the output folder ${JSON.stringify(folder)}: ${reason}. Choose another.`,
      { cause, data: { reason: 'output-not-writable' } },
    );
  }
}

/** Folder by folder: Node's own recursion never ends where a file system takes none, such as under `/proc`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((last: NodeJS.ErrnoException) => {
      // Somebody else may have made it meanwhile.
      if (last.code !== 'EEXIST') throw last;
    });
  }
}
