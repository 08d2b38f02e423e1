import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ServerError } from './errors/server-error.ts';

/** Bytes of one file: an audience of a million people is some hundreds of megabytes. */
const MAX_FILE_BYTES = 200_000_000;
/** Of all files together, those included that are being sent: more than `MAX_PARALLEL` of the longest. */
const MAX_BYTES = 1_000_000_000;
const MAX_FILES = 200;
/** Files that are being sent; more are refused. */
const MAX_PARALLEL = 4;
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
  readonly path: string;
}

export interface UploadsOptions {
  /** In milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Of one file. @default 200 MB */
  readonly maxFileBytes?: number | undefined;
  /** Of all files together. @default 1 GB */
  readonly maxBytes?: number | undefined;
}

/**
 * Files that were sent, in a folder of their own under names of the server's own, for a day at most. They go with the
 * server: what a task needs of them is recorded with the task.
 */
export class Uploads {
  readonly #now: () => number;
  readonly #maxFileBytes: number;
  readonly #maxBytes: number;
  /** The oldest first. */
  readonly #files = new Map<string, StoredUpload>();
  #folder: Promise<string> | undefined;
  #parallel = 0;
  /** Bytes that files that are being sent may still become. */
  #reserved = 0;

  constructor({ now = Date.now, maxFileBytes = MAX_FILE_BYTES, maxBytes = MAX_BYTES }: UploadsOptions = {}) {
    this.#now = now;
    this.#maxFileBytes = maxFileBytes;
    this.#maxBytes = maxBytes;
  }

  /**
   * @param length bytes of the content, where the sender has said so; room for so many is kept from the start. @default the
   *   most that a file can have
   * @throws ServerError `TOO_LARGE`, `SERVER_BUSY`
   */
  async add(name: string, content: ReadableStream<Uint8Array>, length?: number): Promise<Upload> {
    const most = Math.min(length ?? this.#maxFileBytes, this.#maxFileBytes);
    if (length !== undefined && length > most) throw this.#tooLarge();
    if (this.#parallel >= MAX_PARALLEL)
      throw new ServerError(
        'SERVER_BUSY',
        `${MAX_PARALLEL} files are being sent already. Send this one when they are here.`,
      );
    this.#parallel += 1;
    this.#reserved += most;
    try {
      await this.#makeRoom();
      const upload = await this.#write(name, content, most);
      this.#files.set(upload.uploadId, upload);
      const { at: _, path: __, ...shown } = upload;
      return shown;
    } finally {
      this.#parallel -= 1;
      this.#reserved -= most;
    }
  }

  /** Where the file is, under the sender's name for it. @throws ServerError `UPLOAD_NOT_FOUND` */
  async find(uploadId: string): Promise<{ readonly name: string; readonly path: string }> {
    const upload = this.#files.get(uploadId);
    // Some systems tidy their temporary folder.
    if (upload !== undefined && !this.#isOld(upload) && (await stat(upload.path).catch(() => null)))
      return { name: upload.name, path: upload.path };
    throw new ServerError(
      'UPLOAD_NOT_FOUND',
      'The uploaded file is not here any more: files are deleted after a day, and when the server is started again. Send it again.',
    );
  }

  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #write(name: string, content: ReadableStream<Uint8Array>, most: number): Promise<StoredUpload> {
    const uploadId = `up_${randomUUID()}`;
    const path = join(await this.#open(), uploadId);
    const hash = createHash('sha256');
    let bytes = 0;
    const bounded = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.byteLength;
        hash.update(chunk);
        if (bytes <= most) done(null, chunk);
        else done(this.#tooLarge());
      },
    });
    try {
      await pipeline(Readable.fromWeb(content as never), bounded, createWriteStream(path, { mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { uploadId, name, path, bytes, sha256: hash.digest('hex'), at: this.#now() };
  }

  async #open(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'panelist-uploads-'));
    const folder = await this.#folder;
    // Some systems tidy their temporary folder.
    if (!(await stat(folder).catch(() => null))) await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  /** Deletes what is old, and the oldest until what is being sent has room. */
  async #makeRoom(): Promise<void> {
    for (const upload of this.#files.values()) {
      if (!this.#isOld(upload) && this.#hasRoom()) break;
      this.#files.delete(upload.uploadId);
      await rm(upload.path, { force: true });
    }
  }

  #hasRoom(): boolean {
    const stored = this.#files.values().reduce((sum, { bytes }) => sum + bytes, 0);
    return stored + this.#reserved <= this.#maxBytes && this.#files.size + this.#parallel <= MAX_FILES;
  }

  #isOld({ at }: StoredUpload): boolean {
    return at < this.#now() - MAX_AGE_MS;
  }

  #tooLarge(): ServerError {
    return new ServerError(
      'TOO_LARGE',
      `The file is longer than ${this.#maxFileBytes / 1_000_000} MB, the most that can be sent.`,
    );
  }
}
