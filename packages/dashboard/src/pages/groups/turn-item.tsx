import { Link } from '@tanstack/react-router';
import type { GroupDetail, GroupTurn } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { RoundItem } from './round-item.tsx';
import styles from './turn-item.module.css';
import { TurnStatus } from './turn-status.tsx';

/** One turn of a group: what was said, polled, summed up or decided. */
export function TurnItem({ group, turn, isLast }: { group: GroupDetail; turn: GroupTurn; isLast: boolean }) {
  const { content } = turn;
  switch (content.kind) {
    case 'round':
      return <RoundItem group={group} turn={turn} round={content} isLast={isLast} />;
    case 'poll':
      return <PollItem turn={turn} poll={content} />;
    case 'summary':
      return <MinutesItem turn={turn} minutes={content} />;
    case 'moderation':
      return <DecisionItem turn={turn} decision={content.decision} />;
    case 'themes':
      return <ThemesItem turn={turn} themes={content} />;
    case 'opening':
      return null;
  }
}

type Content<Kind> = Extract<GroupTurn['content'], { kind: Kind }>;

function PollItem({ turn, poll }: { turn: GroupTurn; poll: Content<'poll'> }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const { taskId, succeeded, failed, total } = turn;
  return (
    <li className={styles.aside}>
      <p className={styles.head}>
        <strong>{messages.pollKinds[poll.poll]}</strong>
        {poll.title !== '' && <bdi>{poll.title}</bdi>}
        <TurnStatus turn={turn} />
      </p>
      <p className={styles.soft}>
        {messages.pollHint} {messages.pollCounts(format.whole(succeeded + failed), format.whole(total))}{' '}
        <Link to="/tasks/$taskId" params={{ taskId }}>
          {messages.pollAnswers}
        </Link>
      </p>
    </li>
  );
}

function MinutesItem({ turn, minutes }: { turn: GroupTurn; minutes: Content<'summary'> }) {
  const messages = useMessages('groups');
  const format = useFormat();
  return (
    <li className={styles.aside}>
      <details>
        <summary>{messages.minutes(format.whole(minutes.rounds), minutes.rounds)}</summary>
        <p className={styles.soft}>{messages.minutesHint}</p>
        <p className={styles.said} dir="auto">
          {minutes.text ?? turn.problem ?? messages.minutesPending}
        </p>
      </details>
    </li>
  );
}

function DecisionItem({ turn, decision }: { turn: GroupTurn; decision: Content<'moderation'>['decision'] }) {
  const { decisions } = useMessages('groups');
  const text =
    decision === null
      ? turn.finishedAt === null
        ? decisions.pending
        : decisions.failed
      : decision.action === 'probe'
        ? decisions.probe(decision.participant ?? '')
        : decisions[decision.action];
  return (
    <li className={styles.aside} data-kind="decision">
      <p className={styles.head}>
        <bdi>{text}</bdi>
      </p>
      {turn.problem !== null && <p className={styles.soft}>{turn.problem}</p>}
    </li>
  );
}

function ThemesItem({ turn, themes }: { turn: GroupTurn; themes: Content<'themes'> }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const { model, themes: found } = themes;
  return (
    <li className={styles.aside}>
      <p className={styles.head}>
        {found === null
          ? (turn.problem ?? messages.themesPending(model))
          : messages.themesTurn(model, format.whole(found.length))}
      </p>
    </li>
  );
}
