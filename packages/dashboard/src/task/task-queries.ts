import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import type { TaskKind } from '../api/types.ts';

/** Which tasks a list shows. Empty members select all. */
export interface TaskFilter {
  readonly status?: string | undefined;
  readonly kind?: TaskKind | undefined;
  readonly search?: string | undefined;
  /** The cursor of a page; the newest without it. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export const tasksQuery = ({ status, kind, search, after, limit }: TaskFilter) =>
  queryOptions({
    queryKey: ['tasks', { status, kind, search, after, limit }],
    queryFn: ({ signal }) =>
      read(api.tasks.$get({ query: { status, kind, search, after, limit } }, { init: { signal } })),
    placeholderData: keepPreviousData,
  });

export const taskQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['task', taskId],
    queryFn: ({ signal }) => read(api.tasks[':taskId'].$get({ param: { taskId } }, { init: { signal } })),
  });

export const failuresQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['task', taskId, 'failures'],
    queryFn: ({ signal }) =>
      read(api.tasks[':taskId'].failures.$get({ param: { taskId } }, { init: { signal } })),
  });

export const timelineQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['task', taskId, 'timeline'],
    queryFn: ({ signal }) =>
      read(api.tasks[':taskId'].timeline.$get({ param: { taskId } }, { init: { signal } })),
  });

/** @param by a column of the audience to group by; everybody together without it */
export const summaryQuery = (taskId: string, by: string | undefined) =>
  queryOptions({
    queryKey: ['task', taskId, 'summary', by ?? null],
    queryFn: ({ signal }) =>
      read(api.tasks[':taskId'].summary.$get({ param: { taskId }, query: { by } }, { init: { signal } })),
    placeholderData: keepPreviousData,
  });
