import { describe, expect, it } from 'vitest';
import type { Interview } from '../answer.ts';
import { importSurveyJs } from '../import/import-surveyjs.ts';
import { ScriptedModel } from '../testing/scripted-model.ts';
import { interview } from './interview.ts';
import type { InterviewOptions } from './interview-options.ts';

type Scope = NonNullable<InterviewOptions['ask']>;

function ask(survey: object, model: ScriptedModel, scope: Scope = 'page'): Promise<Interview> {
  const options = { signal: new AbortController().signal, ask: scope };
  return interview(importSurveyJs(survey), { id: 'r', persona: {} }, model, options);
}

const statuses = ({ answers }: Interview) => answers.map(({ question, status }) => `${question} ${status}`);
const text = (name: string, more: object = {}) => ({ type: 'text', name, isRequired: true, ...more });
const yes = (name: string) => ({ type: 'radiogroup', name, isRequired: true, choices: ['Yes', 'No'] });

describe('questions per request', () => {
  const survey = {
    pages: [
      { elements: [yes('a'), text('b', { visibleIf: "{a} = 'Yes'" }), text('c')] },
      { visibleIf: "{a} = 'Yes'", title: 'Second', elements: [text('d'), text('e', { title: 'After {d}' })] },
      { elements: [text('f')] },
    ],
  };

  it.each<[Scope, string[][]]>([
    ['page', [['q1', 'q3'], ['q2'], ['q4'], ['q5'], ['q6']]],
    ['question', [['q1'], ['q2'], ['q3'], ['q4'], ['q5'], ['q6']]],
    ['survey', [['q1', 'q3', 'q6'], ['q2', 'q4'], ['q5']]],
  ])('%s: questions that depend on answers wait for them', async (scope, calls) => {
    const replies = calls.map((keys) =>
      Object.fromEntries(keys.map((key) => [key, key === 'q1' ? 'Yes' : `to ${key}`])),
    );
    const model = new ScriptedModel(...replies);
    const result = await ask(survey, model, scope);
    expect(model.asked).toEqual(calls);
    expect(statuses(result).every((status) => status.endsWith('answered'))).toBe(true);
    const prompts = model.requests.map(({ messages }) => messages[1]?.content ?? '');
    expect(prompts.find((prompt) => prompt.includes('q5.'))).toContain('After to q4');
    expect(prompts.filter((prompt) => prompt.includes('Second\n')).length).toBe(2);
  });

  it.each<Scope>(['page', 'question', 'survey'])(
    '%s: a trigger ends the survey with its page',
    async (scope) => {
      const ending = {
        pages: [{ elements: [yes('a'), text('b')] }, { elements: [text('c')] }],
        triggers: [{ type: 'complete', expression: "{a} = 'No'" }],
      };
      const model = new ScriptedModel(
        ...(scope === 'question' ? [{ q1: 'No' }, { q2: 'x' }] : [{ q1: 'No', q2: 'x' }]),
      );
      expect(statuses(await ask(ending, model, scope))).toEqual(['a answered', 'b answered', 'c skipped']);
      expect(model.requests).toHaveLength(scope === 'question' ? 2 : 1);
    },
  );
});

