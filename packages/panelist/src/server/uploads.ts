import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServerError } from './errors/server-error.ts';

/** Bytes of one file: an audience of a million people is some hundreds of megabytes. */
const MAX_FILE_BYTES = 200_000_000;
/** Of all files together. */
const MAX_BYTES = 1_000_000_000;
const MAX_FILES = 200;
const MAX_AGE_MS = 24 * 3_600_000;

/** A file that somebody has sent. */
export interface Upload {
  readonly uploadId: string;
  /** As the sender calls it, for people; never a path here. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface StoredUpload extends Upload {
  readonly at: number;
}

/**
 * Files that were sent, in a folder of their own under names of the server's own, for a day at most. They go with the
 * server: what a task needs of them is recorded with the task.
 */
export class Uploads {
  readonly #files = new Map<string, StoredUpload>();
  #folder: Promise<string> | undefined;

  /** @throws ServerError `TOO_LARGE` */
  async add(name: string, content: ReadableStream<Uint8Array>): Promise<Upload> {
    await this.#makeRoom();
    const uploadId = `up_${randomUUID()}`;
    const path = join(await this.#open(), uploadId);
    const hash = createHash('sha256');
    let bytes = 0;
    const bounded = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.byteLength;
        hash.update(chunk);
        if (bytes <= MAX_FILE_BYTES) done(null, chunk);
        else
          done(
            new ServerError(
              'TOO_LARGE',
              `The file is longer than ${MAX_FILE_BYTES / 1_000_000} MB, the most that can be sent.`,
            ),
          );
      },
    });
    try {
      await pipeline(Readable.fromWeb(content as never), bounded, createWriteStream(path, { mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    const upload = { uploadId, name, bytes, sha256: hash.digest('hex'), at: Date.now() };
    this.#files.set(uploadId, upload);
    const { at: _, ...shown } = upload;
    return shown;
  }

  /** @throws ServerError `UPLOAD_NOT_FOUND` */
  async read(uploadId: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
    const upload = this.#files.get(uploadId);
    if (upload === undefined)
      throw new ServerError(
        'UPLOAD_NOT_FOUND',
        'The uploaded file is not here any more: files are deleted after a day, and when the server is started again. Send it again.',
      );
    const path = join(await this.#open(), uploadId);
    return { name: upload.name, bytes: await readFile(path) };
  }

  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #open(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'panelist-uploads-'));
    const folder = await this.#folder;
    // Some systems tidy their temporary folder.
    if (!(await stat(folder).catch(() => null))) await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  async #makeRoom(): Promise<void> {
    const oldest = Date.now() - MAX_AGE_MS;
    let bytes = [...this.#files.values()].reduce((sum, each) => sum + each.bytes, 0);
    for (const { uploadId, at, bytes: freed } of [...this.#files.values()]) {
      if (at >= oldest && this.#files.size < MAX_FILES && bytes < MAX_BYTES) break;
      bytes -= freed;
      this.#files.delete(uploadId);
      await rm(join(await this.#open(), uploadId), { force: true });
    }
  }
}
