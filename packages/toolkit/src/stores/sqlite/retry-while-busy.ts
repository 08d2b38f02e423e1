import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/sleep.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';

/**
 * Repeats `action` while it rejects with `STORE_BUSY`, for at most `busyTimeoutMs`. SQLite could wait by itself, but
 * it would block the event loop, and it looks ever less often, so that among busy processes one may starve; this
 * looks every 1 to 5 ms.
 */
export async function retryWhileBusy<T>(
  action: () => T | Promise<T>,
  { clock, busyTimeoutMs }: { readonly clock: Clock; readonly busyTimeoutMs: number },
): Promise<T> {
  const deadline = clock.monotonic() + busyTimeoutMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const isBusy = error instanceof ToolkitError && error.code === 'STORE_BUSY';
      if (!isBusy || clock.monotonic() >= deadline) throw error;
    }
    await sleep(1 + Math.random() * 4, { clock });
  }
}
