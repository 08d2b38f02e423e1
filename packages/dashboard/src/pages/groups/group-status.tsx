import type { GroupDetail } from '../../api/types.ts';
import { useTaskLive } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import styles from './group-status.module.css';

/** Why nothing goes on. Nothing where all is as it should be. */
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
    </>
  );
}
