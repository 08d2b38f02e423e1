import { closeSync, openSync, rmSync, type Stats, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { quote } from '../../errors/toolkit-error.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/**
 * The file that a connection was opened on. SQLite goes on with a file that was deleted or replaced, and what it
 * commits then is gone with the process; so before each commit the path is looked at. Only looked at: opening the
 * file and closing it again would drop this process's locks on it.
 */
export class DatabaseFile {
  readonly path: string;
  readonly #opened: Stats;
  /** SQLite's log and its index, which exist as long as a connection does. */
  readonly #companions: readonly (readonly [path: string, found: Stats])[];
  #seen: Stats;
  #largestBytes: number;
  #dataVersion: number;

  constructor(path: string, connection: SqliteConnection) {
    this.path = path;
    // The first read makes the log.
    connection.pragma('page_count');
    this.#opened = statSync(path);
    this.#companions = ['-wal', '-shm'].flatMap((end) => {
      const found = statSync(path + end, { throwIfNoEntry: false });
      return found === undefined ? [] : [[path + end, found] as const];
    });
    this.#seen = this.#opened;
    this.#largestBytes = this.#opened.size;
    this.#dataVersion = connection.pragma('data_version');
  }

  /** What has happened to the file; `undefined` while it is the one that was opened. */
  whatHappened(connection: SqliteConnection): string | undefined {
    const found = statSync(this.path, { throwIfNoEntry: false });
    if (found === undefined) return 'was deleted';
    if (!isSame(found, this.#opened)) return 'was replaced by another file';
    if (found.size === this.#seen.size && found.mtimeMs === this.#seen.mtimeMs) return undefined;
    // SQLite knows how many pages there are. In the file there may be fewer, as long as the others are in the log.
    const knownBytes = connection.pragma('page_count') * connection.pragma('page_size');
    const dataVersion = connection.pragma('data_version');
    const isOurs = dataVersion === this.#dataVersion;
    this.#dataVersion = dataVersion;
    this.#seen = found;
    if (found.size < Math.min(this.#largestBytes, knownBytes)) return 'was cut off or overwritten';
    // A vacuum leaves a file too large for a moment; it is another process's, and changes the version.
    if (isOurs && found.size > knownBytes) return 'was overwritten';
    this.#largestBytes = found.size;
    return undefined;
  }

  /** Deletes the log: SQLite would take it for that of whatever file is at the path next, and damage that. */
  deleteLog(): void {
    for (const [path, opened] of this.#companions) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found !== undefined && isSame(found, opened)) rmSync(path, { force: true });
    }
  }

  /**
   * Writes everything that is committed, by any process, to a new file beside the lost one, or where that folder
   * is gone, to the temporary folder; returns its path.
   */
  save(connection: SqliteConnection, now: Date): string {
    const { name, ext, dir } = parse(this.path);
    const stamp = now.toISOString().replaceAll(/[-:]|\.\d+Z/g, '');
    let failure: unknown;
    for (const folder of new Set([dir, tmpdir()])) {
      const path = join(folder, `${name}.saved-${stamp}-${process.pid}${ext}`);
      try {
        // Created first, for its owner only; SQLite takes an empty file.
        closeSync(openSync(path, 'wx', 0o600));
        connection.exec(`vacuum into '${path.replaceAll("'", "''")}'`);
        return path;
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Why a run has to stop, and where its data are. */
export function lostMessage(path: string, what: string, saved: string): string {
  return `The database ${quote(path)} ${what} while it was open. All that it held, and what was still under way, is in ${quote(saved)}: move that file to ${quote(path)} and start again.`;
}

/** The same where nothing could be saved. */
export function unsavedMessage(path: string, what: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The database ${quote(path)} ${what} while it was open, and what it held could not be saved (${why}). Restore ${quote(dirname(path))} from a backup before you start again.`;
}
