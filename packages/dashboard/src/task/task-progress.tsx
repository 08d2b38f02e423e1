import { useFormat, useMessages } from '../messages/language-provider.tsx';
import styles from './task-progress.module.css';

/** How far a task is: succeeded and failed of all. */
export function TaskProgress({
  total,
  succeeded,
  failed,
  inFlight = 0,
  label,
}: {
  total: number;
  succeeded: number;
  failed: number;
  inFlight?: number;
  label: string;
}) {
  const messages = useMessages('tasks');
  const format = useFormat();
  const finished = succeeded + failed;
  const share = (count: number): string => `${total === 0 ? 0 : (100 * count) / total}%`;
  return (
    <div
      className={styles.bar}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={finished}
      aria-valuetext={messages.progress(format.whole(finished), format.whole(total))}
    >
      <span className={styles.succeeded} style={{ width: share(succeeded) }} />
      <span className={styles.failed} style={{ width: share(failed) }} />
      <span className={styles.inFlight} style={{ width: share(inFlight) }} />
    </div>
  );
}
