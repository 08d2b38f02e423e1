import { createReadStream } from 'node:fs';
import { quote } from '@panelist/toolkit';
import { PanelistError, type PanelistErrorCode } from '../panelist-error.ts';
import { fileName, type InputFile } from './input-file.ts';

const sliceBytes = 65_536;

export interface ReadTextOptions {
  /** The kind of file, for messages: `survey`, `audience`. */
  readonly what: string;
  /** The code of an error in the file's content. */
  readonly invalidCode: PanelistErrorCode;
  /** In bytes; a longer file is rejected. */
  readonly maxBytes: number;
}

/**
 * Reads a text file in parts. It must be UTF-8; a byte order mark is left out.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, or `invalidCode` if the file is not UTF-8 or too long.
 */
export async function* readText(
  file: InputFile,
  options: ReadTextOptions,
): AsyncGenerator<string, void, undefined> {
  const { what, invalidCode, maxBytes } = options;
  const name = fileName(file);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new PanelistError(
        invalidCode,
        `The ${what} file ${quote(name)} is not UTF-8 text (within its first ${bytes} bytes). Save it as UTF-8 and try again.`,
        { cause },
      );
    }
  };
  for await (const chunk of contentOf(file, what)) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new PanelistError(
        invalidCode,
        `The ${what} file ${quote(name)} is longer than ${Math.floor(maxBytes / 1_000_000)} MB, the most that can be read.`,
      );
    }
    yield decode(chunk);
  }
  yield decode();
}

function contentOf(file: InputFile, what: string): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof file === 'string') return chunksOf(file, file, what);
  return 'bytes' in file ? slicesOf(file.bytes) : chunksOf(file.path, file.name, what);
}

/** As a stream would read it: most that is wrong with a file is in its beginning. */
function* slicesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let from = 0; from < bytes.byteLength; from += sliceBytes)
    yield bytes.subarray(from, from + sliceBytes);
}

/** @param name as errors quote it: a path of the server's own is nobody's business */
async function* chunksOf(path: string, name: string, what: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new PanelistError('FILE_NOT_FOUND', `There is no ${what} file ${quote(name)}.`, { cause });
    const reason =
      code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission is denied' : String(code);
    throw new PanelistError(
      'FILE_NOT_READABLE',
      `The ${what} file ${quote(name)} cannot be read: ${reason}.`,
      {
        cause,
      },
    );
  }
}
