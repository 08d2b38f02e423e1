/** A function that may be called often and runs seldom. */
export interface Throttled {
  /** Runs it at once, or when the time has passed since the last run. */
  call(): void;
  /** Runs it at once, and again when the time has passed. */
  callTwice(): void;
  /** Forgets a call that waits. */
  cancel(): void;
}

/** Runs `run` at most once in `ms`, the last call included. */
export function atMostEvery(
  ms: number,
  run: () => void,
  after: (ms: number, run: () => void) => () => void = afterTimeout,
): Throttled {
  let isResting = false;
  let isDue = false;
  let cancelTimer = (): void => {};
  const rest = (): void => {
    isResting = true;
    cancelTimer = after(ms, () => {
      isResting = false;
      if (isDue) start();
    });
  };
  const start = (): void => {
    isDue = false;
    rest();
    run();
  };
  const call = (): void => {
    if (isResting) isDue = true;
    else start();
  };
  return {
    call,
    callTwice: () => {
      call();
      call();
    },
    cancel: () => {
      cancelTimer();
      isResting = false;
      isDue = false;
    },
  };
}

export function afterTimeout(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
