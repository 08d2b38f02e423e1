/**
 * `call`, of which only one is under way: a caller that asks meanwhile gets the same answer, and for `keepMs` after it. So a scrape
 * or a probe every second puts no more work on a database that is slow already.
 */
export function sharedCall<T>(call: () => Promise<T>, keepMs = 0): () => Promise<T> {
  let latest: { readonly answer: Promise<T>; readonly isOver: () => boolean } | undefined;
  return () => {
    if (latest !== undefined && !latest.isOver()) return latest.answer;
    let over = Number.POSITIVE_INFINITY;
    const answer = call().finally(() => {
      over = performance.now() + keepMs;
    });
    latest = { answer, isOver: () => performance.now() >= over };
    return answer;
  };
}
