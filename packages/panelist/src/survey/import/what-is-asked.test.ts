import { describe, expect, it } from 'vitest';
import type { Interview } from '../answer.ts';
import { interview } from '../interview/interview.ts';
import { questionsOf } from '../questionnaire.ts';
import type { Json } from '../testing/imported-survey.ts';
import { ScriptedModel } from '../testing/scripted-model.ts';
import { importSurvey, importSurveyJs } from './import-surveyjs.ts';

/** Holds an interview; each prompt is that of one request. */
async function asked(
  survey: Json,
  ...script: readonly Record<string, unknown>[]
): Promise<{ prompts: string[]; result: Interview; values: Record<string, unknown> }> {
  const model = new ScriptedModel(...script);
  const { signal } = new AbortController();
  const result = await interview(importSurveyJs(survey), { id: 'r', persona: {} }, model, { signal });
  const prompts = model.requests.map(({ messages }) => messages.at(-1)?.content ?? '');
  const values = Object.fromEntries(result.answers.map(({ question, value }) => [question, value]));
  return { prompts, result, values };
}

const text = (name: string, more: Json = {}): Json => ({
  type: 'text',
  name,
  title: `Title of ${name}`,
  ...more,
});

describe('prompts', () => {
  it('contain both ends of a range slider, the second limited by the first', async () => {
    const title = 'Between what and what should a cup cost, in cents?';
    const slider = { type: 'slider', sliderType: 'range', name: 'price', title, min: 0, max: 300 };
    const { prompts, values } = await asked({ elements: [slider] }, { q1: 210 }, { q2: 200 }, { q2: 280 });
    expect(prompts[0]).toBe(`q1 (optional). ${title} – From\n  Give a whole number from 0 to 300.`);
    expect(prompts[1]).toContain(`q2 (optional). ${title} – To\n  Give a whole number from 210 to 300.`);
    expect(prompts[2]).toContain('200 is not a whole number from 210 to 300');
    expect(values).toEqual({ 'price.from': 210, 'price.to': 280 });
  });

  it.each([
    ['en', 'Choose all that apply, at least one, as a list; "Sold out", "None" only alone:'],
    ['zh-cn', '选择所有符合的选项，至少一项，以列表形式给出；"Sold out"、"无"只能单独选择：'],
  ])('name the exclusive options in %s', async (locale, task) => {
    const choices = ['a', 'b', { value: 'Sold out', isExclusive: true }];
    const several = { type: 'checkbox', name: 'q', title: 'Which?', choices, isRequired: true };
    const { prompts } = await asked(
      { locale, elements: [{ ...several, showNoneItem: true }] },
      { q1: ['a'] },
    );
    expect(prompts[0]).toContain(task);
    const one = await asked({ locale, elements: [{ ...several, maxSelectedChoices: 1 }] }, { q1: ['a'] });
    expect(one.prompts[0]).not.toContain('Sold out"');
  });

  it.each([
    [-1, 0],
    [1.5, 1],
    [1e9, 2],
  ])('contain the possible entries if a trigger sets their number to %d', async (setValue, entries) => {
    const list = {
      type: 'paneldynamic',
      name: 'pets',
      title: 'Pets',
      maxPanelCount: 2,
      templateElements: [text('name')],
    };
    const { result } = await asked(
      {
        pages: [
          { elements: [text('a')] },
          { elements: [text('b'), { ...list, readOnly: true }] },
          { elements: [text('c', { visibleIf: `{pets.length} = ${entries}` })] },
        ],
        triggers: [{ type: 'setvalue', expression: "{a} = 'x'", setToName: 'pets-count', setValue }],
      },
      { q1: 'x' },
      { q2: 'y' },
      { q6: 'z' },
    );
    expect(result.askedOrder).toContain('c');
  });

  it('repeat the question for a unique cell equal to a later cell that was asked before', async () => {
    const grid = {
      type: 'matrixdropdown',
      name: 'g',
      title: 'Grid',
      rows: [{ value: 'r1', visibleIf: "{x} = 'y'" }, 'r2'],
      columns: [{ name: 'key', cellType: 'text', isUnique: true }],
    };
    const { result, values } = await asked(
      { elements: [grid, text('x')] },
      { q2: 'same', q3: 'y' },
      { q1: 'Same' },
      { q1: 'other' },
    );
    expect(result.calls).toHaveLength(3);
    expect(values).toMatchObject({ 'g.r1.key': 'other', 'g.r2.key': 'same' });
  });

  it('are separate for respondents with different texts', async () => {
    const html = (said: string, visibleIf: string): Json => ({ type: 'html', html: said, visibleIf });
    const questionnaire = importSurveyJs({
      pages: [
        { elements: [text('x')] },
        // The name under which the page's first text is cached.
        { elements: [html('n0', "{x} = '1'")] },
        { elements: [html('Only for the others.', "{x} = '2'"), text('a')] },
      ],
    });
    const prompts: (string | undefined)[] = [];
    for (const x of ['1', '2']) {
      const model = new ScriptedModel({ q1: x }, { q2: 'y' });
      await interview(questionnaire, { id: x, persona: {} }, model, { signal: new AbortController().signal });
      prompts.push(model.requests[1]?.messages.at(-1)?.content);
    }
    expect(prompts[0]).toContain('\nn0\nq2');
    expect(prompts[1]).toContain('\nOnly for the others.\nq2');
  });

  it('reflect triggers that refer to questions with dots in their names', async () => {
    const on = { expression: '{q.1} = 1' };
    const { result, prompts } = await asked(
      {
        pages: [
          { elements: [text('q.1', { inputType: 'number' })] },
          { elements: [text('b', { title: 'After {set} and {q.1}' })] },
        ],
        triggers: [
          { type: 'setvalue', ...on, setToName: 'set', setValue: 'one' },
          { type: 'copyvalue', ...on, setToName: 'copy', fromName: 'q.1' },
        ],
      },
      { q1: 1 },
      { q2: 'x' },
    );
    expect(result.computed).toEqual({ set: 'one', copy: 1 });
    expect(prompts[1]).toContain('After one and 1');
  });

  it('name the question of an "Other" text and of a comment', async () => {
    const choice = (name: string, more: Json): Json => ({
      type: 'radiogroup',
      name,
      title: `Which ${name}?`,
      choices: ['a', 'b'],
      ...more,
    });
    const elements = [
      choice('bus', { showOtherItem: true }),
      choice('train', { showOtherItem: true }),
      choice('car', { showCommentArea: true }),
    ];
    const { prompts } = await asked(
      { elements },
      { q1: 'Other (describe)', q3: 'Other (describe)', q5: 'a', q6: 'x' },
      { q2: 'x', q4: 'y' },
    );
    expect(prompts[0]).toContain('Which car? – Please leave a comment');
    expect(prompts[1]).toContain('q2. Which bus? – Other (describe)\n');
    expect(prompts[1]).toContain('q4. Which train? – Other (describe)\n');
  });

  it.each(['page', 'question'] as const)('pipes what was written for "Other": by %s', async (ask) => {
    const survey = {
      elements: [
        { type: 'dropdown', name: 'a', title: 'Which?', choices: ['x', 'y'], showOtherItem: true },
        text('b', { title: 'Why {a}?' }),
      ],
    };
    const model = new ScriptedModel({ q1: 'Other (describe)' }, { q2: 'a green one' }, { q3: 'so' });
    const { signal } = new AbortController();
    await interview(importSurveyJs(survey), { id: 'r', persona: {} }, model, { signal, ask });
    expect(model.lastPrompt).toContain('Why a green one?');
  });

  it('contain texts that depend on an answer of the same page, before the following questions', async () => {
    const elements = [
      { type: 'radiogroup', name: 'party', title: 'Which party?', choices: ['A', 'B'] },
      {
        type: 'html',
        name: 'plan',
        html: '<p>Read: party A plans a bridge.</p>',
        visibleIf: "{party} = 'A'",
      },
      { type: 'html', name: 'other', html: 'Read: party B plans a park.', visibleIf: "{party} = 'B'" },
      text('like', { title: 'How do you like the plan?' }),
      { type: 'panel', name: 'p', title: 'About {party}', elements: [text('more')] },
    ];
    const { prompts } = await asked({ elements }, { q1: 'A' }, { q2: 'much', q3: 'no' });
    expect(prompts[0]).not.toContain('Read:');
    expect(prompts[1]).toContain('Read: party A plans a bridge.\nq2 (optional). How do you like the plan?');
    expect(prompts[1]).toContain('About A\nq3 (optional). Title of more');
    expect(prompts[1]).not.toContain('park');
  });

  it('contain the texts of a page without questions, and those after the last question, with the next page', async () => {
    const pages = [
      { title: 'Welcome', elements: [{ type: 'html', name: 'intro', html: 'Please imagine a market.' }] },
      { elements: [text('a'), { type: 'html', name: 'thanks', html: 'Thank you, {a}.' }] },
      { elements: [text('b')] },
    ];
    const { prompts } = await asked({ pages }, { q1: 'Ada' }, { q2: 'x' });
    expect(prompts[0]).toBe(
      'Welcome\nPlease imagine a market.\nq1 (optional). Title of a\n  Answer in a few words.',
    );
    expect(prompts[1]).toContain('\n\nThank you, Ada.\nq2 (optional). Title of b');
  });

  it('are written in the language of the survey', async () => {
    const survey = {
      locale: 'zh-cn',
      title: '出行',
      elements: [
        { type: 'radiogroup', name: 'a', title: '你怎么上班？', choices: ['步行', '公交'], isRequired: true },
        { type: 'slider', sliderType: 'range', name: 'b', title: '通勤时间？' },
      ],
    };
    const { prompts } = await asked(survey, { q1: '开车', q2: 5 }, { q1: '步行' }, { q3: 9 });
    expect(prompts[0]).toBe(
      'q1. 你怎么上班？\n  选择一项：\n  - 步行\n  - 公交\nq2（选答）. 通勤时间？ – 从\n  填写一个 0 到 100 之间的整数。',
    );
    expect(prompts[1]).toMatch(/^以下回答不符合要求：\n- q1 \(你怎么上班？\)：.*请原样重复一个选项/);
    expect(prompts[2]).toContain('你此前的回答：\n');
  });

  it('state the checks: mask, unique rows, and at least one answer', async () => {
    const mask = (maskType: string, pattern: string): Json => ({ maskType, maskSettings: { pattern } });
    const columns = [{ name: 'who', title: 'Name', cellType: 'text', isUnique: true }];
    const elements = [
      text('phone', mask('pattern', '+1 999-aa')),
      text('day', mask('datetime', 'dd/mm/yyyy')),
      { type: 'matrixdropdown', name: 'g', title: 'Team', columns, rows: ['r1', 'r2'], isRequired: true },
    ];
    const { prompts, values } = await asked(
      { elements },
      { q1: '+1 123-xy', q2: '31/12/2026', q3: 'Ada', q4: 'ada' },
      { q4: 'Bob' },
    );
    expect(prompts[0]).toContain(
      'Write it in the form +1 999-aa, where 9 is a digit, a a letter, and # either.',
    );
    expect(prompts[0]).toContain('Write it in the form dd/mm/yyyy.');
    expect(prompts[0]).toContain(
      'No two rows may have the same answer to “Name”. At least one of these needs an answer.',
    );
    expect(prompts[1]).toContain('it must differ from the same answer in the other rows');
    expect(values).toEqual({ phone: '+1 123-xy', day: '31/12/2026', 'g.r1.who': 'Ada', 'g.r2.who': 'Bob' });
  });

  it("contain the labels of a slider, also under other front ends' names", async () => {
    const labels = [
      { value: 0, text: '0: Very cold' },
      { value: 10, text: '' },
      { value: 50, text: 'Neutral' },
    ];
    const elements = [
      { type: 'slider', name: 'a', title: 'How?', customLabels: labels },
      { type: 'text', inputType: 'range', name: 'b', title: 'And?', valueLabels: labels },
    ];
    const { prompts } = await asked({ elements }, { q1: 1, q2: 2 });
    expect(prompts[0]?.match(/from 0 to 100 \(0 = Very cold, 50 = Neutral\)\./g)).toHaveLength(2);
  });

  it('contain the value of an option without a text in the language', () => {
    const choices = [
      { value: 1, text: { ar: 'نعم' } },
      { value: 2, text: { ar: 'لا', en: 'No' } },
    ];
    const [question] = questionsOf(
      importSurveyJs(
        { elements: [{ type: 'radiogroup', name: 'a', title: 'x', choices }] },
        { locale: 'en' },
      ),
    );
    expect(question && 'options' in question && question.options.map(({ text: shown }) => shown)).toEqual([
      '1',
      'No',
    ]);
  });
});

