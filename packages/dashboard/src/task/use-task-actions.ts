import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sendJson } from '../api/panelist-fetch.ts';
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
      const path = `tasks/${encodeURIComponent(taskId)}`;
      if (action === 'delete') await sendJson('DELETE', path);
      else await sendJson('POST', `${path}/${action === 'retry' ? 'retry-failed' : action}`);
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
