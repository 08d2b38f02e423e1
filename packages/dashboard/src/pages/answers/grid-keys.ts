import type { Place } from './answer-grid.tsx';

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key moves to in a grid, as the ARIA practices have it; `null` for a key that moves nowhere. */
export function moved(
  { row, column }: Place,
  { key, ctrlKey, metaKey }: Key,
  { rows, columns, page }: { readonly rows: number; readonly columns: number; readonly page: number },
): Place | null {
  const isFar = ctrlKey || metaKey;
  const to = (place: Partial<Place>): Place => ({
    row: Math.min(rows - 1, Math.max(-1, place.row ?? row)),
    column: Math.min(columns - 1, Math.max(0, place.column ?? column)),
  });
  switch (key) {
    case 'ArrowDown':
      return to({ row: isFar ? rows - 1 : row + 1 });
    case 'ArrowUp':
      return to({ row: isFar ? 0 : row - 1 });
    case 'ArrowRight':
      return to({ column: isFar ? columns - 1 : column + 1 });
    case 'ArrowLeft':
      return to({ column: isFar ? 0 : column - 1 });
    case 'PageDown':
      return to({ row: row + page });
    case 'PageUp':
      return to({ row: row - page });
    case 'Home':
      return to(isFar ? { row: 0, column: 0 } : { column: 0 });
    case 'End':
      return to(isFar ? { row: rows - 1, column: columns - 1 } : { column: columns - 1 });
    default:
      return null;
  }
}
