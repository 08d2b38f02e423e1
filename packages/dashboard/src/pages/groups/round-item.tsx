import { useMutation } from '@tanstack/react-query';
import { read } from '../../api/client.ts';
import { useMayChangeOf } from '../../api/session.ts';
import type { GroupDetail, GroupReply, GroupRound, GroupTurn } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { one } from './group-queries.ts';
import { Avatar, Name } from './person.tsx';
import styles from './round-item.module.css';
import { TurnStatus } from './turn-status.tsx';

/** What the host says, and what each of those who are asked replies. */
export function RoundItem({
  group,
  turn,
  round,
  isLast,
}: {
  group: GroupDetail;
  turn: GroupTurn;
  round: GroupRound;
  isLast: boolean;
}) {
  const messages = useMessages('groups');
  const format = useFormat();
  const { host, message, stimulus, mode, to, replies } = round;
  return (
    <li className={styles.round}>
      <div className={styles.host} data-host={host}>
        <p className={styles.head}>
          <strong>{messages.hosts[host]}</strong>
          <span>{messages.round(format.whole(round.round))}</span>
          {to !== null && <bdi>{messages.toOnly(to.join(', '))}</bdi>}
          {mode === 'in-turn' && <span>{messages.inTurn}</span>}
          <TurnStatus turn={turn} />
          {isLast && <TakeBack group={group} turn={turn} />}
        </p>
        <p className={styles.said} dir="auto">
          {message}
        </p>
        {stimulus !== null && (
          <blockquote className={styles.stimulus} aria-label={messages.shows} dir="auto">
            {stimulus}
          </blockquote>
        )}
        {turn.problem !== null && <p className={styles.problem}>{turn.problem}</p>}
      </div>
      <ul className={styles.replies}>
        {replies.map((reply) => (
          <ReplyItem
            key={reply.participantId}
            group={group}
            reply={reply}
            isUnderWay={turn.status === 'running' || turn.status === 'pending'}
          />
        ))}
      </ul>
    </li>
  );
}

function ReplyItem({
  group,
  reply,
  isUnderWay,
}: {
  group: GroupDetail;
  reply: GroupReply;
  isUnderWay: boolean;
}) {
  const messages = useMessages('groups');
  const { participantId, status, text, error } = reply;
  const index = group.participants.findIndex(({ id }) => id === participantId);
  const name = group.participants[index]?.name ?? participantId;
  return (
    <li className={styles.reply} data-status={status}>
      <Avatar name={name} index={Math.max(0, index)} />
      <div className={styles.bubble}>
        <Name>{name}</Name>
        {status === 'replied' && (
          <p className={styles.said} dir="auto">
            {text}
          </p>
        )}
        {status === 'pending' && (
          <p className={styles.pending}>{isUnderWay ? messages.thinking : messages.notAsked}</p>
        )}
        {status === 'failed' && (
          <p className={styles.problem}>
            {messages.replyFailed}: {error?.message}
          </p>
        )}
      </div>
    </li>
  );
}

/** For a live message that nobody has answered. */
function TakeBack({ group: { focusGroupId, state }, turn }: { group: GroupDetail; turn: GroupTurn }) {
  const messages = useMessages('groups');
  const toasts = useToasts();
  const mayChange = useMayChangeOf(state.owner);
  const [, messageId] = /^said-([\w-]+)$/.exec(turn.step) ?? [];
  const taking = useTakeBack(focusGroupId, () => toasts.show({ kind: 'good', title: messages.takenBack }));
  if (!mayChange || messageId === undefined || turn.succeeded > 0 || turn.finishedAt !== null) return null;
  return (
    <Button kind="quiet" isBusy={taking.isPending} onClick={() => taking.mutate(messageId)}>
      {messages.takeBack}
    </Button>
  );
}

/** Takes back a message by its id. */
export function useTakeBack(focusGroupId: string, onDone: () => void) {
  const toasts = useToasts();
  return useMutation({
    mutationFn: (messageId: string) =>
      read(one.messages[':messageId'].$delete({ param: { focusGroupId, messageId } })),
    onSuccess: onDone,
    onError: toasts.showError,
  });
}