describe('recorded values', () => {
  it('include computed values that depend on each other, in any order', async () => {
    const survey = {
      elements: [
        { type: 'text', inputType: 'number', name: 'n' },
        { type: 'expression', name: 'total', expression: '{sub} * 2' },
        { type: 'expression', name: 'sub', expression: '{n} + 1', displayStyle: 'currency', currency: 'EUR' },
        { type: 'expression', name: 'third', expression: '{n} / 3', precision: 2, format: 'about {0}' },
        { type: 'expression', name: 'due', expression: "dateAdd('2026-02-27', {n}, 'days')" },
        text('b', { title: '{sub}, {third}?' }),
      ],
    };
    const { result, prompts } = await asked(survey, { q1: 10 }, { q2: 'x' });
    expect(result.computed).toEqual({ sub: 11, total: 22, third: 3.33, due: '2026-03-09' });
    expect(prompts[1]).toContain('€11.00, about 3.33?');
  });

  it('include a computed text with its special characters unchanged', async () => {
    const says = { type: 'expression', name: 'says', expression: '{a}', format: 'Said: {0}' };
    const { prompts } = await asked(
      { elements: [text('a'), says, text('b', { title: '{says}?' })] },
      { q1: 'x$&y' },
      { q2: 'z' },
    );
    expect(prompts[1]).toContain('Said: x$&y?');
  });

  it('do not include an answer that was cleared when its question was hidden, even if it is displayed again', async () => {
    const set = (expression: string, setValue: number): Json => ({
      type: 'setvalue',
      expression,
      setToName: 'v',
      setValue,
    });
    const { result } = await asked(
      {
        clearInvisibleValues: 'onHidden',
        pages: ['a', 'b', 'c'].map((name) => ({
          elements: [text(name, name === 'a' ? { visibleIf: '{v} <> 1' } : {})],
        })),
        triggers: [set("{b} = 'hide'", 1), set("{c} = 'show'", 2)],
      },
      { q1: 'x' },
      { q2: 'hide' },
      { q3: 'show' },
    );
    expect(result.computed).toEqual({ v: 2 });
    expect(result.answers[0]).toMatchObject({ status: 'skipped', value: null, raw: '"x"' });
  });

  it('include read-only defaults and values of triggers as presets', async () => {
    const survey = {
      elements: [
        { ...text('group'), readOnly: true, defaultValue: 'treatment' },
        text('a', { visibleIf: "{group} = 'treatment'" }),
        { ...text('hidden'), visible: false, defaultValue: 'x' },
        { ...text('flagged'), readOnly: true },
      ],
      triggers: [
        { type: 'setvalue', expression: '{a} notempty', setToName: 'flagged', setValue: 'yes' },
        { type: 'setvalue', expression: '{a} notempty', setToName: 'score', setValue: 5 },
      ],
    };
    const { result } = await asked(survey, { q2: 'me' });
    expect(result.answers.map(({ question, status, value }) => [question, status, value])).toEqual([
      ['group', 'preset', 'treatment'],
      ['a', 'answered', 'me'],
      ['hidden', 'skipped', null],
      ['flagged', 'preset', 'yes'],
    ]);
    expect(result.computed).toEqual({ score: 5 });
  });

  it("include the respondent's answer even if a trigger sets another value", async () => {
    const triggers = [{ type: 'setvalue', expression: "{b} = 'x'", setToName: 'a', setValue: 'set' }];
    const pages = [
      { elements: [text('a')] },
      { elements: [text('b')] },
      { elements: [text('c', { title: 'Why {a}?' })] },
    ];
    const { prompts, values } = await asked({ pages, triggers }, { q1: 'own' }, { q2: 'x' }, { q3: 'z' });
    expect(prompts[2]).toContain('Why set?');
    expect(values).toEqual({ a: 'own', b: 'x', c: 'z' });
  });

  it('are checked by an either-or over empty optional questions', async () => {
    const either = {
      type: 'expression',
      expression: '{a} notempty or {b} notempty',
      text: 'Give one of both.',
    };
    const elements = [text('a', { validators: [either] }), text('b')];
    const { prompts, values } = await asked(
      { elements },
      { q2: '(no answer)' },
      { q1: '(no answer)' },
      { q1: 'x' },
    );
    expect(prompts.at(-1)).toContain('Give one of both.');
    expect(values).toEqual({ a: 'x', b: null });
  });

  it('have no limit computed from an empty answer, and one computed from a given answer', async () => {
    const survey = (optional: Json) => ({
      elements: [
        { type: 'text', inputType: 'number', name: 'a', title: 'A?', ...optional },
        { type: 'text', inputType: 'number', name: 'b', title: 'B?', maxValueExpression: '{a}' },
      ],
    });
    const empty = await asked(survey({}), { q1: '(no answer)' }, { q2: 7 });
    expect(empty.prompts[1]).toContain('Give a number.');
    expect(empty.values).toEqual({ a: null, b: 7 });
    const given = await asked(survey({}), { q1: 5 }, { q2: 4 });
    expect(given.prompts[1]).toContain('Give a number, at most 5.');
  });

  it('include carried-forward choices, filtered, with the text of "Other"', async () => {
    const elements = [
      { type: 'checkbox', name: 'a', title: 'A?', choices: ['x', 'y', 'z'], showOtherItem: true },
      {
        type: 'checkbox',
        name: 'b',
        title: 'B?',
        choices: ['own'],
        choicesFromQuestion: 'a',
        choicesFromQuestionMode: 'selected',
        choicesVisibleIf: "{item} <> 'y'",
      },
    ];
    const { prompts, values } = await asked(
      { elements },
      { q1: ['x', 'y', 'Other (describe)'] },
      { q2: 'a fourth' },
      { q3: ['x', 'a fourth'] },
    );
    expect(prompts[2]).toContain('as a list:\n  - x\n  - a fourth');
    expect(prompts[2]).not.toContain('own');
    expect(values.b).toEqual(['x', 'other']);
  });

  it('require one answer of a required grid or panel, and every row only if the file says so', async () => {
    const grid = {
      type: 'matrix',
      name: 'g',
      title: 'G',
      columns: ['l', 'h'],
      rows: ['r1', 'r2'],
      isRequired: true,
    };
    const { prompts, values } = await asked(
      { elements: [grid] },
      { q1: '(no answer)', q2: '(no answer)' },
      { q1: 'l', q2: '(no answer)' },
    );
    expect(prompts[1]).toContain('at least one question of its group needs an answer');
    expect(values).toEqual({ 'g.r1': 'l', 'g.r2': null });
  });

  it('continue after the questions that a skip trigger skips', async () => {
    const pages = [{ elements: [text('a')] }, { elements: [text('b')] }, { elements: [text('c')] }];
    const triggers = [{ type: 'skip', expression: "{a} = 'x'", gotoName: 'c' }];
    const { values } = await asked({ pages, triggers }, { q1: 'x' }, { q3: 'z' });
    expect(values).toEqual({ a: 'x', b: null, c: 'z' });
  });

  it('include questions before the skipping one, even in a later request', async () => {
    const kids = {
      type: 'paneldynamic',
      name: 'kids',
      maxPanelCount: 2,
      templateElements: [text('age', { isRequired: true })],
    };
    const pages = [
      { elements: [kids, text('a'), text('why', { visibleIf: '{a} notempty' })] },
      { elements: [text('b')] },
      { elements: [text('c')] },
    ];
    const triggers = [{ type: 'skip', expression: "{a} = 'x'", gotoName: 'c' }];
    const { values } = await asked({ pages, triggers }, { q1: 1, q4: 'x' }, { q2: '7' }, { q7: 'z' });
    expect(values).toEqual({
      'kids-count': 1,
      'kids[0].age': '7',
      'kids[1].age': null,
      a: 'x',
      why: null,
      b: null,
      c: 'z',
    });
  });

  it('include questions that waited for a skipped one, in page order', async () => {
    const drink = {
      type: 'radiogroup',
      name: 'drink',
      isRequired: true,
      choices: ['Tea'],
      showOtherItem: true,
    };
    const elements = [
      drink,
      { type: 'html', name: 'h', html: 'About you.', visibleIf: '{drink} notempty' },
      text('mood', { title: 'How is the {drink}?' }),
      text('often'),
    ];
    const { prompts } = await asked({ elements }, { q1: 'Tea' }, { q3: 'good', q4: 'daily' });
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toMatch(/About you\.\n[\s\S]*How is the Tea\?[\s\S]*often/);
  });

  it('count years from the time of the deployment', async () => {
    const survey = {
      elements: [text('born', { inputType: 'date' }), text('adult', { visibleIf: 'age({born}) >= 18' })],
    };
    const { signal } = new AbortController();
    const on = async (now: number) => {
      const model = new ScriptedModel({ q1: '2008-06-01' }, { q2: 'x' });
      const result = await interview(importSurveyJs(survey), { id: 'r', persona: {} }, model, {
        signal,
        now,
      });
      return result.answers[1]?.status;
    };
    expect(await on(Date.UTC(2026, 4, 1, 12))).toBe('skipped');
    expect(await on(Date.UTC(2026, 6, 1, 12))).toBe('answered');
  });
});

