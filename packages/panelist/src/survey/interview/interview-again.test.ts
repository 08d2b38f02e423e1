import { describe, expect, it } from 'vitest';
import type { Respondent } from '../../audience/respondent.ts';
import type { Answer, Interview } from '../answer.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { number, questionnaire, single, text } from '../testing/build-questionnaire.ts';
import { ScriptedModel } from '../testing/scripted-model.ts';
import { interview } from './interview.ts';
import type { InterviewProgress } from './interview-options.ts';

const ada: Respondent = { id: 'r1', persona: { age: '36', city: 'London' } };
const { signal } = new AbortController();

function ask(survey: Questionnaire, model: ScriptedModel, respondent = ada): Promise<Interview> {
  return interview(survey, respondent, model, { signal });
}

const statuses = ({ answers }: Interview) => answers.map(({ question, status }) => `${question} ${status}`);
const answerTo = ({ answers }: Interview, name: string) =>
  answers.find(({ question }) => question === name) as Answer;

describe('an invalid reply', () => {
  const survey = questionnaire([single('a'), number('b', { min: 18 }), text('c')], [text('d')]);

  it('is repeated once, only for the invalid answers, with each error', async () => {
    const model = new ScriptedModel({ q1: 'Maybe', q2: 7, q3: 'kept' }, { q1: 'yes', q2: 17 }, { q4: 'x' });
    const calls: InterviewProgress[] = [];
    const result = await interview(survey, ada, model, { signal, onCall: (call) => calls.push(call) });

    expect(model.asked).toEqual([['q1', 'q2', 'q3'], ['q1', 'q2'], ['q4']]);
    const again = model.requests[1]?.messages ?? [];
    expect(again.slice(0, 2)).toEqual(model.requests[0]?.messages);
    expect(again.slice(2)).toEqual([
      { role: 'assistant', content: '{"q1":"Maybe","q2":7,"q3":"kept"}' },
      {
        role: 'user',
        content: `This did not fit:
- q1 (Title of a): "Maybe" is not one of the options; repeat one exactly as listed
- q2 (Title of b): 7 is not a number, at least 18
Reply again with one JSON object that has only: q1, q2. Stay the same person.`,
      },
    ]);
    expect(answerTo(result, 'a')).toMatchObject({
      status: 'answered',
      value: 'Yes',
      calls: [0, 1],
      repairs: ['letter-case'],
    });
    expect(answerTo(result, 'b')).toEqual({
      question: 'b',
      status: 'invalid',
      value: null,
      raw: '17',
      repairs: [],
      shownOptions: null,
      calls: [0, 1],
      problem: '17 is not a number, at least 18',
    });
    expect(answerTo(result, 'c')).toMatchObject({ status: 'answered', value: 'kept', calls: [0] });
    expect(calls.map(({ questions, again }) => [questions, again])).toEqual([
      [['a', 'b', 'c'], false],
      [['a', 'b'], true],
      [['d'], false],
    ]);
    expect(result.calls).toHaveLength(3);
    expect(result.calls[1]).toMatchObject({ inputTokens: 10, outputTokens: 5, attempts: 1 });
    expect(new Set(result.calls.map(({ promptHash }) => promptHash)).size).toBe(3);
  });

  it('that cannot be read is recorded as invalid the second time, and the interview continues', async () => {
    const model = new ScriptedModel('', 'Hello!', { q4: 'x' });
    const result = await ask(survey, model);
    expect(model.requests[1]?.messages[2]).toEqual({ role: 'assistant', content: '(an empty reply)' });
    expect(statuses(result)).toEqual(['a invalid', 'b invalid', 'c invalid', 'd answered']);
    expect(answerTo(result, 'a')).toMatchObject({ raw: 'Hello!', calls: [0, 1] });
    expect(model.lastPrompt).not.toContain('answers so far');
  });

  it('is recorded as refused if it is withheld or refused both times', async () => {
    const model = new ScriptedModel(
      { text: '', finishReason: 'content-filter' },
      "I'm sorry, but I can't help with that.",
      { q4: 'x' },
    );
    const result = await ask(survey, model);
    expect(statuses(result)).toEqual(['a refused', 'b refused', 'c refused', 'd answered']);
    expect(answerTo(result, 'a')).toMatchObject({ value: null, calls: [0, 1] });
  });

  it('is recorded as withheld, and not as refused by the respondent, if the provider withholds it', async () => {
    const withheld = { text: '', finishReason: 'content-filter' } as const;
    const result = await ask(survey, new ScriptedModel(withheld, withheld, { q4: 'x' }));
    expect(statuses(result)).toEqual(['a withheld', 'b withheld', 'c withheld', 'd answered']);
  });

  it('is quoted only in part if it is long', async () => {
    const model = new ScriptedModel('x'.repeat(50_000), { q1: 'No', q2: 20, q3: 'y' }, { q4: 'x' });
    await ask(survey, model);
    expect(model.requests[1]?.messages[2]?.content.length).toBeLessThan(5_000);
  });
});
