import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import {
  type AnswerPage,
  type AnswerRow,
  type AnswerSelection,
  answerPageQuery,
  PAGE_ROWS,
  useAnswersSource,
} from '../../data/answers-source.ts';

export interface AnswerRows {
  /**
   * Rows that are selected, of how many; `null` until anything is known. Those of the selection before stay until the next is
   * known, so that the grid stays, and the focus in it.
   */
  readonly selected: number | null;
  readonly total: number | null;
  /** Whether they are still those of another selection. */
  readonly isStale: boolean;
  readonly indexing: AnswerPage['indexing'];
  readonly isCut: boolean;
  readonly error: unknown;
  /** `undefined` while it is loaded. */
  row(index: number): AnswerRow | undefined;
  retry(): void;
}

/** The rows of a selection, a page at a time: those around `first` to `last` are loaded. */
export function useAnswerRows(
  taskId: string,
  selection: AnswerSelection,
  { first, last }: { readonly first: number; readonly last: number },
): AnswerRows {
  const source = useAnswersSource();
  const queries = useQueryClient();
  const from = Math.floor(first / PAGE_ROWS);
  const pages = Array.from({ length: Math.floor(last / PAGE_ROWS) - from + 1 }, (_, index) => from + index);
  const results = useQueries({
    queries: pages.map((page) => answerPageQuery(source, taskId, selection, page)),
  });
  const loaded = results.flatMap(({ data }) => data ?? []);
  const counted = loaded.find(({ selected }) => selected !== null);
  const known = useLastKnown(counted);
  const key = JSON.stringify(selection);
  const settled = useLastKnown(counted && key);
  const failed = results.find(({ error }) => error !== null);
  const pageOf = (index: number) => answerPageQuery(source, taskId, selection, Math.floor(index / PAGE_ROWS));
  return {
    selected: known?.selected ?? null,
    total: known?.total ?? loaded[0]?.total ?? null,
    isStale: settled !== key,
    indexing: loaded.find(({ indexing }) => indexing !== null)?.indexing ?? null,
    isCut: loaded.some(({ isCut }) => isCut),
    error: failed?.error ?? null,
    row: (index) => queries.getQueryData(pageOf(index).queryKey)?.rows[index % PAGE_ROWS],
    retry: () => void failed?.refetch(),
  };
}

/** While the next is loaded, the last one stays. */
function useLastKnown<T>(value: T | undefined): T | undefined {
  const [known, setKnown] = useState(value);
  useEffect(() => {
    if (value !== undefined) setKnown(value);
  }, [value]);
  return value ?? known;
}
