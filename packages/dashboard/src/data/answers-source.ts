import { queryOptions } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { api, read, type Value } from '../api/client.ts';

type Answer<Endpoint extends (...args: never[]) => unknown> = Value<Awaited<ReturnType<Endpoint>>>;
type AnswersApi = (typeof api.tasks)[':taskId']['answers'];

export type AnswerPage = Answer<AnswersApi['$get']>;
export type AnswerRow = AnswerPage['rows'][number];
export type AnswerCell = NonNullable<AnswerRow['cells'][number]>;
export type AnswerColumn = Answer<AnswersApi['columns']['$get']>['columns'][number];
export type AnswerExplanation = Answer<AnswersApi['why']['$get']>;
export type AnswerStatus = NonNullable<AnswerCell['status']>;

/** What a row must have in a column; each part that is given must hold. */
export interface AnswerFilter {
  readonly column: string;
  readonly values?: readonly string[] | undefined;
  readonly statuses?: readonly AnswerStatus[] | undefined;
  readonly contains?: string | undefined;
}

/** Which interviews are shown, in which order, with which columns. */
export interface AnswerSelection {
  readonly columns: readonly string[];
  readonly filters: readonly AnswerFilter[];
  readonly find: string;
  readonly sort: string | null;
  readonly descending: boolean;
}

/** Where answers come from: a server, or the files of a bundle. */
export interface AnswersSource {
  columns(taskId: string, signal: AbortSignal): Promise<readonly AnswerColumn[]>;
  /** @param from the place of the first row in the selection @param limit at most 200 */
  page(
    taskId: string,
    selection: AnswerSelection,
    from: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<AnswerPage>;
  explain(taskId: string, key: string, question: string, signal: AbortSignal): Promise<AnswerExplanation>;
}

export const serverAnswers: AnswersSource = {
  async columns(taskId, signal) {
    const { columns } = await read(
      api.tasks[':taskId'].answers.columns.$get({ param: { taskId } }, { init: { signal } }),
    );
    return columns;
  },

  page(taskId, { columns, filters, find, sort, descending }, from, limit, signal) {
    const query = {
      columns: JSON.stringify(columns),
      from: String(from),
      limit: String(limit),
      ...(filters.length > 0 && { filters: JSON.stringify(filters) }),
      ...(find !== '' && { find }),
      ...(sort !== null && { sort, descending: descending ? ('true' as const) : ('false' as const) }),
    };
    return read(api.tasks[':taskId'].answers.$get({ param: { taskId }, query }, { init: { signal } }));
  },

  explain: (taskId, key, question, signal) =>
    read(
      api.tasks[':taskId'].answers.why.$get(
        { param: { taskId }, query: { key, question } },
        { init: { signal } },
      ),
    ),
};

export const AnswersSourceContext = createContext<AnswersSource>(serverAnswers);

export function useAnswersSource(): AnswersSource {
  return use(AnswersSourceContext);
}

/** What a task's new results make stale. */
export const answersKey = (taskId: string) => ['task', taskId, 'answers'] as const;

export const PAGE_ROWS = 100;
/** Until an index is ready, a page is asked for again. */
const INDEXING_MS = 300;

export const answerColumnsQuery = (source: AnswersSource, taskId: string) =>
  queryOptions({
    queryKey: ['task', taskId, 'answer-columns'],
    queryFn: ({ signal }) => source.columns(taskId, signal),
  });

/** @param page from 0, of `PAGE_ROWS` rows */
export const answerPageQuery = (
  source: AnswersSource,
  taskId: string,
  selection: AnswerSelection,
  page: number,
) =>
  queryOptions({
    queryKey: [...answersKey(taskId), selection, page],
    queryFn: ({ signal }) => source.page(taskId, selection, page * PAGE_ROWS, PAGE_ROWS, signal),
    refetchInterval: ({ state }) => (state.data?.indexing == null ? false : INDEXING_MS),
  });

export const explanationQuery = (source: AnswersSource, taskId: string, key: string, question: string) =>
  queryOptions({
    queryKey: [...answersKey(taskId), 'why', key, question],
    queryFn: ({ signal }) => source.explain(taskId, key, question, signal),
  });
