/** Resolves in the next turn of the event loop: timers, I/O and signals get their chance before. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Work that yields so often that no step takes more than a few milliseconds. */
export type Steps<T> = Generator<void, T, void>;

/** Runs one step per turn of the event loop. What fits into one step takes no turn at all. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await nextTurn();
  }
}

/** Runs all steps at once. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
