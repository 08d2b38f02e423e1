// biome-ignore-all lint/a11y/useSemanticElements: a table of virtual rows is made of other elements
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid has the keys
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: as above
import type { VirtualItem } from '@tanstack/react-virtual';
import type { AnswerCell, AnswerRow } from '../../data/answers-source.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import styles from './answer-grid.module.css';
import type { Place } from './answer-grid.tsx';

/** The cells of one row that are in sight. */
export function AnswerCells({
  row,
  index,
  place,
  columns,
  keyPx,
  cellId,
  onPick,
}: {
  row: AnswerRow | undefined;
  index: number;
  place: Place;
  columns: readonly VirtualItem[];
  keyPx: number;
  cellId: (place: Place) => string;
  onPick: (place: Place) => void;
}) {
  const messages = useMessages('answers');
  const isActive = (column: number): boolean => place.row === index && place.column === column;
  return (
    <>
      <div
        id={cellId({ row: index, column: 0 })}
        role="rowheader"
        aria-colindex={1}
        className={styles.key}
        style={{ width: keyPx }}
        data-active={isActive(0) || undefined}
        title={row?.problem ?? undefined}
      >
        <bdi className={styles.shortened}>{row?.key ?? '…'}</bdi>
        {row !== undefined && row.state !== 'succeeded' && (
          <span className={styles.state} data-state={row.state}>
            {messages.states[row.state]}
          </span>
        )}
      </div>
      {columns.map(({ index: column, start, size }) => (
        <div
          key={column}
          id={cellId({ row: index, column: column + 1 })}
          role="gridcell"
          aria-colindex={column + 2}
          className={styles.cell}
          style={{ insetInlineStart: start, width: size }}
          data-active={isActive(column + 1) || undefined}
          onClick={() => onPick({ row: index, column: column + 1 })}
        >
          {row === undefined ? (
            <span className={styles.loading} aria-label={messages.loadingCell} role="img" />
          ) : (
            <CellText cell={row.cells[column] ?? null} />
          )}
        </div>
      ))}
    </>
  );
}

function CellText({ cell }: { cell: AnswerCell | null }) {
  const messages = useMessages('answers');
  if (cell === null) return null;
  const { status, text } = cell;
  const hasValue = status === null || status === 'answered';
  return (
    <>
      {text !== '' && (
        <span className={styles.shortened} dir="auto" title={text}>
          {text}
        </span>
      )}
      {hasValue && text === '' && status !== null && (
        <span className={styles.status}>{messages.emptyAnswer}</span>
      )}
      {!hasValue && (
        <span className={styles.status} data-status={status}>
          {messages.statuses[status]}
        </span>
      )}
    </>
  );
}
