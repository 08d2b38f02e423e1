/** A file to read: its path, or its content with the name that errors quote and whose ending says what it is. */
export type InputFile = string | { readonly name: string; readonly bytes: Uint8Array };

/** The path of a file, or the name of one that was given as bytes. */
export function fileName(file: InputFile): string {
  return typeof file === 'string' ? file : file.name;
}
