/** A word of a command that is advised, as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_.=/:@%+,-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
