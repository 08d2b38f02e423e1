import { describe, expect, it } from 'vitest';
import type { Interview } from '../answer.ts';
import type { Block, PageElement, Questionnaire } from '../questionnaire.ts';
import { note, number, options, page, questionnaire, single, text } from '../testing/build-questionnaire.ts';
import { ScriptedModel } from '../testing/scripted-model.ts';
import { interview } from './interview.ts';
import type { InterviewOptions } from './interview-options.ts';

function ask(
  survey: Questionnaire,
  model: ScriptedModel,
  more: Partial<InterviewOptions> = {},
  id = 'r1',
): Promise<Interview> {
  return interview(survey, { id, persona: {} }, model, { signal: new AbortController().signal, ...more });
}

const block = (name: string, elements: readonly PageElement[], more: Partial<Block> = {}): Block => ({
  kind: 'block',
  name,
  title: '',
  description: '',
  isGrid: false,
  visibleIf: [],
  order: 'as-listed',
  elements,
  ...more,
});
const towns = options(['l', 'Lyon'], ['p', 'Paris']);

describe('a text that pipes', () => {
  it('displays values of triggers and defaults as option texts, and nothing before they are set', async () => {
    const survey = {
      ...questionnaire(
        [single('a'), text('early', { title: '[{home}] [{other}] [{nobody}]' })],
        [
          text('late', { title: '{home}, {other}, {closed}' }),
          single('home', { options: towns, visibleIf: ['false'] }),
          single('closed', { options: towns, enableIf: ['false'], defaultValue: 'l' }),
        ],
      ),
      triggers: [
        { kind: 'set-value', expression: "{a} = 'Yes'", name: 'home', value: 'p' },
        { kind: 'set-value', expression: "{a} = 'Yes'", name: 'other', value: 'free' },
      ] as const,
    };
    const model = new ScriptedModel({ q1: 'No' }, { q2: 'x' }, { q3: 'y' });
    await ask(survey, model);
    expect(model.requests[1]?.messages[1]?.content).toContain('q2. [] [] [{nobody}]');
    const set = new ScriptedModel({ q1: 'Yes' }, { q2: 'x' }, { q3: 'y' });
    await ask(survey, set);
    expect(set.lastPrompt).toContain('q3. Paris, free, Lyon');
  });

  it('does not display a removed default', async () => {
    const survey = questionnaire(
      [text('a', { isRequired: false, defaultValue: 'Rome' })],
      [text('b', { title: 'In [{a}]' })],
    );
    const model = new ScriptedModel({ q1: '' }, { q2: 'x' });
    await ask(survey, model);
    expect(model.lastPrompt).toContain('q2. In []');
  });
});

describe('values', () => {
  it('of a trigger are set once each time its condition becomes true, and can fire another trigger', async () => {
    const survey: Questionnaire = {
      ...questionnaire([number('a')], [number('b')], [text('c', { title: '{x} {y}' })]),
      triggers: [
        { kind: 'set-value', expression: '{x} = 1', name: 'y', value: 'on' },
        { kind: 'copy-value', expression: '{a} > 0', name: 'x', from: 'a' },
        { kind: 'run-expression', expression: '{b} > 0', name: 'x', run: '{a} + {b}' },
      ],
    };
    const model = new ScriptedModel({ q1: 1 }, { q2: 4 }, { q3: 'z' });
    await ask(survey, model);
    expect(model.lastPrompt).toContain('q3. 5 on');
  });

  it('of both ends of a range are asked in sequence, because a check compares them', async () => {
    const survey = questionnaire([
      number('r.from', { target: ['r', 0] }),
      number('r.to', {
        target: ['r', 1],
        checks: [{ expression: '{r[1]} >= {r[0]}', allowsUnknown: true, message: 'Not below {r.from}.' }],
      }),
    ]);
    const model = new ScriptedModel({ q1: 5 }, { q2: 4 }, { q2: 6 });
    const result = await ask(survey, model);
    expect(model.asked).toEqual([['q1'], ['q2'], ['q2']]);
    expect(model.lastPrompt).toContain('): Not below 5.');
    expect(result.answers[1]).toMatchObject({ status: 'answered', value: 6 });
  });
});

