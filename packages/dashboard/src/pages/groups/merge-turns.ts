import type { GroupReply, GroupTurn, GroupTurns, NewReply } from '../../api/types.ts';

/** With a turn that has begun or changed. One that was taken back is in no talk. */
export function withTurn(known: GroupTurns, turn: GroupTurn): GroupTurns {
  const before = known.turns.find(({ taskId }) => taskId === turn.taskId);
  if (before !== undefined && before.revision > turn.revision) return known;
  // It is on an earlier page, which wasn't read.
  if (before === undefined && known.before !== null && turn.turn < (known.turns[0]?.turn ?? 0)) return known;
  const others = known.turns.filter(
    ({ taskId, turn: other }) => taskId !== turn.taskId && other !== turn.turn,
  );
  if (turn.status === 'cancelled')
    return { ...known, turns: known.turns.filter(({ taskId }) => taskId !== turn.taskId) };
  return { ...known, turns: [...others, turn].sort((a, b) => a.turn - b.turn) };
}

/** With a reply that has come since. */
export function withReply(known: GroupTurns, { taskId, sequence, reply }: NewReply): GroupTurns {
  const turns = known.turns.map((turn): GroupTurn => {
    const { content } = turn;
    if (turn.taskId !== taskId || content.kind !== 'round' || turn.revision >= sequence) return turn;
    const replies = content.replies.map((each) =>
      each.participantId === reply.participantId ? reply : each,
    );
    return {
      ...turn,
      revision: sequence,
      succeeded: countOf(replies, 'replied'),
      failed: countOf(replies, 'failed'),
      content: { ...content, replies },
    };
  });
  return { ...known, turns };
}

/** The last turns, read again, after those that were read before them. */
export function withNewest(known: GroupTurns | undefined, newest: GroupTurns): GroupTurns {
  const first = newest.turns[0]?.turn;
  if (known === undefined || first === undefined || newest.before === null) return newest;
  const earlier = known.turns.filter(({ turn }) => turn < first);
  // Between what was read before and now turns may be missing.
  if (earlier.at(-1)?.turn !== first - 1) return newest;
  return { turns: [...earlier, ...newest.turns], before: known.before };
}

/** With turns before the first one. */
export function withEarlier(known: GroupTurns, { turns, before }: GroupTurns): GroupTurns {
  const first = known.turns[0]?.turn ?? Number.POSITIVE_INFINITY;
  return { turns: [...turns.filter(({ turn }) => turn < first), ...known.turns], before };
}

function countOf(replies: readonly GroupReply[], status: GroupReply['status']): number {
  return replies.filter((each) => each.status === status).length;
}
