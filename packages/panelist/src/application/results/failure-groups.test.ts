import { describe, expect, it } from 'vitest';
import { questionnaire, single } from '../../survey/testing/build-questionnaire.ts';
import { failedKeys, failureGroups } from './failure-groups.ts';
import { type Person, surveyTask } from './testing/survey-task.ts';

const survey = questionnaire([single('where')]);
const answered = { where: { status: 'answered', value: 'Yes' } } as const;
const price = { input: 1, output: 10, asOf: '', isOwn: true };
const spending = { replies: 4, inputTokens: 4_000, outputTokens: 400, estimatedReplies: 0 };

const people: readonly Person[] = [
  { id: 'a', outcome: answered },
  { id: 'b', outcome: { error: 'overloaded', status: 529 } },
  { id: 'c', outcome: { error: 'reset by peer', code: 'ECONNRESET' } },
  { id: 'd', outcome: { error: 'overloaded again', status: 529 } },
  { id: 'e', outcome: answered },
  { id: 'f', outcome: null },
  { id: 'g', outcome: { error: '\u202e<script>alert(1)</script>', code: `\u0007${'x'.repeat(5_000)}` } },
];

describe('failureGroups', () => {
  it('groups failures by their cause, the largest first, with what asking again would cost', async () => {
    const { tasks, record } = await surveyTask(survey, people);
    const workspace = { tasks, spentBy: async () => spending, priceOf: () => price };
    const { failed, groups, others } = await failureGroups(workspace, await record());
    expect([failed, others]).toEqual([4, 0]);
    expect(groups[0]).toEqual({
      ...{ code: 'HTTP 529', kind: 'server', status: 529, count: 2, message: 'overloaded' },
      // An interview took 2,000 and 200 tokens.
      retry: { inputTokens: 4_000, outputTokens: 400, costUsd: (4_000 + 4_000) / 1_000_000 },
    });
    expect(groups[1]).toMatchObject({ code: 'ECONNRESET', count: 1, retry: { inputTokens: 2_000 } });
    const hostile = groups[2];
    expect(hostile?.message).toBe('\\u202e<script>alert(1)</script>');
    expect(hostile?.code).toMatch(/^\\u0007x{99}$/);
  });

  it('estimates nothing where nothing is known, and lists a bounded number of causes', async () => {
    const many = Array.from({ length: 150 }, (_, index): Person => {
      return { id: `p${index}`, outcome: { error: 'no', code: `E${index}` } };
    });
    const { tasks, record } = await surveyTask(survey, many);
    const workspace = { tasks, spentBy: async () => spending, priceOf: () => null };
    const { failed, groups, others } = await failureGroups(workspace, await record());
    expect([failed, groups.length, others]).toEqual([150, 100, 50]);
    expect(groups[0]?.retry).toBeNull();
  });
});

describe('failedKeys', () => {
  it('names the items of the chosen causes', async () => {
    const { tasks, taskId } = await surveyTask(survey, people);
    const long = `\\u0007${'x'.repeat(99)}`;
    expect(await failedKeys(tasks, taskId, ['HTTP 529', long])).toEqual(['b', 'd', 'g']);
    expect(await failedKeys(tasks, taskId, ['HTTP 500'])).toEqual([]);
  });
});
