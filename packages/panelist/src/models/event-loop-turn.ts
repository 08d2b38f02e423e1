const waiting: (() => void)[] = [];
let first = 0;

/**
 * Resolves in a turn of the event loop that no other caller gets. Between two turns Node reads what has arrived and
 * commits it: a reply never waits until a hundred interviews have worked out what to ask next.
 */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) - first === 1) setImmediate(letOneGo);
  });
}

function letOneGo(): void {
  waiting[first++]!();
  if (first < waiting.length) {
    setImmediate(letOneGo);
    return;
  }
  waiting.length = 0;
  first = 0;
}
