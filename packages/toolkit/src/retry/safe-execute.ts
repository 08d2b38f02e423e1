import { classify } from '../classify/classify.ts';
import { checkOption, checkSignal } from '../options/check.ts';

/** Where errors that are caught are reported. */
export interface Logger {
  error(message: string, error: unknown): void;
}

const MAX_TEXT_CHARS = 4_000;

/**
 * Writes to standard error: of an error only its stack, since the fields of a client's error can contain requests with
 * their keys, and no control characters, for its message can come from a server.
 */
export const consoleLogger: Logger = {
  error: (message, error) => console.error(`${message}\n${describe(error)}`),
};

function describe(error: unknown): string {
  try {
    const text = (error instanceof Error && error.stack) || String(error);
    return text.slice(0, MAX_TEXT_CHARS).replace(/[^\P{Cc}\n\t]/gu, '�');
  } catch {
    return 'an error that cannot be shown';
  }
}

export interface SafeExecuteOptions<D = undefined> {
  /** What is returned instead of throwing. @default undefined */
  readonly defaultValue?: D | undefined;
  /** Whether what was caught is reported to the handler's `logger`. @default true */
  readonly logError?: boolean | undefined;
  /** `true`: an abort is caught like any other error. @default false */
  readonly catchAbort?: boolean | undefined;
  /** Whose abort passes through whatever its reason is; without it, what `classify` finds to be an abort does. */
  readonly signal?: AbortSignal | undefined;
}

/** See `ErrorHandler.safeExecute`. */
export async function safeExecute<T, D>(
  fn: () => T | PromiseLike<T>,
  options: SafeExecuteOptions<D>,
  logger: Logger,
): Promise<T | D | undefined> {
  checkOption(typeof fn === 'function', 'safeExecute needs a function', fn);
  const { defaultValue, logError = true, catchAbort = false, signal } = options;
  checkSignal('signal', signal);
  try {
    if (!catchAbort) signal?.throwIfAborted();
    return await fn();
  } catch (error) {
    if (!catchAbort && (signal?.aborted || classify(error).kind === 'abort')) throw error;
    if (logError) report(logger, fn, error);
    return defaultValue;
  }
}

/** A logger that fails must not undo what `safeExecute` promises. */
function report(logger: Logger, fn: { readonly name: string }, error: unknown): void {
  try {
    logger.error(`safeExecute: ${fn.name || 'the function'} failed; the default value is returned.`, error);
  } catch {
    // There is nowhere left to report it.
  }
}
