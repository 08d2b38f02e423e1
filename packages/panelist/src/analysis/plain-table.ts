import { clipped, displayWidth, fitted } from '../text/display-width.ts';

/**
 * Cells in columns, for a terminal: the first to the left and cut where it is too wide, the others to the right. Where
 * all do not fit into `width`, those columns that do not are put below, each block with the first column again.
 */
export function plainTable(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => {
    const widest = Math.max(...rows.map((row) => displayWidth(row[column] ?? '')));
    return Math.min(widest, Math.floor(width * (column === 0 ? 0.4 : 0.3)));
  });
  const first = widths[0] ?? 0;
  const blocks: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [column, wide] of widths.entries()) {
    if (column === 0) continue;
    used += wide + 2;
    if (used > width) {
      blocks.push([]);
      used = 2 + first + wide + 2;
    }
    blocks.at(-1)?.push(column);
  }
  return blocks.flatMap((columns, place) => [
    ...(place > 0 ? [''] : []),
    ...rows.map((row) => {
      const cells = columns.map((column) => {
        const cell = clipped(row[column] ?? '', widths[column] as number);
        return `  ${' '.repeat(Math.max(0, (widths[column] as number) - displayWidth(cell)))}${cell}`;
      });
      return `  ${fitted(row[0] ?? '', first)}${cells.join('')}`.trimEnd();
    }),
  ]);
}
