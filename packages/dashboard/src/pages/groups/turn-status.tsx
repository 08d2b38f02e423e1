import type { GroupTurn } from '../../api/types.ts';
import { StatusBadge } from '../../parts/status-badge.tsx';

/** Nothing where it has ended as it should. */
export function TurnStatus({ turn: { status } }: { turn: GroupTurn }) {
  return status === 'completed' ? null : <StatusBadge status={status} />;
}
