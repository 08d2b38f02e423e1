import { type Stats, statSync } from 'node:fs';
import { extname } from 'node:path';
import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';

/**
 * The format to write to `path`: the one that its ending names, which is the one of `--format` where that is given. What
 * has no ending (`/dev/stdout`, a pipe) takes `given`; a device or pipe without it takes the first of `formats`.
 *
 * @param formats called as their endings are
 * @throws PanelistError `OUTPUT_FORMAT` where the ending is none of `formats`, or not `given`
 */
export function outputFormat<Format extends string>(
  path: string,
  formats: readonly Format[],
  given?: Format,
): Format {
  const ending = extname(path).slice(1).toLowerCase();
  const named = formats.find((format) => format === ending);
  const endings = formats.map((format) => `.${format}`).join(', ');
  if (ending !== '' && named === undefined)
    throw refused(`${quote(path)} ends in ${quote(`.${ending}`)}; this command writes ${endings}.`);
  if (named !== undefined && given !== undefined && named !== given) {
    throw refused(
      `${quote(path)} would hold ${given}, as --format says, under the ending of ${named}. Leave --format out, or name the file *.${given}.`,
    );
  }
  const format = named ?? given ?? (isStream(path) ? formats[0] : undefined);
  if (format !== undefined) return format;
  throw refused(
    formats.length > 1
      ? `${quote(path)} has no ending that says what to write: end it in one of ${endings}, or give --format.`
      : `${quote(path)} has no ending: end it in ${endings}.`,
  );
}

/** Endings of files that some command writes. */
const fileEnding = /\.(csv|json|jsonl|parquet|html|md)$/i;

/** @throws PanelistError `OUTPUT_FORMAT` for what is meant to be a file where a command writes a folder of them */
export function outputFolder(path: string): string {
  if (!fileEnding.test(path) || statOf(path)?.isDirectory()) return path;
  throw refused(
    `${quote(path)} looks like a file; --out of this command names a folder, into which it writes several files. \`panelist results export\` writes one file.`,
  );
}

function isStream(path: string): boolean {
  const found = statOf(path);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Whether it can be written is for the writer to find out.
    return undefined;
  }
}

function refused(message: string): PanelistError {
  return new PanelistError('OUTPUT_FORMAT', message);
}
