import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../../api/client.ts';
import { useMayChange, useReservedFor } from '../../api/session.ts';
import type { GroupDetail } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button, type ButtonKind } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { groupQuery, one } from './group-queries.ts';

export type GroupAction = 'run' | 'pause' | 'resume' | 'cancel' | 'retry-failed' | 'delete';

/** Does one thing to a group, and reads again what it changes. */
export function useGroupAction(focusGroupId: string, onDone?: (action: GroupAction) => void) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const messages = useMessages('groups');
  return useMutation({
    mutationFn: async (action: GroupAction): Promise<{ readonly isNew: boolean | null }> => {
      const request = { param: { focusGroupId } };
      if (action === 'run') return read(one.run.$post(request));
      if (action === 'delete') await read(one.$delete(request));
      else await read(one[action].$post(request));
      return { isNew: null };
    },
    onSuccess: ({ isNew }, action) => {
      if (action === 'run' && isNew === false) toasts.show({ kind: 'info', title: messages.joined });
      onDone?.(action);
      void queries.invalidateQueries({ queryKey: ['groups'] });
      if (action === 'delete') {
        queries.removeQueries({ queryKey: ['group', focusGroupId] });
        toasts.show({ kind: 'good', title: messages.deleted });
        return undefined;
      }
      return queries.invalidateQueries({ queryKey: groupQuery(focusGroupId).queryKey, exact: true });
    },
    onError: toasts.showError,
  });
}

/** What can be done with a group now; nothing for who may only read. What can't be undone is asked about first. */
export function GroupActions({ group }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const reservedFor = useReservedFor(group.state.owner);
  const [asked, setAsked] = useState<'cancel' | 'delete' | null>(null);
  const action = useGroupAction(group.focusGroupId, (done) => {
    setAsked(null);
    if (done === 'delete') void navigate({ to: '/groups' });
  });
  if (!mayChange) return null;
  if (reservedFor !== null) return <span>{messages.reserved(reservedFor)}</span>;
  const { status, waiting } = group.state;
  const isGuideWanted = waiting.some(({ kind }) => kind === 'guide');
  const button = (name: GroupAction, text: string, kind: ButtonKind = 'plain') => (
    <Button
      kind={kind}
      isBusy={action.isPending && action.variables === name}
      disabled={action.isPending}
      onClick={() => (name === 'cancel' || name === 'delete' ? setAsked(name) : action.mutate(name))}
    >
      {text}
    </Button>
  );
  return (
    <>
      {group.hasNext &&
        !isGuideWanted &&
        status !== 'interrupted' &&
        button('run', group.plan.some(({ isDone }) => isDone) ? messages.runRest : messages.run)}
      {status === 'running' && button('pause', messages.pause)}
      {(status === 'paused' || status === 'interrupted') && button('resume', messages.resume, 'primary')}
      {status === 'idle' &&
        group.failed > 0 &&
        button('retry-failed', messages.retryFailed(format.whole(group.failed)))}
      {status !== 'idle' && button('cancel', messages.cancel)}
      {status === 'idle' && button('delete', messages.delete)}
      {asked === 'cancel' && status !== 'idle' && (
        <ConfirmDialog
          title={messages.cancelTitle}
          confirm={messages.cancelConfirm}
          isDanger
          isBusy={action.isPending}
          onConfirm={() => action.mutate('cancel')}
          onClose={() => setAsked(null)}
        >
          <p>{messages.cancelBody}</p>
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
          <p>{messages.deleteBody(group.title, format.whole(group.replies))}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
