/**
 * What `fn` gets as its signal where nothing can abort it: one for all calls, so that a call costs no controller.
 * Since it never aborts it keeps no listeners: those that a call leaves behind would otherwise pile up on it for as
 * long as the process lives.
 */
export const NEVER_ABORTED: AbortSignal = Object.defineProperty(
  new AbortController().signal,
  'addEventListener',
  { value: () => {} },
);
