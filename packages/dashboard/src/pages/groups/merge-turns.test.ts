import { describe, expect, it } from 'vitest';
import type { GroupReply, GroupTurn, GroupTurns } from '../../api/types.ts';
import { withEarlier, withNewest, withReply, withTurn } from './merge-turns.ts';

const pending = (participantId: string): GroupReply => ({
  participantId,
  status: 'pending',
  text: null,
  words: null,
  error: null,
});
const reply = (participantId: string, text: string): GroupReply => ({
  ...pending(participantId),
  status: 'replied',
  text,
  words: 1,
});

function round(turn: number, revision: number, replies: readonly GroupReply[]): GroupTurn {
  return {
    ...{ taskId: `task_${turn}`, turn, step: `said-${turn}`, status: 'running', revision },
    ...{ total: replies.length, succeeded: 0, failed: 0, problem: null, createdAt: '', finishedAt: null },
    content: {
      ...{ kind: 'round', round: turn, host: 'live', message: `${turn}?`, stimulus: null },
      ...{ mode: 'simultaneous', to: null, asked: replies.map(({ participantId }) => participantId) },
      replies,
    },
  };
}

const known = (...turns: GroupTurn[]): GroupTurns => ({ turns, before: null });
const numbers = ({ turns }: GroupTurns): number[] => turns.map(({ turn }) => turn);

describe('turns of a talk', () => {
  it('take replies as they come, and each once', () => {
    const first = known(round(1, 2, [pending('a'), pending('b')]));
    const one = withReply(first, { taskId: 'task_1', sequence: 3, reply: reply('a', 'Yes') });
    expect(one.turns[0]).toMatchObject({ succeeded: 1, revision: 3 });
    expect(withReply(one, { taskId: 'task_1', sequence: 3, reply: reply('a', 'No') })).toEqual(one);
    expect(withReply(one, { taskId: 'task_9', sequence: 9, reply: reply('a', 'No') })).toEqual(one);
  });

  it('are replaced by newer ones only, and are gone when they are taken back', () => {
    const first = known(round(1, 5, []), round(2, 3, []));
    expect(withTurn(first, round(2, 2, [])).turns[1]?.revision).toBe(3);
    expect(withTurn(first, round(2, 4, [])).turns[1]?.revision).toBe(4);
    expect(numbers(withTurn(first, { ...round(2, 9, []), status: 'cancelled' }))).toEqual([1]);
    expect(numbers(withTurn(first, round(3, 1, [])))).toEqual([1, 2, 3]);
  });

  it('replace one of the same number that was taken back without notice', () => {
    const again = { ...round(2, 1, []), taskId: 'task_other' };
    expect(withTurn(known(round(1, 1, []), round(2, 7, [])), again).turns[1]?.taskId).toBe('task_other');
  });

  it('join the pages that were read before, unless some are missing between', () => {
    const earlier = { turns: [round(1, 1, []), round(2, 1, [])], before: 1 };
    const newest = { turns: [round(3, 1, []), round(4, 1, [])], before: 3 };
    expect(withNewest(earlier, newest)).toMatchObject({ before: 1 });
    expect(numbers(withNewest(earlier, newest))).toEqual([1, 2, 3, 4]);
    expect(numbers(withNewest(earlier, { ...newest, turns: [round(9, 1, [])] }))).toEqual([9]);
    expect(numbers(withEarlier(newest, earlier))).toEqual([1, 2, 3, 4]);
    expect(numbers(withTurn(newest, round(1, 1, [])))).toEqual([3, 4]);
  });
});
