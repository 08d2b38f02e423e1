import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quote } from '@panelist/toolkit';
import { type WriteFile, writeAtomically } from '../analysis/export/atomic-file.ts';
import { PanelistError } from '../panelist-error.ts';

/** Records which content was written to which file. */
export interface WrittenFiles {
  /** @param path absolute, without symbolic links */
  includes(path: string, sha256: string): Promise<boolean>;
  /** Resolves after the entry is durable. */
  add(path: string, sha256: string): Promise<void>;
}

export interface OverwriteOptions {
  /** Also replaces files that are not ours. @default false */
  readonly force?: boolean | undefined;
}

/**
 * Writes files without destroying the user's work: an existing file is replaced only if its content is exactly what was
 * written before. A file that was written or changed by somebody else is an error. Pipes and devices are
 * written to directly.
 */
export class OutputFiles {
  readonly #written: WrittenFiles;

  constructor(written: WrittenFiles) {
    this.#written = written;
  }

  /** Call it before any paid work. @throws PanelistError `FILE_EXISTS`, with all files that are not ours */
  async check(paths: readonly string[], { force = false }: OverwriteOptions = {}): Promise<void> {
    if (force) return;
    const foreign: string[] = [];
    for (const path of paths) if (await this.#isForeign(path)) foreign.push(path);
    if (foreign.length === 0) return;
    const [verb, pronoun] = foreign.length === 1 ? ['exists', 'it'] : ['exist', 'them'];
    throw new PanelistError(
      'FILE_EXISTS',
      `${foreign.map((path) => quote(path)).join(', ')} ${verb}, and Panelist did not write ${pronoun}, or ${pronoun === 'it' ? 'it was' : 'they were'} changed since. Choose another place, or overwrite.`,
      { data: { reason: 'output-exists' } },
    );
  }

  /** Like `writeAtomically`, after `check`, and records what it writes. */
  writer(options: OverwriteOptions = {}): WriteFile {
    return async (path, parts) => {
      await this.check([path], options);
      await writeAtomically(path, this.#remembered(path, parts));
    };
  }

  /** Deletes those files that Panelist wrote and nobody has changed since; with `force` all of them. */
  async remove(paths: readonly string[], { force = false }: OverwriteOptions = {}): Promise<void> {
    for (const path of paths) if (force || !(await this.#isForeign(path))) await rm(path, { force: true });
  }

  /** Adds the entry after the last part and before the file is renamed, so that after a crash all our files are known. */
  async *#remembered(
    path: string,
    parts: AsyncIterable<string | Uint8Array>,
  ): AsyncGenerator<string | Uint8Array> {
    const hash = createHash('sha256');
    for await (const part of parts) {
      hash.update(part);
      yield part;
    }
    const target = await realTarget(path);
    if (target !== null) await this.#written.add(target, hash.digest('hex'));
  }

  async #isForeign(path: string): Promise<boolean> {
    const found = await stat(path).catch(() => null);
    // A path that cannot be read cannot be written either, and the writer reports why.
    if (!found?.isFile()) return false;
    try {
      return !(await this.#written.includes(await realpath(path), await sha256Of(path)));
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return true;
      throw error;
    }
  }
}

/** The path of a file after following links; `null` if it is not a regular file. */
async function realTarget(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return join(await realpath(dirname(path)), basename(path));
  return found.isFile() ? realpath(path) : null;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
