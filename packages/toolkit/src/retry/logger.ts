/** Where errors that are caught are reported. */
export interface Logger {
  error(message: string, error: unknown): void;
}

const LONGEST_TEXT_CHARS = 4_000;

/**
 * Writes to standard error: of an error its stack alone, for the fields of a client's error can hold requests with
 * their keys, and no control characters, for its message can come from a server.
 */
export const consoleLogger: Logger = {
  error: (message, error) => console.error(`${message}\n${describe(error)}`),
};

function describe(error: unknown): string {
  try {
    const text = (error instanceof Error && error.stack) || String(error);
    return text.slice(0, LONGEST_TEXT_CHARS).replace(/[^\P{Cc}\n\t]/gu, '�');
  } catch {
    return 'an error that cannot be shown';
  }
}
