import { useMayChangeOf } from '../../api/session.ts';
import type { GroupDetail, GroupTurn } from '../../api/types.ts';
import { useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useTakeBack } from './round-item.tsx';
import styles from './waiting-requests.module.css';

/** What was asked for, and has not begun. */
export function WaitingRequests({
  group: { focusGroupId, state, participants },
  turns,
}: {
  group: GroupDetail;
  turns: readonly GroupTurn[];
}) {
  const messages = useMessages('groups');
  const toasts = useToasts();
  const mayChange = useMayChangeOf(state.owner);
  const taking = useTakeBack(focusGroupId, () => toasts.show({ kind: 'good', title: messages.takenBack }));
  const begun = new Set(turns.map(({ step }) => step));
  // The guide is under way as a whole: its plan shows how far.
  const waiting = state.waiting.filter(
    ({ kind, id }) => kind !== 'guide' && !begun.has(`${kind === 'say' ? 'said' : kind}-${id}`),
  );
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
