import type { Messages } from '../languages/messages.ts';

/** Numbers as tables and charts show them. */

/** `0.254` → `25%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** So many decimals at most; no trailing zeros. */
export function rounded(value: number, decimals: number): string {
  const scale = 10 ** decimals;
  // What is too large to be scaled has no decimals to lose.
  return String(Math.abs(value) < 1e15 / scale ? Math.round(value * scale) / scale : value);
}

/** `-0.1234` → `-12.3`; a sign wherever it is a difference. */
export function points(difference: number): string {
  const text = (100 * difference).toFixed(1);
  return difference > 0 ? `+${text}` : text;
}

/** `p < 0.001`, else `p = 0.012`. */
export function pText(p: number | null, { figures }: Messages): string {
  if (p === null) return figures.pUnknown;
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}