describe('skipped elements', () => {
  const survey = {
    pages: [
      {
        elements: [
          text('a'),
          { type: 'file', name: 'photo', title: 'A photo' },
          text('b', { visibleIf: 'ownFunction({a})' }),
          { type: 'dropdown', name: 'city', title: 'Where?', choicesByUrl: { url: 'https://example.org' } },
        ],
      },
    ],
  };

  it('are listed if skipping is allowed', () => {
    const { questionnaire } = importSurvey(survey, {
      unsupported: 'skip',
      choices: new Map([['city', ['Bonn', 'Köln']]]),
    });
    expect(questionsOf(questionnaire).map(({ name }) => name)).toEqual(['a', 'b', 'city']);
    expect(questionsOf(questionnaire)[2]).toMatchObject({ options: [{ value: 'Bonn' }, { value: 'Köln' }] });
    expect(questionnaire.skipped.map(({ path, element }) => [path, element])).toEqual([
      ['pages[0].elements[1]', 'photo'],
      ['pages[0].elements[2].visibleIf', 'b'],
    ]);
  });

  it('are otherwise rejected as unsupported, with their position and original condition', () => {
    const panel = {
      type: 'paneldynamic',
      name: 'kids',
      templateElements: [text('n'), text('m', { visibleIf: 'own({panel.n}) = 1' })],
    };
    expect(() => importSurvey({ elements: [panel] })).toThrow(
      /elements\[0\]\.templateElements\[1\]\.visibleIf \("m"\): the condition "own\(\{panel\.n\}\) = 1" calls own\(\)/,
    );
    expect(() => importSurvey(survey)).toThrow(expect.objectContaining({ code: 'SURVEY_UNSUPPORTED' }));
  });

  it('warn about a question without a title', () => {
    const { warnings } = importSurvey({ elements: [{ type: 'text', name: 'q1' }, text('b')] });
    expect(warnings).toMatchObject([
      { path: 'elements[0]', element: 'q1', text: expect.stringContaining('no title') },
    ]);
  });
});
