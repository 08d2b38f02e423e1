import type { Messages } from '../languages/messages.ts';
import type { ChiSquareTest } from './statistics/chi-square.ts';
import type { Interval } from './statistics/intervals.ts';

/** Number formats of tables and charts. */

/** `0.254` → `25%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A share of `n` respondents: a dash where nobody answered, which isn't 0 %. */
export function shareText(share: number, n: number): string {
  return n === 0 ? '–' : percent(share);
}

/** The difference of two shares in points; a dash where one side has no answers. */
export function shareDifference(a: ShareOf, b: ShareOf): string {
  return a.n === 0 || b.n === 0 ? '–' : points(a.share - b.share);
}

/** `+1.2 – +8.4`, of a difference of shares in points; a dash for none. */
export function pointsInterval(interval: Interval | null): string {
  return interval === null ? '–' : `${points(interval.low)} – ${points(interval.high)}`;
}

interface ShareOf {
  readonly share: number;
  readonly n: number;
}

/** Rounds to at most `decimals` decimals, without trailing zeros. */
export function rounded(value: number, decimals: number): string {
  const scale = 10 ** decimals;
  // A number that is too large to scale has no decimals.
  return String(Math.abs(value) < 1e15 / scale ? Math.round(value * scale) / scale : value);
}

/** `-0.1234` → `-12.3`; a difference always has a sign. */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(1);
  return difference > 0 ? `+${text}` : text;
}

/** `p < 0.001` or `p = 0.012`. */
export function pText(p: number | null, { figures }: Messages): string {
  if (p === null) return figures.pUnknown;
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** `p = 0.012 (adjusted 0.240)`. */
export function pTexts(
  { p, adjustedP }: { readonly p: number; readonly adjustedP: number },
  messages: Messages,
): string {
  return `${pText(p, messages)}${messages.figures.adjusted(pText(adjustedP, messages).replace(/^p (= )?/, ''))}`;
}

/** `Rao–Scott F(1.8, 109.3) = 1.78`: the same in all languages. */
export function chiSquareText({ f, df, residualDf }: Pick<ChiSquareTest, 'f' | 'df' | 'residualDf'>): string {
  return `Rao–Scott F(${rounded(df, 1)}, ${rounded(residualDf, 1)}) = ${rounded(f, 2)}`;
}
