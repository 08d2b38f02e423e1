import { type ReactNode, useId, useRef } from 'react';
import type { AnswerColumn, AnswerFilter } from '../../data/answers-source.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import styles from './answer-toolbar.module.css';
import type { AnswersSearch } from './answers-search.ts';
import { ColumnMenu } from './column-menu.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { FindField } from './find-field.tsx';
import type { AnswerRows } from './use-answer-rows.ts';

/** What is shown of the answers: searched, filtered, and with which columns. */
export function AnswerToolbar({
  all,
  shown,
  search,
  rows,
  onChange,
}: {
  all: readonly AnswerColumn[];
  shown: readonly AnswerColumn[];
  search: AnswersSearch;
  rows: AnswerRows;
  onChange: (changed: AnswersSearch) => void;
}) {
  const messages = useMessages('answers');
  const { filters = [], find = '' } = search;
  const setFilters = (next: readonly AnswerFilter[]): void =>
    onChange({ filters: next.length === 0 ? undefined : next });
  return (
    <div className={styles.toolbar}>
      <search className={styles.fields} aria-label={messages.find}>
        <FindField value={find} onChange={(text) => onChange({ find: text === '' ? undefined : text })} />
        <Menu label={messages.filter}>
          {(close) => (
            <FilterMenu
              all={all}
              onAdd={(filter) => {
                setFilters([...filters, filter]);
                close();
              }}
            />
          )}
        </Menu>
        <Menu label={messages.columns}>
          {() => <ColumnMenu all={all} shown={shown} onChange={(columns) => onChange({ columns })} />}
        </Menu>
      </search>
      {filters.length > 0 && (
        <ul className={styles.filters}>
          {filters.map((filter, index) => (
            <li key={JSON.stringify(filter)}>
              <FilterChip
                filter={filter}
                all={all}
                onRemove={() => setFilters(filters.filter((_, place) => place !== index))}
              />
            </li>
          ))}
        </ul>
      )}
      <Counts rows={rows} />
    </div>
  );
}

function Counts({ rows: { selected, total, isStale, indexing, isCut } }: { rows: AnswerRows }) {
  const messages = useMessages('answers');
  const format = useFormat();
  const count = (): string => {
    if (indexing !== null)
      return messages.indexing(format.percent(indexing.total === 0 ? 0 : indexing.done / indexing.total));
    if (selected === null || total === null || isStale) return '';
    return selected === total
      ? messages.all(format.whole(total))
      : messages.selected(format.whole(selected), format.whole(total));
  };
  return (
    <p className={styles.counts} role="status">
      {count()} {isCut && messages.cut}
    </p>
  );
}

/** A button with a native popover. */
function Menu({ label, children }: { label: string; children: (close: () => void) => ReactNode }) {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  return (
    <>
      <button type="button" className={buttonClass()} popoverTarget={id}>
        {label}
      </button>
      <div ref={popover} id={id} popover="auto" className={styles.menu} role="dialog" aria-label={label}>
        {children(() => popover.current?.hidePopover())}
      </div>
    </>
  );
}

function FilterChip({
  filter,
  all,
  onRemove,
}: {
  filter: AnswerFilter;
  all: readonly AnswerColumn[];
  onRemove: () => void;
}) {
  const messages = useMessages('answers');
  const { column, values, statuses, contains } = filter;
  const found = all.find(({ id }) => id === column);
  const names: Readonly<Record<string, string>> = {
    answers: messages.anyQuestion,
    state: messages.interview,
    key: messages.respondent,
  };
  const label = (value: string): string => {
    if (column === 'state' && Object.hasOwn(messages.states, value))
      return messages.states[value as keyof typeof messages.states];
    return found?.options?.find((option) => option.value === value)?.text ?? value;
  };
  const parts = [
    ...(values === undefined ? [] : [[messages.is, values.map(label).join(', ')] as const]),
    ...(statuses === undefined
      ? []
      : [
          [
            messages.isStatus,
            statuses.map((status) => messages.statuses[status] ?? status).join(', '),
          ] as const,
        ]),
    ...(contains === undefined ? [] : [[messages.contains, contains] as const]),
  ];
  const text = parts
    .map(([condition, value]) =>
      messages.filterText(names[column] ?? found?.title ?? column, condition, value),
    )
    .join('; ');
  return (
    <button type="button" className={styles.chip} onClick={onRemove} aria-label={messages.removeFilter(text)}>
      <bdi>{text}</bdi> <span aria-hidden="true">×</span>
    </button>
  );
}
