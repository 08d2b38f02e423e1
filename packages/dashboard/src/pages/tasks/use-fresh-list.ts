import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { TaskPage, TaskView } from '../../api/types.ts';
import { atMostEvery } from '../../live/at-most-every.ts';
import { useLive } from '../../live/use-live.ts';

/** Keeps the lists of tasks up to date: what is shown changes in place; what may belong elsewhere is read again. */
export function useFreshList(): void {
  const queries = useQueryClient();
  const [reading] = useState(() =>
    atMostEvery(1_000, () => void queries.invalidateQueries({ queryKey: ['tasks'] })),
  );
  const [statuses] = useState(() => new Map<string, string>());
  useEffect(() => () => reading.cancel(), [reading]);
  useLive({ kind: 'list' }, (event) => {
    if (event.type === 'tasks') {
      for (const [, page] of queries.getQueriesData<TaskPage>({ queryKey: ['tasks'] }))
        for (const { taskId, status } of page?.tasks ?? [])
          if (!statuses.has(taskId)) statuses.set(taskId, status);
      const isNews = event.changed.some(({ taskId, status }) => statuses.get(taskId) !== status);
      for (const { taskId, status } of event.changed) statuses.set(taskId, status);
      queries.setQueriesData<TaskPage>(
        { queryKey: ['tasks'] },
        (page) => page && withChanges(page, event.changed),
      );
      // Which lists it belongs to, the server knows.
      if (isNews || event.removed.length > 0) reading.call();
    } else if (event.type === 'opened' || event.type === 'reopened') {
      // Changes are sent from the server's first look on: what is read now may be older than that.
      reading.callTwice();
    }
  });
}

function withChanges(page: TaskPage, changed: readonly TaskView[]): TaskPage {
  const byId = new Map(changed.map((task) => [task.taskId, task]));
  if (!page.tasks.some(({ taskId }) => byId.has(taskId))) return page;
  return { ...page, tasks: page.tasks.map((task) => byId.get(task.taskId) ?? task) };
}
