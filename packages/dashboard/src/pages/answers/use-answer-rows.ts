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
  /** Rows that are selected, of how many; `null` until it is known. */
  readonly selected: number | null;
  readonly total: number | null;
  readonly indexing: AnswerPage['indexing'];
  readonly isCut: boolean;
  readonly error: unknown;
  /** `undefined` while it is loaded. */
  row(index: number): AnswerRow | undefined;
  /** The same, loaded where it isn't yet. */
  load(index: number): Promise<AnswerRow | undefined>;
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
  const known = useLastKnown(JSON.stringify([taskId, selection]), counted);
  const failed = results.find(({ error }) => error !== null);
  const pageOf = (index: number) => answerPageQuery(source, taskId, selection, Math.floor(index / PAGE_ROWS));
  return {
    selected: known?.selected ?? null,
    total: known?.total ?? loaded[0]?.total ?? null,
    indexing: loaded.find(({ indexing }) => indexing !== null)?.indexing ?? null,
    isCut: loaded.some(({ isCut }) => isCut),
    error: failed?.error ?? null,
    row: (index) => queries.getQueryData(pageOf(index).queryKey)?.rows[index % PAGE_ROWS],
    async load(index) {
      const { rows } = await queries.ensureQueryData(pageOf(index));
      return rows[index % PAGE_ROWS];
    },
    retry: () => void failed?.refetch(),
  };
}

/** While the next page of the same selection loads, the counts stay. */
function useLastKnown(key: string, counted: AnswerPage | undefined): AnswerPage | undefined {
  const [known, setKnown] = useState<{ readonly key: string; readonly page: AnswerPage }>();
  useEffect(() => {
    if (counted !== undefined) setKnown({ key, page: counted });
  }, [key, counted]);
  return counted ?? (known?.key === key ? known.page : undefined);
}
