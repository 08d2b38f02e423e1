import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from '../api/panelist-fetch.ts';
import type { TaskPage, TaskView } from '../api/types.ts';

/** Which tasks a list shows. Empty members select all. */
export interface TaskFilter {
  readonly status?: string | undefined;
  readonly kind?: string | undefined;
  readonly search?: string | undefined;
  /** The cursor of a page; the newest without it. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export const tasksQuery = ({ status, kind, search, after, limit }: TaskFilter) =>
  queryOptions({
    queryKey: ['tasks', { status, kind, search, after, limit }],
    queryFn: ({ signal }) => getJson<TaskPage>('tasks', { status, kind, search, after, limit }, signal),
    placeholderData: keepPreviousData,
  });

export const taskQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['task', taskId],
    queryFn: ({ signal }) => getJson<TaskView>(`tasks/${encodeURIComponent(taskId)}`, {}, signal),
  });
