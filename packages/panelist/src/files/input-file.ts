/**
 * A file to read: its path; its content; or the path of a file that has another name for people. Errors quote the name, and
 * its ending says what the file is.
 */
export type InputFile = string | NamedFile;

/** A file with a name for people. It has no folder: nothing beside it is read. */
export type NamedFile =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly path: string };

/** The path of a file, or its name for people. */
export function fileName(file: InputFile): string {
  return typeof file === 'string' ? file : file.name;
}
