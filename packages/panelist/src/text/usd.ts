/** US dollars for people: to the cent, below a dollar to a hundredth of it where there is one; never `$0.00` for what costs something. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0.00';
  if (usd < 0.0001) return `$${usd.toPrecision(1)}`;
  return `$${usd < 1 ? usd.toFixed(4).replace(/0{1,2}$/, '') : usd.toFixed(2)}`;
}
