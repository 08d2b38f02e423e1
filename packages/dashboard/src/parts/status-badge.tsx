import { useMessages } from '../messages/language-provider.tsx';
import styles from './status-badge.module.css';

/** A task's status in words; the colour only repeats them. */
export function StatusBadge({ status }: { status: string }) {
  const { statuses } = useMessages('parts');
  const name = Object.hasOwn(statuses, status) ? statuses[status as keyof typeof statuses] : status;
  return (
    <span className={styles.badge} data-status={status}>
      {name}
    </span>
  );
}
