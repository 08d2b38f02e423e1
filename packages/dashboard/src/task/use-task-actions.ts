import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { useMessages } from '../messages/language-provider.tsx';
import { useToasts } from '../parts/toasts.tsx';

export type TaskAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'delete';

/** Does one thing to a task, and reads again what it changes. */
export function useTaskAction(taskId: string, onDone?: (action: TaskAction) => void) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const messages = useMessages('tasks');
  return useMutation({
    mutationFn: async (action: TaskAction): Promise<void> => {
      const task = api.tasks[':taskId'];
      const param = { taskId };
      const requests = {
        pause: () => task.pause.$post({ param }),
        resume: () => task.resume.$post({ param }),
        cancel: () => task.cancel.$post({ param }),
        retry: () => task['retry-failed'].$post({ param, json: { codes: null } }),
        delete: () => task.$delete({ param }),
      } satisfies Record<TaskAction, () => Promise<unknown>>;
      await requests[action]();
    },
    onSuccess: (_, action) => {
      if (action === 'delete') {
        queries.removeQueries({ queryKey: ['task', taskId] });
        toasts.show({ kind: 'good', title: messages.deleted });
      } else void queries.invalidateQueries({ queryKey: ['task', taskId] });
      onDone?.(action);
      return queries.invalidateQueries({ queryKey: ['tasks'] });
    },
    onError: toasts.showError,
  });
}
