import type { JobRunner } from '@panelist/toolkit';
import type { Terminal } from './terminal.ts';

/** Ctrl-C, a service manager's stop, the terminal's closing. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** How long the calls in flight may take to finish after Ctrl-C. */
export const DRAIN_MS = 30_000;

/**
 * Does `run`, and tells whether it was interrupted: Ctrl-C (or SIGTERM, SIGHUP) lets what is in flight finish, and a
 * second one ends the process at once.
 */
export async function drainOnSignal<T>(
  runner: JobRunner,
  terminal: Terminal,
  run: (isInterrupted: () => boolean) => Promise<T>,
): Promise<{ readonly value: T; readonly interrupted: boolean }> {
  let interrupted = false;
  const onSignal = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
    terminal.err(
      `\nStopping: letting the calls in flight finish (at most ${DRAIN_MS / 1000} s). Ctrl-C again stops at once.\n`,
    );
    void runner.shutdown({ drainMs: DRAIN_MS });
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return { value: await run(() => interrupted), interrupted };
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
