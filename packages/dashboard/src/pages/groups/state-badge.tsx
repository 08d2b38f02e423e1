import type { GroupState } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import styles from '../../parts/status-badge.module.css';

/** A group's state in words; the colour only repeats them. */
export function StateBadge({ status }: { status: GroupState['status'] }) {
  const { states } = useMessages('groups');
  return (
    <span className={styles.badge} data-status={status}>
      {states[status]}
    </span>
  );
}