describe('logic', () => {
  it('applies requiredIf and visibleIf of options, and leaves out a question without options', async () => {
    const survey = {
      pages: [
        { elements: [yes('a')] },
        {
          elements: [
            { type: 'text', name: 'b', requiredIf: "{a} = 'Yes'" },
            {
              type: 'radiogroup',
              name: 'c',
              isRequired: true,
              choices: ['x', { value: 'y', visibleIf: "{a} = 'No'" }],
            },
            {
              type: 'radiogroup',
              name: 'd',
              isRequired: true,
              choices: [{ value: 'z', visibleIf: "{a} = 'No'" }],
            },
          ],
        },
      ],
    };
    const model = new ScriptedModel({ q1: 'Yes' }, { q2: 'w', q3: 'x' });
    const result = await ask(survey, model);
    expect(statuses(result)).toEqual(['a answered', 'b answered', 'c answered', 'd skipped']);
    expect(model.lastPrompt).toContain('q2. b\n');
    expect(model.lastPrompt).not.toContain('- y');
    expect(result.answers[2]?.shownOptions).toEqual(['x']);
  });

  it('computes, sets and copies values, and uses them in conditions', async () => {
    const survey = {
      pages: [
        {
          elements: [
            { type: 'text', inputType: 'number', name: 'n', isRequired: true },
            { type: 'expression', name: 'twice', expression: '{n} * 2' },
          ],
        },
        {
          elements: [text('big', { title: 'Why {twice}?', visibleIf: '{level} = "high"' }), text('copy')],
        },
      ],
      calculatedValues: [
        { name: 'level', expression: "iif({n} > 5, 'high', 'low')", includeIntoResult: true },
      ],
      triggers: [{ type: 'copyvalue', expression: '{n} > 5', fromName: 'n', setToName: 'copy' }],
    };
    const model = new ScriptedModel({ q1: 6 }, { q2: 'x', q3: 'y' });
    const result = await ask(survey, model);
    expect(result.computed).toEqual({ level: 'high', twice: 12 });
    expect(model.lastPrompt).toContain('q2. Why 12?');
    expect(model.lastPrompt).toContain('q3. copy\n  Preset: 6; repeat it to keep it.');
    expect(model.asked).toEqual([['q1'], ['q2', 'q3']]);
  });

  it('records a default as a preset, uses it in conditions, and removes it if the answer is empty', async () => {
    const survey = {
      elements: [
        { type: 'text', name: 'a', defaultValue: 'Rome' },
        text('b', { visibleIf: '{a} notempty' }),
        text('c', { visibleIf: '{a} empty' }),
      ],
    };
    const model = new ScriptedModel({ q1: '(no answer)' }, { q3: 'x' });
    const result = await ask(survey, model);
    expect(model.requests[0]?.messages[1]?.content).toContain('Preset: Rome; repeat it to keep it.');
    expect(statuses(result)).toEqual(['a answered', 'b skipped', 'c answered']);
  });

  it('does not ask a question that cannot be answered', async () => {
    const survey = {
      elements: [yes('a'), text('b', { enableIf: "{a} = 'No'" }), text('c', { readOnly: true })],
    };
    const result = await ask(survey, new ScriptedModel({ q1: 'Yes' }));
    expect(statuses(result)).toEqual(['a answered', 'b skipped', 'c skipped']);
  });

  it("repeats a question that fails a check, with the file's message", async () => {
    const survey = {
      elements: [
        { type: 'text', inputType: 'number', name: 'low', isRequired: true },
        {
          type: 'text',
          inputType: 'number',
          name: 'high',
          isRequired: true,
          validators: [
            { type: 'expression', expression: '{high} > {low}', text: 'It must be above the first.' },
          ],
        },
      ],
    };
    const model = new ScriptedModel({ q1: 5 }, { q2: 3 }, { q2: 8 });
    const result = await ask(survey, model);
    expect(model.lastPrompt).toContain('It must be above the first.');
    expect(result.answers[1]).toMatchObject({ status: 'answered', value: 8, calls: [1, 2] });
    const failing = await ask(survey, new ScriptedModel({ q1: 5 }, { q2: 3 }, { q2: 4 }));
    expect(failing.answers[1]).toMatchObject({
      status: 'invalid',
      value: null,
      problem: 'It must be above the first.',
    });
  });

  it('asks for the text of "Other", and records "Refuse" as refused', async () => {
    const survey = {
      elements: [
        { type: 'radiogroup', name: 'a', isRequired: true, choices: ['x', 'y'], showOtherItem: true },
        {
          type: 'radiogroup',
          name: 'b',
          isRequired: true,
          choices: ['x', 'y'],
          showRefuseItem: true,
          showDontKnowItem: true,
        },
      ],
    };
    const model = new ScriptedModel({ q1: 'Other (describe)', q3: 'Refuse to answer' }, { q2: 'Mine' });
    const result = await ask(survey, model);
    expect(result.answers).toMatchObject([
      { question: 'a', value: 'other' },
      { question: 'a-Comment', value: 'Mine' },
      { question: 'b', status: 'refused', value: 'refused' },
    ]);
  });
});
