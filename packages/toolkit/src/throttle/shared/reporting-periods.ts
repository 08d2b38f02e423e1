/**
 * What processes reported in one period, added up. They are forgotten together, so that nobody has to look through all of
 * them: an exchange costs the same with three processes and with three thousand.
 */
export interface Period<Totals> {
  /** Differs from that of every earlier period. */
  readonly id: number;
  readonly from: number;
  /** Nothing that was reported in it is valid any longer then. */
  readonly until: number;
  readonly totals: Totals;
}

/** So many begin while what was reported in the first is valid: the more, the sooner it is forgotten after that. */
const PERIODS = 4;
/** A period that begins later than this from now is of a clock that was set back since. */
const CLOCK_STEP_MS = 5_000;

/** Those of which something is still valid. */
export function validPeriods<Totals>(
  periods: readonly Period<Totals>[],
  now: number,
): readonly Period<Totals>[] {
  return periods.filter(({ from, until }) => now < until && from <= now + CLOCK_STEP_MS);
}

/**
 * The valid periods. The last one is the one to report in at `now`: what is reported is valid for `validMs`, and counted for
 * up to a quarter longer.
 */
export function periodsAt<Totals>(
  periods: readonly Period<Totals>[],
  { now, validMs, none }: { readonly now: number; readonly validMs: number; readonly none: Totals },
): readonly Period<Totals>[] {
  const valid = validPeriods(periods, now);
  const last = valid.at(-1);
  const until = now + validMs;
  if (last !== undefined && now < last.from + validMs / PERIODS)
    return valid.with(-1, { ...last, until: Math.max(last.until, until) });
  return [...valid, { id: (periods.at(-1)?.id ?? 0) + 1, from: now, until, totals: none }];
}

/** The same with other totals in the period `id`, where that is still valid. */
export function withTotals<Totals>(
  periods: readonly Period<Totals>[],
  id: number | undefined,
  change: (totals: Totals) => Totals,
): readonly Period<Totals>[] {
  return periods.map((period) => (period.id === id ? { ...period, totals: change(period.totals) } : period));
}