describe('blocks', () => {
  it('display their title in each wave with one of their questions', async () => {
    const row = (name: string, more: object = {}) =>
      single(name, { stem: 'How is it?', target: ['g', name], ...more });
    const survey = questionnaire([
      block('p', [single('a'), text('b', { visibleIf: ["{a} = 'Yes'"] })], {
        title: 'A panel',
        description: 'About it',
      }),
      block('g', [row('g.x'), row('g.y', { visibleIf: ["{a} = 'Yes'"] })], {
        title: 'How is it?',
        isGrid: true,
      }),
    ]);
    const model = new ScriptedModel({ q1: 'Yes', q3: 'No' }, { q2: 'w', q4: 'No' });
    await ask(survey, model);
    const [first = '', second = ''] = model.requests.map(({ messages }) => messages[1]?.content ?? '');
    expect(first).toMatch(/^A panel\nAbout it\nq1\. Title of a\n[\s\S]*How is it\?\nq3\. Title of g\.x\n/);
    expect(second).toContain('- How is it?: Title of g.x: No\n');
    expect(second.split('\n\n')[1]).toMatch(
      /^A panel\nAbout it\nq2\. Title of b\n.*\nHow is it\?\nq4\. Title of g\.y\n/,
    );
  });

  it('offer rows different options in the same order', async () => {
    const row = (name: string, hidden: string) =>
      single(name, {
        options: options('a', 'b', 'c', 'd', 'e').map((option) =>
          option.value === hidden ? { ...option, visibleIf: ['false'] } : option,
        ),
      });
    const survey = questionnaire([block('g', [row('x', 'a'), row('y', 'e')], { isGrid: true })]);
    for (let person = 0; person < 20; person += 1) {
      const options = { randomizeOptions: true };
      const result = await ask(survey, new ScriptedModel({ q1: 'b', q2: 'b' }), options, `P${person}`);
      const [x, y] = result.answers.map(({ shownOptions }) =>
        shownOptions?.filter((value) => value !== 'a' && value !== 'e'),
      );
      expect(x).toHaveLength(3);
      expect(x).toEqual(y);
    }
  });

  it('are shuffled as a whole, with notes before their questions, and the last note last', async () => {
    const survey = questionnaire(
      page(
        [
          note('Of a.'),
          text('a'),
          block('p', [text('b'), text('c')], { title: 'Panel' }),
          text('d'),
          note('The end.'),
        ],
        { order: 'random' },
      ),
    );
    const orders = new Set<string>();
    for (let person = 0; person < 40; person += 1) {
      const model = new ScriptedModel({ q1: 'x', q2: 'x', q3: 'x', q4: 'x' });
      const { askedOrder } = await ask(survey, model, {}, `P${person}`);
      expect(model.lastPrompt).toMatch(/Of a\.\nq1\./);
      expect(model.lastPrompt).toMatch(/Panel\nq2\.[\s\S]*\nq3\./);
      expect(model.lastPrompt).toMatch(/\nThe end\.$/);
      orders.add(askedOrder.join(''));
    }
    expect([...orders].sort()).toEqual(['abcd', 'adbc', 'bcad', 'bcda', 'dabc', 'dbca']);
  });
});

describe("the cost of a survey's expressions", () => {
  const doubling = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `v${index}`,
      target: [`v${index}`],
      expression: index === 0 ? '{a}' : `{v${index - 1}}+{v${index - 1}}`,
      isResult: false,
      visibleIf: [],
      precision: null,
      display: null,
    }));

  it('is limited if values double: the interview fails and names the expression', async () => {
    const survey = { ...questionnaire([text('a')]), computed: doubling(60) };
    await expect(ask(survey, new ScriptedModel({ q1: 'x'.repeat(100) }))).rejects.toMatchObject({
      code: 'VALUE_TOO_LONG',
      message: expect.stringContaining('"{v6}+{v6}" yields 12800 characters; at most 10000'),
    });
  });

  it('is limited by their terms, also for a stored questionnaire', () => {
    const long = Array.from({ length: 2_000 }, () => '1').join('+');
    const survey = questionnaire([text('a', { visibleIf: Array.from({ length: 60 }, () => `${long} > 0`) })]);
    expect(() => ask(survey, new ScriptedModel({ q1: 'x' }))).toThrow('240060 terms');
  });
});
