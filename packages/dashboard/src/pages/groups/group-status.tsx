import { useMayChange } from '../../api/session.ts';
import type { GroupDetail } from '../../api/types.ts';
import { useTaskLive } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import styles from './group-status.module.css';
import { useTakeBack } from './round-item.tsx';

/** Why nothing goes on, and what waits to be said. Nothing where all is as it should be. */
export function GroupStatus({ group }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const { status, reason, taskId } = group.state;
  const live = useTaskLive(taskId);
  const wait = status === 'running' ? live?.wait : null;
  return (
    <>
      {status === 'paused' && (
        <div className={styles.notice} role="status">
          <strong>{messages.pausedTitle}</strong>
          <p>{reason ?? messages.pausedBody}</p>
        </div>
      )}
      {status === 'interrupted' && (
        <div className={styles.notice} role="status">
          <strong>{messages.interruptedTitle}</strong>
          <p>{messages.interruptedBody}</p>
        </div>
      )}
      {wait != null && (
        <p className={styles.notice} role="status">
          {messages.waitingFor[wait.reason](format.duration(1_000 * (wait.seconds ?? 0)))}
        </p>
      )}
      <Waiting group={group} />
    </>
  );
}

function Waiting({ group: { focusGroupId, state, participants } }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  const toasts = useToasts();
  const mayChange = useMayChange();
  const taking = useTakeBack(focusGroupId, () => toasts.show({ kind: 'good', title: messages.takenBack }));
  // The guide is under way as a whole: its plan shows how far.
  const waiting = state.waiting.filter(({ kind }) => kind !== 'guide');
  if (waiting.length === 0) return null;
  const names = (ids: readonly string[]): string =>
    participants.flatMap(({ id, name }) => (ids.includes(id) ? [name] : [])).join(', ');
  return (
    <div className={styles.waiting}>
      <strong>{messages.waiting}</strong>
      <ul>
        {waiting.map(({ kind, id, text, to }) => (
          <li key={id}>
            <span className={styles.kind}>{messages.waitingKinds[kind]}</span>
            {to !== 'all' && <bdi className={styles.kind}>{messages.toOnly(names(to))}</bdi>}
            {text !== '' && <bdi>{text}</bdi>}
            {kind === 'say' && mayChange && (
              <Button
                kind="quiet"
                isBusy={taking.isPending && taking.variables === id}
                onClick={() => taking.mutate(id)}
              >
                {messages.takeBack}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
