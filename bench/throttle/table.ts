import { median } from '../median.ts';
import type { Measurement } from './measure.ts';
import { CALLS } from './workload.ts';

const HEAD = ['', 'attempts', 'refusals', 'lost', 'time ÷ ideal', 'requests per call', 'early'];

/** A Markdown table of medians over seeds, one row per contender. A time in brackets is from a run that lost calls. */
export function table(rows: ReadonlyMap<string, readonly Measurement[]>): string {
  const cells = [HEAD, ...[...rows].map(([name, measured]) => [name, ...figures(measured)])];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => `${'-'.repeat(width + 1)}${i === 0 ? '-' : ':'}`).join('|')}|`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}

function figures(measured: readonly Measurement[]): string[] {
  const over = (figure: (one: Measurement) => number): number => median(measured.map(figure));
  const attempts = over((one) => one.attempts);
  const lost = over((one) => one.lost);
  const ratio = over((one) => one.elapsedMs / (one.idealMs ?? Number.NaN)).toFixed(3);
  return [
    String(attempts),
    String(over((one) => one.refusals)),
    String(lost),
    measured[0]!.idealMs === undefined ? '–' : lost > 0 ? `(${ratio})` : ratio,
    (attempts / CALLS).toFixed(3),
    String(over((one) => one.early)),
  ];
}
