// biome-ignore-all lint/a11y/useSemanticElements: a table of virtual rows is made of other elements
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid has the keys
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: as above
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { AnswerColumn, AnswerSelection } from '../../data/answers-source.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { AnswerCells } from './answer-cells.tsx';
import styles from './answer-grid.module.css';
import { moved } from './grid-keys.ts';
import type { AnswerRows } from './use-answer-rows.ts';

/** A cell. Row −1 is that of the headings; column 0 names the respondent. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

const ROW_PX = 38;
const KEY_PX = 168;
const NARROW_KEY_PX = 116;
const COLUMN_PX = 190;
const NARROW_PX = 600;

/**
 * Interviews × columns. Only what is in sight is in the document, in both directions, so that the focus stays on the grid
 * itself and `aria-activedescendant` says which cell the keys have moved to.
 */
export function AnswerGrid({
  columns,
  rows,
  count,
  selection,
  place,
  onPlace,
  onSort,
  onOpen,
  onStep,
  onVisible,
}: {
  columns: readonly AnswerColumn[];
  rows: AnswerRows;
  count: number;
  selection: AnswerSelection;
  place: Place;
  onPlace: (place: Place) => void;
  onSort: (column: string) => void;
  onOpen: (place: Place) => void;
  onStep: (by: 1 | -1) => void;
  onVisible: (first: number, last: number) => void;
}) {
  const messages = useMessages('answers');
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const keyPx = window.innerWidth < NARROW_PX ? NARROW_KEY_PX : KEY_PX;
  const vertical = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    paddingStart: ROW_PX,
    scrollPaddingStart: ROW_PX,
  });
  const horizontal = useVirtualizer({
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN_PX,
    overscan: 2,
    horizontal: true,
    paddingStart: keyPx,
    scrollPaddingStart: keyPx,
  });
  const visibleRows = vertical.getVirtualItems();
  const visibleColumns = horizontal.getVirtualItems();
  const first = visibleRows[0]?.index ?? 0;
  const last = visibleRows.at(-1)?.index ?? 0;
  useEffect(() => onVisible(first, last), [first, last, onVisible]);
  // Another selection begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what the effect is for
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [selection.filters, selection.find, selection.sort, selection.descending]);
  useEffect(() => {
    if (place.row >= 0 && place.row < count) vertical.scrollToIndex(place.row);
    if (place.column > 0) horizontal.scrollToIndex(place.column - 1);
  }, [place, count, vertical, horizontal]);

  const isInSight = place.row < 0 || visibleRows.some(({ index }) => index === place.row);
  const cellId = ({ row, column }: Place): string => `${id}-${row}-${column}`;
  const headingOf = (column: number): string => (column === 0 ? 'key' : (columns[column - 1]?.id ?? 'key'));
  const onKeyDown = (event: KeyboardEvent): void => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && (event.key === 'j' || event.key === 'k')) {
      event.preventDefault();
      onStep(event.key === 'j' ? 1 : -1);
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (place.row < 0) onSort(headingOf(place.column));
      else onOpen(place);
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const to = moved(place, event, { rows: count, columns: columns.length + 1, page });
    if (to === null) return;
    event.preventDefault();
    onPlace(to);
  };
  const heading = (column: number, title: string) => {
    const { sort, descending } = selection;
    const isSorted = sort === headingOf(column);
    return {
      id: cellId({ row: -1, column }),
      role: 'columnheader',
      'aria-colindex': column + 1,
      'aria-sort': isSorted
        ? descending
          ? ('descending' as const)
          : ('ascending' as const)
        : ('none' as const),
      'data-active': (place.row === -1 && place.column === column) || undefined,
      title: messages.sortBy(title),
      onClick: () => {
        onPlace({ row: -1, column });
        onSort(headingOf(column));
      },
    };
  };
  return (
    <>
      <p id={`${id}-hint`} className="visually-hidden">
        {messages.gridHint}
      </p>
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        className={styles.grid}
        aria-label={messages.grid}
        aria-describedby={`${id}-hint`}
        aria-rowcount={count + 1}
        aria-colcount={columns.length + 1}
        aria-activedescendant={isInSight ? cellId(place) : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={styles.head} style={{ width: horizontal.getTotalSize() }}>
          <div role="row" aria-rowindex={1} className={styles.row}>
            <div {...heading(0, messages.respondent)} className={styles.key} style={{ width: keyPx }}>
              <HeadingText
                title={messages.respondent}
                isSorted={selection.sort === 'key'}
                descending={selection.descending}
              />
            </div>
            {visibleColumns.map(({ index, start, size }) => {
              const column = columns[index];
              if (column === undefined) return null;
              return (
                <div
                  key={column.id}
                  {...heading(index + 1, column.title)}
                  className={styles.cell}
                  style={{ insetInlineStart: start, width: size }}
                >
                  <HeadingText
                    title={column.title}
                    isSorted={selection.sort === column.id}
                    descending={selection.descending}
                  />
                </div>
              );
            })}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.body}
          style={{ height: vertical.getTotalSize() - ROW_PX, width: horizontal.getTotalSize() }}
        >
          {visibleRows.map(({ index, start }) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className={styles.row}
              data-odd={index % 2 === 1 || undefined}
              style={{ transform: `translateY(${start - ROW_PX}px)` }}
            >
              <AnswerCells
                row={rows.row(index)}
                index={index}
                place={place}
                columns={visibleColumns}
                keyPx={keyPx}
                cellId={cellId}
                onPick={(to) => {
                  scroller.current?.focus({ preventScroll: true });
                  onPlace(to);
                  onOpen(to);
                }}
              />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function HeadingText({
  title,
  isSorted,
  descending,
}: {
  title: string;
  isSorted: boolean;
  descending: boolean;
}) {
  return (
    <>
      <span className={styles.shortened} dir="auto">
        {title}
      </span>
      {isSorted && (
        <span className={styles.sorted} aria-hidden="true">
          {descending ? '▼' : '▲'}
        </span>
      )}
    </>
  );
}
