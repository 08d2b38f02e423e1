/** Formats US dollars: two decimals, or up to four below a dollar. A cost above 0 is never `$0.00`. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0.00';
  if (usd < 0.0001) return `$${usd.toPrecision(1)}`;
  return `$${usd < 1 ? usd.toFixed(4).replace(/0{1,2}$/, '') : usd.toFixed(2)}`;
}
