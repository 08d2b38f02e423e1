import { displayWidth, padded, wrapped } from '../text/display-width.ts';

/**
 * Lays out cells in columns for a terminal: the first column left-aligned, the others right-aligned, wide cells wrapped.
 * Columns that do not fit into `width` go into further blocks below, each of which repeats the first column.
 * With a `width` of `Infinity` nothing is wrapped.
 */
export function plainTable(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => {
    const widest = Math.max(...rows.map((row) => displayWidth(row[column] ?? '')));
    return Math.min(widest, Math.floor(width * (column === 0 ? 0.4 : 0.3)));
  });
  return blocksOf(widths, width).flatMap((columns, place) => [
    ...(place > 0 ? [''] : []),
    ...rows.flatMap((row) => rowLines(row, columns, widths)),
  ]);
}

/** The columns of each block, without the first column. */
function blocksOf(widths: readonly number[], width: number): number[][] {
  const [first = 0, ...others] = widths;
  const blocks: number[][] = [];
  let used = 0;
  for (const [place, wide] of others.entries()) {
    used += wide + 2;
    if (place === 0 || used > width) {
      blocks.push([]);
      used = 2 + first + wide + 2;
    }
    blocks.at(-1)?.push(place + 1);
  }
  return blocks;
}

function rowLines(row: readonly string[], columns: readonly number[], widths: readonly number[]): string[] {
  const widthOf = (column: number): number => widths[column] ?? 0;
  const cells = [0, ...columns].map((column) => wrapped(row[column] ?? '', widthOf(column)));
  const [labels = [], ...others] = cells;
  return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, at) => {
    const right = others.map((lines, place) => {
      const cell = lines[at] ?? '';
      return `  ${' '.repeat(widthOf(columns[place] as number) - displayWidth(cell))}${cell}`;
    });
    return `  ${padded(labels[at] ?? '', widthOf(0))}${right.join('')}`.trimEnd();
  });
}
