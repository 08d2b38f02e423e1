import { useState } from 'react';
import { useMayChange, useReservedFor } from '../api/session.ts';
import type { TaskView } from '../api/types.ts';
import { useFormat, useMessages } from '../messages/language-provider.tsx';
import { Button } from '../parts/button.tsx';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { isActive, optionsOf } from './task-state.ts';
import { type TaskAction, useTaskAction } from './use-task-actions.ts';

/** What can be done with a task now; nothing for who may only read. What can't be undone is asked about first. */
export function TaskActions({
  task,
  onDone,
}: {
  task: TaskView;
  onDone?: ((action: TaskAction) => void) | undefined;
}) {
  const messages = useMessages('tasks');
  const format = useFormat();
  const mayChange = useMayChange();
  const reservedFor = useReservedFor(task.owner);
  const action = useTaskAction(task.taskId, (done) => {
    setAsked(null);
    onDone?.(done);
  });
  const [asked, setAsked] = useState<'cancel' | 'delete' | null>(null);
  if (!mayChange) return null;
  if (reservedFor !== null) return <span>{messages.reserved(reservedFor)}</span>;
  const { title } = task;
  const may = optionsOf(task);
  const left = task.totalCount - task.completedCount;
  const button = (name: TaskAction, text: string) => (
    <Button
      aria-label={messages.actionOn(text, title)}
      isBusy={action.isPending && action.variables === name}
      disabled={action.isPending}
      onClick={() => (name === 'cancel' || name === 'delete' ? setAsked(name) : action.mutate(name))}
    >
      {text}
    </Button>
  );
  return (
    <>
      {may.pause && button('pause', messages.pause)}
      {may.resume && button('resume', messages.resume)}
      {may.retry && button('retry', messages.retry)}
      {may.cancel && button('cancel', messages.cancel)}
      {may.delete && button('delete', messages.delete)}
      {asked === 'cancel' && isActive(task) && (
        <ConfirmDialog
          title={messages.cancelTitle}
          confirm={messages.cancelConfirm}
          isDanger
          isBusy={action.isPending}
          onConfirm={() => action.mutate('cancel')}
          onClose={() => setAsked(null)}
        >
          <p>{messages.cancelBody(title, format.whole(left), left)}</p>
        </ConfirmDialog>
      )}
      {asked === 'delete' && (
        <ConfirmDialog
          title={messages.deleteTitle}
          confirm={messages.delete}
          isDanger
          isBusy={action.isPending}
          onConfirm={() => action.mutate('delete')}
          onClose={() => setAsked(null)}
        >
          <p>{messages.deleteBody(title, format.whole(task.successCount), task.successCount)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
