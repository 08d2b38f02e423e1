/** As `ConcurrencyManager.forFocusGroup()` has it. */
export const callsAtOnce = { what: 'participants asked at once', n: 50 } as const;
