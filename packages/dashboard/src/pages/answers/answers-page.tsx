import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import {
  type AnswerColumn,
  type AnswerSelection,
  answerColumnsQuery,
  answersKey,
  explanationQuery,
  useAnswersSource,
} from '../../data/answers-source.ts';
import { useFreshResults, useTaskGone } from '../../live/use-live.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../parts/states.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import { TaskGone } from '../../task/task-gone.tsx';
import { AnswerGrid, type Place } from './answer-grid.tsx';
import { AnswerToolbar } from './answer-toolbar.tsx';
import styles from './answers-page.module.css';
import type { AnswersSearch } from './answers-search.ts';
import { type AnswerRows, useAnswerRows } from './use-answer-rows.ts';
import { WhyPanel } from './why-panel.tsx';

const route = getRouteApi('/tasks/$taskId/answers');
/** Columns that are shown at first, so that a survey of hundreds of questions opens quickly. */
const MOST_AT_FIRST = 100;
/** Rows that are loaded before the first is displayed. */
const FIRST_ROWS = { first: 0, last: 30 };

export function AnswersPage() {
  const { taskId } = route.useParams();
  const messages = useMessages('answers');
  const source = useAnswersSource();
  const query = useQuery(answerColumnsQuery(source, taskId));
  const isGone = useTaskGone(taskId);
  return (
    <Page
      title={messages.title}
      eyebrow={
        <Link to="/tasks/$taskId" params={{ taskId }}>
          {messages.toRun}
        </Link>
      }
      actions={<SyntheticLabel />}
    >
      {isGone && <TaskGone />}
      {!isGone && query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {!isGone && query.isPending && <Loading />}
      {!isGone && query.data !== undefined && <Answers key={taskId} taskId={taskId} all={query.data} />}
    </Page>
  );
}

function Answers({ taskId, all }: { taskId: string; all: readonly AnswerColumn[] }) {
  const messages = useMessages('answers');
  const source = useAnswersSource();
  const queries = useQueryClient();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const shown = useShownColumns(all, search.columns);
  const selection = useSelection(search, shown);
  const [visible, setVisible] = useState(FIRST_ROWS);
  const rows = useAnswerRows(taskId, selection, visible);
  useFreshResults(taskId, [answersKey(taskId)]);
  const change = useCallback(
    (changed: AnswersSearch) =>
      void navigate({ search: (before) => ({ ...before, ...changed }), replace: true, resetScroll: false }),
    [navigate],
  );
  const [place, setPlace] = useState<Place>({ row: -1, column: 0 });
  const isOpen = search.key !== undefined && search.question !== undefined;
  const [awaited, explain] = useAwaitedAnswer(rows, selection, search, change);
  const explainCell = ({ row, column }: Place): void => {
    const question = row < 0 ? null : shown[column - 1]?.name;
    explain(question == null ? null : { row, question });
  };
  const isKnown = isOpen && place.row >= 0 && rows.row(place.row)?.key === search.key;
  /** The place of the explained interview in the selection, where the grid knows it. */
  const row = awaited?.row ?? (isKnown ? place.row : null);
  /** To the next interview of the selection; where the grid doesn't know it, of the task. */
  const step = (by: 1 | -1): void => {
    if (search.key === undefined || search.question === undefined) return;
    if (row === null) {
      const query = explanationQuery(source, taskId, search.key, search.question);
      const found = queries.getQueryData(query.queryKey);
      const key = by === 1 ? found?.next : found?.previous;
      if (key != null) change({ key });
      return;
    }
    const next = row + by;
    if (next < 0 || next >= (rows.selected ?? 0)) return;
    setPlace((before) => ({ ...before, row: next }));
    explain({ row: next, question: awaited?.question ?? search.question });
  };
  return (
    <>
      <AnswerToolbar all={all} shown={shown} search={search} rows={rows} onChange={change} />
      {rows.error !== null && <ErrorState error={rows.error} onRetry={rows.retry} />}
      {rows.selected === null && rows.error === null && <Loading />}
      {rows.selected === 0 && (
        <EmptyState title={rows.total === 0 ? messages.empty : messages.nothing}>
          {rows.total !== 0 && (
            <Link to="." search={{ columns: search.columns }} className={buttonClass()}>
              {messages.clear}
            </Link>
          )}
        </EmptyState>
      )}
      <div className={styles.columns} data-open={isOpen || undefined}>
        {rows.selected !== null && rows.selected > 0 && (
          <AnswerGrid
            columns={shown}
            rows={rows}
            count={rows.selected}
            selection={selection}
            place={place}
            onPlace={(to) => {
              setPlace(to);
              // An open explanation follows the cell that the keys move to.
              if (isOpen || awaited !== null) explainCell(to);
            }}
            onSort={(column) => change({ ...nextSort(search, column), key: undefined, question: undefined })}
            onOpen={explainCell}
            onStep={step}
            onVisible={(first, last) =>
              setVisible((before) =>
                before.first === first && before.last === last ? before : { first, last },
              )
            }
          />
        )}
        {search.key !== undefined && search.question !== undefined && (
          <WhyPanel
            taskId={taskId}
            interview={search.key}
            question={search.question}
            canStep={{
              back: row === null ? null : row > 0,
              on: row === null ? null : row + 1 < (rows.selected ?? 0),
            }}
            isAwaited={awaited !== null}
            onStep={step}
            onClose={() => {
              explain(null);
              change({ key: undefined, question: undefined });
            }}
          />
        )}
      </div>
    </>
  );
}

interface AwaitedAnswer {
  readonly row: number;
  readonly question: string;
}

/**
 * The answer that is to be explained once its row is loaded, and what asks for one instead. The keys move faster than rows
 * come from a busy server, and then the explanation follows.
 */
function useAwaitedAnswer(
  rows: AnswerRows,
  selection: AnswerSelection,
  search: AnswersSearch,
  change: (changed: AnswersSearch) => void,
) {
  const [asked, setAsked] = useState<(AwaitedAnswer & { readonly selection: AnswerSelection }) | null>(null);
  // In another selection the row is another.
  const awaited = asked?.selection === selection ? asked : null;
  const question = awaited?.question;
  const key = awaited === null ? undefined : rows.row(awaited.row)?.key;
  useEffect(() => {
    if (key === undefined) return;
    if (search.key === key && search.question === question) setAsked(null);
    else change({ key, question });
  }, [key, question, search.key, search.question, change]);
  const explain = (answer: AwaitedAnswer | null): void =>
    setAsked(answer === null ? null : { ...answer, selection });
  return [awaited, explain] as const;
}

function useShownColumns(
  all: readonly AnswerColumn[],
  chosen: readonly string[] | undefined,
): readonly AnswerColumn[] {
  return useMemo(() => {
    const questions = all.filter(({ kind }) => kind === 'question');
    const known = all.filter(({ id }) => chosen?.includes(id));
    return known.length > 0 ? known : questions.slice(0, MOST_AT_FIRST);
  }, [all, chosen]);
}

function useSelection(search: AnswersSearch, shown: readonly AnswerColumn[]): AnswerSelection {
  const { find = '', sort = null, descending = false, filters } = search;
  return useMemo(
    () => ({ columns: shown.map(({ id }) => id), filters: filters ?? [], find, sort, descending }),
    [shown, filters, find, sort, descending],
  );
}

/** Ascending, then descending, then the order of the task. */
function nextSort({ sort, descending }: AnswersSearch, column: string): AnswersSearch {
  if (sort !== column) return { sort: column, descending: undefined };
  return descending === true
    ? { sort: undefined, descending: undefined }
    : { sort: column, descending: true };
}
