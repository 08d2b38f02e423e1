import { readFileSync } from 'node:fs';
import { FunctionFactory } from 'survey-core';
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatRequest } from '../../models/chat-model.ts';
import type { Answer } from '../answer.ts';
import { interview } from '../interview/interview.ts';
import { planOf } from '../interview/make-plan.ts';
import { measurementOf } from '../measurement.ts';
import { questionsOf } from '../questionnaire.ts';
import { failure, type Json } from '../testing/imported-survey.ts';
import { type ImportOptions, type ImportWarning, importSurvey } from './import-surveyjs.ts';

/** What a respondent who answers by the questions' names makes of a survey. */
interface Walk {
  readonly prompts: readonly string[];
  /** The names of the questions of each request, those that ask again left out. */
  readonly asked: readonly (readonly string[])[];
  readonly warnings: readonly ImportWarning[];
  readonly computed: Readonly<Record<string, unknown>>;
  readonly of: (name: string) => Pick<Answer, 'status' | 'value' | 'problem'> | undefined;
}

/** Noon of 1 March 2026. */
const now = Date.UTC(2026, 2, 1, 12);

async function walk(json: unknown, said: Json = {}, options: ImportOptions = {}): Promise<Walk> {
  const { questionnaire, warnings } = importSurvey(json, options);
  const names = new Map(
    planOf(questionnaire, 'page').questions.map((each) => [each.key, each.question.name]),
  );
  const prompts: string[] = [];
  const asked: string[][] = [];
  const model: ChatModel = {
    id: 'named/model',
    async reply({ messages, replySchema }: ChatRequest) {
      const keys = Object.keys(replySchema?.schema.properties as object);
      prompts.push(messages.at(-1)?.content ?? '');
      if (!messages.some(({ role }) => role === 'assistant'))
        asked.push(keys.map((key) => names.get(key) as string));
      const reply = keys.map((key) => [key, said[names.get(key) as string] ?? '(no answer)']);
      const text = JSON.stringify(Object.fromEntries(reply));
      return {
        text,
        finishReason: 'stop',
        returnedModel: 'm',
        inputTokens: 1,
        outputTokens: 1,
        elapsedMs: 1,
      };
    },
  };
  const { signal } = new AbortController();
  const result = await interview(questionnaire, { id: 'r', persona: {} }, model, { signal, now });
  const of = (name: string): Answer | undefined => result.answers.find(({ question }) => question === name);
  return { prompts, asked, warnings, computed: result.computed, of };
}

/** A survey of one page on which all that can be is required. */
function on(...elements: Json[]): Json {
  const cannot = ['html', 'image', 'expression'];
  return {
    elements: elements.map((element) =>
      cannot.includes(String(element.type)) ? element : { isRequired: true, ...element },
    ),
  };
}

const ab = { choices: ['a', 'b'], title: 'Which?' };
const text = (name: string, more: Json = {}): Json => ({ type: 'text', name, title: `${name}?`, ...more });

function page(name: string): string {
  return readFileSync(new URL(`../../../../../docs/${name}`, import.meta.url), 'utf8');
}

/** The rows of all tables: what is in their first column. */
function rowsOf(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^\| (.*?) \|/gm), ([, cell]) => cell as string).filter(
    (cell) => cell !== 'SurveyJS',
  );
}

const tested: string[] = [];

/** A row of docs/surveyjs.md by its first column; what it says is what the test shows. */
function states(row: string, test: () => Promise<void> | void): void {
  tested.push(row);
  it(row, test);
}

describe('docs/surveyjs.md: questions', () => {
  states('`radiogroup`, `dropdown`, `buttongroup`', async () => {
    for (const type of ['radiogroup', 'dropdown', 'buttongroup']) {
      const { prompts, of } = await walk(on({ type, name: 'q', ...ab }), { q: 'b' });
      expect(prompts[0]).toBe('q1. Which?\n  Choose one:\n  - a\n  - b');
      expect(of('q')).toMatchObject({ status: 'answered', value: 'b' });
    }
  });

  states('`boolean`', async () => {
    const plain = { type: 'boolean', name: 'q', title: 'Tea?' };
    const { prompts, of } = await walk(on(plain), { q: 'Yes' });
    expect(prompts[0]).toContain('- Yes\n  - No');
    expect(of('q')?.value).toBe(true);
    const named = { ...plain, labelTrue: 'Yea', labelFalse: 'Nay', valueTrue: 'y', valueFalse: 'n' };
    expect((await walk(on(named), { q: 'Nay' })).of('q')?.value).toBe('n');
  });

  states('`measurementLevel`', () => {
    const levels = (...elements: Json[]) =>
      questionsOf(importSurvey(on(...elements)).questionnaire).map(
        (question) => measurementOf(question).level,
      );
    const choices = ['Agree', 'Neither', 'Disagree'];
    const scale = { type: 'radiogroup', name: 'q', title: 'Which?', choices };
    expect(levels(scale, { ...scale, name: 'r', measurementLevel: 'nominal' })).toEqual([
      'ordinal',
      'nominal',
    ]);
    expect(levels({ ...scale, choices: ['Red', 'Green'], measurementLevel: 'ordinal' })).toEqual(['ordinal']);
    const grid = { type: 'matrix', name: 'm', title: 'Rate', columns: ['x', 'y', 'z'], rows: ['a', 'b'] };
    expect(levels({ ...grid, measurementLevel: 'ordinal' })).toEqual(['ordinal', 'ordinal']);
    const columns = [
      { name: 'c', cellType: 'dropdown', choices, measurementLevel: 'nominal' },
      { name: 'd', cellType: 'dropdown', choices },
    ];
    expect(levels({ type: 'matrixdropdown', name: 'm', title: 'Rate', columns, rows: ['a'] })).toEqual([
      'nominal',
      'ordinal',
    ]);
  });

  states('`imagepicker`', async () => {
    const choices = [
      { value: 1, text: 'Lion', imageLink: 'https://example.org/lion.png' },
      { value: 2, text: 'Bear' },
    ];
    const picker = { type: 'imagepicker', name: 'q', title: 'Which?', choices };
    const { prompts, of } = await walk(on(picker), { q: 'Lion' });
    expect(prompts[0]).toContain('Choose one:\n  - Lion\n  - Bear');
    expect(of('q')?.value).toBe(1);
    const several = await walk(on({ ...picker, multiSelect: true }), { q: ['Lion', 'Bear'] });
    expect(several.of('q')?.value).toEqual([1, 2]);
  });

  states('`checkbox`, `tagbox`', async () => {
    for (const type of ['checkbox', 'tagbox']) {
      const choices = ['a', 'b', 'c', 'd'];
      const bounds = { minSelectedChoices: 2, maxSelectedChoices: 3 };
      const question = { type, name: 'q', title: 'Which?', choices, ...bounds };
      const { prompts, of } = await walk(on(question), { q: ['a', 'c'] });
      expect(prompts[0]).toContain('Choose 2 to 3, as a list:');
      expect(of('q')?.value).toEqual(['a', 'c']);
      expect((await walk(on(question), { q: ['a'] })).of('q')?.status).toBe('invalid');
    }
  });

  states('`ranking`', async () => {
    const ranking = { type: 'ranking', name: 'q', title: 'Order?', choices: ['a', 'b', 'c'] };
    const all = await walk(on(ranking), { q: ['c', 'a', 'b'] });
    expect(all.prompts[0]).toContain('Rank all 3, the first the highest, as a list:');
    expect(all.of('q')?.value).toEqual(['c', 'a', 'b']);
    const some = await walk(on({ ...ranking, selectToRankEnabled: true }), { q: ['c'] });
    expect(some.of('q')).toMatchObject({ status: 'answered', value: ['c'] });
  });

  states('`rating`', async () => {
    const ends = { minRateDescription: 'Bad', maxRateDescription: 'Good' };
    const { prompts, of } = await walk(
      on({ type: 'rating', name: 'q', title: 'How?', rateMax: 3, ...ends }),
      {
        q: 3,
      },
    );
    expect(prompts[0]).toContain('Choose one number: 1 (Bad), 2, 3 (Good)');
    expect(of('q')?.value).toBe(3);
    const listed = { type: 'rating', name: 'q', title: 'How?', rateValues: [{ value: 1, text: 'So' }, 2] };
    expect((await walk(on(listed), { q: 1 })).prompts[0]).toContain('1 (So), 2');
  });

  states('`text`', async () => {
    const forms = {
      number: ['a number', 1.5],
      range: ['a whole number from 0 to 100', 5],
      date: ['a date as YYYY-MM-DD', '2026-01-31'],
      'datetime-local': ['a date and time as YYYY-MM-DDTHH:MM', '2026-01-31T09:30'],
      month: ['a month as YYYY-MM', '2026-01'],
      week: ['a week as YYYY-Www', '2026-W05'],
      time: ['a time as HH:MM', '09:30'],
      email: ['an e-mail address', 'a@example.org'],
      url: ['a web address', 'https://example.org'],
      tel: ['a telephone number', '+1 555 0100'],
      color: ['a colour as #rrggbb', '#ff0000'],
    };
    for (const [inputType, [form, value]] of Object.entries(forms)) {
      const { prompts, of } = await walk(on(text('q', { inputType })), { q: value });
      expect(prompts[0]).toContain(`Give ${form}.`);
      expect(of('q')).toMatchObject({ status: 'answered', value });
    }
    expect((await walk(on(text('q')), { q: 'x' })).prompts[0]).toContain('Answer in a few words.');
  });

  states('`comment`', async () => {
    const { prompts, of } = await walk(on(text('q', { type: 'comment' })), { q: 'So it is.' });
    expect(prompts[0]).toContain('Answer in a sentence or a few.');
    expect(of('q')?.value).toBe('So it is.');
  });

  states('`maskType`', async () => {
    const masked = (maskType: string, maskSettings: Json): Json => on(text('q', { maskType, maskSettings }));
    for (const maskType of ['numeric', 'currency'])
      expect((await walk(masked(maskType, { min: 1, max: 5 }), { q: 3 })).prompts[0]).toContain(
        'Give a number from 1 to 5.',
      );
    for (const [maskType, pattern, fits, not] of [
      ['pattern', '99-aa', '12-xy', '1-xy'],
      ['datetime', 'dd/mm/yyyy', '31/12/2020', '12/31/2020'],
      ['datetime', 'ddmmyyyy', '31122020', '12312020'],
      ['datetime', 'H:M:s', '9:5:0', '9:60:0'],
    ] as const) {
      expect((await walk(masked(maskType, { pattern }), { q: fits })).of('q')?.status).toBe('answered');
      const { status, problem } = (await walk(masked(maskType, { pattern }), { q: not })).of('q') ?? {};
      expect([status, problem]).toEqual(['invalid', `it must match ${pattern}`]);
    }
  });

  states('`slider`', async () => {
    const plain = { type: 'slider', name: 'q', title: 'How?' };
    expect((await walk(on(plain), { q: 5 })).prompts[0]).toContain('Give a whole number from 0 to 100.');
    const labels = [
      { value: 10, text: 'Never' },
      { value: 20, text: 'Always' },
    ];
    for (const key of ['customLabels', 'valueLabels']) {
      const { prompts } = await walk(on({ ...plain, min: 10, max: 20, [key]: labels }), { q: 10 });
      expect(prompts[0]).toContain('from 10 to 20 (10 = Never, 20 = Always).');
    }
  });

  states('`slider` with `sliderType: range`', async () => {
    const range = on({ type: 'slider', sliderType: 'range', name: 'p', title: 'Price?', max: 50 });
    const { prompts, asked, of } = await walk(range, { 'p.from': 20, 'p.to': 10 });
    expect(prompts[0]).toContain('Price? – From\n');
    expect(prompts[1]).toContain('Price? – To\n  Give a whole number from 20 to 50.');
    expect(asked).toEqual([['p.from'], ['p.to']]);
    expect(of('p.to')?.status).toBe('invalid');
  });

  states('`multipletext`', async () => {
    const items = [{ name: 'a', title: 'First?' }, { name: 'b' }];
    const { prompts, asked } = await walk(on({ type: 'multipletext', name: 't', title: 'Names', items }));
    expect(asked[0]).toEqual(['t.a', 't.b']);
    expect(prompts[0]).toMatch(/^Names\nAt least one of these needs an answer\.\nq1.*First\?/);
  });

  states('`matrix`', async () => {
    const grid = {
      type: 'matrix',
      name: 'g',
      title: 'Do you like',
      rows: ['tea', 'milk'],
      columns: ['Yes', 'No'],
    };
    const { prompts, asked } = await walk(on({ ...grid, eachRowRequired: true }), {
      'g.tea': 'Yes',
      'g.milk': 'No',
    });
    expect(asked).toEqual([['g.tea', 'g.milk']]);
    expect(prompts[0]).toBe(
      'Do you like\nFor each of the next 2 choose one:\n  - Yes\n  - No\nq1. tea\nq2. milk',
    );
  });

  states('`matrixdropdown`', async () => {
    const columns = [
      { name: 'c', title: 'Size' },
      { name: 'd', cellType: 'text' },
    ];
    const grid = {
      type: 'matrixdropdown',
      name: 'g',
      title: 'Grid',
      rows: ['r', 's'],
      columns,
      choices: ['x', 'y'],
    };
    const { prompts, asked } = await walk(on(grid), { 'g.r.c': 'x' });
    expect(asked[0]).toEqual(['g.r.c', 'g.r.d', 'g.s.c', 'g.s.d']);
    expect(prompts[0]).toContain('Grid: r\nq1 (optional). Size\n  Choose one:\n  - x\n  - y');
  });

  states('`matrixdynamic`, `paneldynamic`', async () => {
    const grid = {
      type: 'matrixdynamic',
      name: 'l',
      title: 'Kids',
      columns: [{ name: 'n', cellType: 'text' }],
    };
    const panel = { type: 'paneldynamic', name: 'l', title: 'Kids', templateElements: [text('n')] };
    for (const list of [grid, panel]) {
      const { prompts, asked } = await walk(on(list), { 'l-count': 2 });
      expect(prompts[0]).toMatch(/Kids – how many entries\?\n {2}Give a whole number from [01] to 10\./);
      expect(asked).toEqual([['l-count'], ['l[0].n', 'l[1].n']]);
    }
    const fixed = { allowAddRows: false, rowCount: 1, allowAddPanel: false, panelCount: 1 };
    expect((await walk(on({ ...grid, ...pick(fixed, 'allowAddRows', 'rowCount') }))).asked[0]).toEqual([
      'l[0].n',
    ]);
    expect((await walk(on({ ...panel, ...pick(fixed, 'allowAddPanel', 'panelCount') }))).asked[0]).toEqual([
      'l[0].n',
    ]);
  });

  states('`detailElements`', async () => {
    const { asked } = await walk(
      on({
        type: 'matrixdropdown',
        name: 'g',
        title: 'Grid',
        rows: ['r'],
        columns: [{ name: 'c', cellType: 'text' }],
        detailPanelMode: 'underRow',
        detailElements: [text('d')],
      }),
    );
    expect(asked[0]).toEqual(['g.r.c', 'g.r.d']);
  });

  states('nested grids and panels', async () => {
    const one = { panelCount: 1, allowAddPanel: false };
    const inner = { type: 'paneldynamic', name: 'i', title: 'In', ...one, templateElements: [text('x')] };
    const grid = { type: 'matrix', name: 'g', title: 'Grid', rows: ['r'], columns: ['a', 'b'] };
    const outer = { type: 'paneldynamic', name: 'o', title: 'Out', ...one, templateElements: [inner, grid] };
    const { asked } = await walk(on({ type: 'panel', name: 'p', elements: [outer] }));
    expect(asked.flat()).toEqual(['o[0].i[0].x', 'o[0].g.r']);
  });

  states('`expression`', async () => {
    const rows = { rowCount: 1, allowAddRows: false };
    const number = { name: 'n', cellType: 'text', inputType: 'number' };
    const cell = { name: 'e', cellType: 'expression', expression: '{row.n} * 2' };
    const panel = { panelCount: 1, allowAddPanel: false };
    const inPanel = { type: 'expression', name: 'e', expression: '{panel.n} * 3' };
    const { asked, computed } = await walk(
      on(
        { type: 'matrixdynamic', name: 'm', title: 'M', ...rows, columns: [number, cell] },
        {
          type: 'paneldynamic',
          name: 'p',
          title: 'P',
          ...panel,
          templateElements: [text('n', { inputType: 'number' }), inPanel],
        },
        { type: 'expression', name: 'all', expression: '{m[0].e} + {p[0].e}' },
      ),
      { 'm[0].n': 2, 'p[0].n': 3 },
    );
    expect(asked.flat().toSorted()).toEqual(['m[0].n', 'p[0].n']);
    expect(computed).toEqual({ 'm[0].e': 4, 'p[0].e': 9, all: 13 });
  });

  states('`totalType`, `totalExpression`', async () => {
    const columns = [
      { name: 'n', cellType: 'text', inputType: 'number', totalType: 'sum' },
      { name: 'k', cellType: 'text', inputType: 'number', totalExpression: '{totalRow.n} * 10' },
    ];
    const grid = { type: 'matrixdropdown', name: 'grid', title: 'G', rows: ['r', 's'], columns };
    const { computed } = await walk(on(grid), { 'grid.r.n': 2, 'grid.s.n': 3 });
    expect(computed).toEqual({ 'grid-total.n': 5, 'grid-total.k': 50 });
  });

  states('`showOtherItem`', async () => {
    const question = { type: 'radiogroup', name: 'q', ...ab, showOtherItem: true };
    const { prompts, asked, of } = await walk(on(question), { q: 'Other (describe)', 'q-Comment': 'c' });
    expect(prompts[0]).toContain('- b\n  - Other (describe)');
    expect(prompts[1]).toContain('q2. Which? – Other (describe)');
    expect([of('q')?.value, of('q-Comment')?.value]).toEqual(['other', 'c']);
    expect(asked).toEqual([['q'], ['q-Comment']]);
    expect((await walk(on(question), { q: 'a' })).asked).toEqual([['q']]);
  });

  states('`showNoneItem`, `showRefuseItem`, `showDontKnowItem`', async () => {
    const shown = { showDontKnowItem: true, showRefuseItem: true, showNoneItem: true };
    const question = { type: 'checkbox', name: 'q', ...ab, ...shown };
    const said = (q: readonly string[]): Promise<Walk> => walk(on(question), { q });
    const none = await said(['None']);
    expect(none.prompts[0]).toContain("- b\n  - None\n  - Refuse to answer\n  - Don't know");
    expect(none.of('q')).toMatchObject({ status: 'answered', value: ['none'] });
    expect((await said(['Refuse to answer'])).of('q')?.status).toBe('refused');
    expect((await said(["Don't know"])).of('q')?.status).toBe('dont-know');
    expect((await said(['a', 'None'])).of('q')?.status).toBe('invalid');
  });

  states('`showCommentArea`', async () => {
    const comment = { showCommentArea: true, commentText: 'Why so?' };
    const { prompts, of } = await walk(on({ type: 'rating', name: 'q', title: 'How?', ...comment }), {
      q: 2,
      'q-Comment': 'c',
    });
    expect(prompts[0]).toContain('q2 (optional). How? – Why so?');
    expect(of('q-Comment')?.value).toBe('c');
  });

  states('options with `elements` or `showCommentArea`', async () => {
    const choices = [
      { value: 'a', elements: [text('e')] },
      { value: 'b', showCommentArea: true },
    ];
    const question = on({ type: 'radiogroup', name: 'q', title: 'Which?', choices });
    expect((await walk(question, { q: 'a' })).asked).toEqual([['q'], ['e']]);
    const commented = await walk(question, { q: 'b' });
    expect(commented.asked).toEqual([['q'], ['q-b-Comment']]);
    expect(commented.prompts[1]).toContain('Which? – b');
  });

  states('choices from a URL or code', async () => {
    const choicesByUrl = { url: 'https://example.org/countries' };
    const survey = on({ type: 'dropdown', name: 'q', title: 'Where?', choicesByUrl });
    expect(failure(survey).code).toBe('SURVEY_UNSUPPORTED');
    const choices = new Map([['q', ['Chad', { value: 'tg', text: 'Togo' }]]]);
    const { prompts, of } = await walk(survey, { q: 'Togo' }, { choices });
    expect(prompts[0]).toContain('- Chad\n  - Togo');
    expect(of('q')?.value).toBe('tg');
  });
});

function pick(from: Json, ...keys: string[]): Json {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}

describe('docs/surveyjs.md: texts', () => {
  states('`html`, `image`', async () => {
    const { prompts } = await walk(
      on(
        { type: 'html', name: 'h', html: '<p>Read <b>this</b></p>' },
        { type: 'image', name: 'i', imageLink: 'x.png', altText: 'A map' },
        { type: 'image', name: 'j', imageLink: 'x.png' },
        text('q'),
      ),
      { q: 'x' },
    );
    expect(prompts[0]).toMatch(/^Read this\nA map\n\[An image that is not shown here\.\]\nq1\. q\?/);
  });

  states('`panel`', async () => {
    const elements = [{ type: 'radiogroup', name: 'a', ...ab }, text('b', { visibleIf: "{a} = 'a'" })];
    const panel = { type: 'panel', name: 'p', title: 'Work', description: 'As it is.', elements };
    const { prompts } = await walk(on({ ...panel, isRequired: false }), { a: 'a' });
    expect(prompts).toHaveLength(2);
    for (const prompt of prompts) expect(prompt).toContain('Work\nAs it is.\nq');
  });

  states('`{piping}`', async () => {
    const survey = {
      calculatedValues: [{ name: 'n', expression: '{list.length} * 10' }],
      ...on(
        {
          type: 'radiogroup',
          name: 'a',
          title: 'A?',
          choices: [{ value: 1, text: 'Tea' }],
          showOtherItem: true,
        },
        { type: 'checkbox', name: 'list', title: 'L?', choices: ['x', 'y'] },
        { type: 'matrix', name: 'g', title: 'G', rows: ['r'], columns: ['k', 'l'], eachRowRequired: true },
        { type: 'html', name: 'h', html: 'You like {a}.' },
        text('b', { title: 'Why {a}, {list[0]}, {list.length}, {g.r}, {n}?' }),
      ),
    };
    const said = { list: ['x', 'y'], 'g.r': 'k', b: 'z' };
    const { prompts, asked } = await walk(survey, { ...said, a: 'Tea' });
    expect(asked).toEqual([['a', 'list', 'g.r'], ['b']]);
    expect(prompts[1]).toMatch(/\nYou like Tea\.\nq\d\. Why Tea, x, 2, k, 20\?/);
    const other = await walk(survey, { ...said, a: 'Other (describe)', 'a-Comment': 'milk' });
    expect(other.prompts.at(-1)).toMatch(/\nYou like milk\.\nq\d\. Why milk, /);
  });

  states('`{panelIndex}`, `{rowTitle}`, `{panel.name}`, `{row.column}`', async () => {
    const panel = {
      type: 'paneldynamic',
      name: 'p',
      title: 'Kids',
      panelCount: 2,
      allowAddPanel: false,
      templateTitle: 'Child {panelIndex}',
      templateElements: [
        text('n'),
        text('a', { title: 'How old is {panel.n}?', visibleIf: '{panelIndex} = 0' }),
      ],
    };
    const columns = [
      { name: 'c', cellType: 'text' },
      { name: 'd', cellType: 'text', title: 'Why {row.c} for {rowTitle}?' },
    ];
    const rows = [{ value: 1, text: 'Mon' }];
    const grid = { type: 'matrixdropdown', name: 'm', title: 'M', rows, columns };
    const said = { 'p[0].n': 'Bo', 'p[1].n': 'Al', 'm.1.c': 'tea' };
    const { prompts, asked } = await walk(on(panel, grid), said);
    expect(prompts[0]).toContain('Kids: Child 1\n');
    expect(prompts[0]).toContain('Kids: Child 2\n');
    expect(prompts[1]).toContain('How old is Bo?');
    expect(prompts[1]).toContain('Why tea for Mon?');
    expect(asked[1]).toEqual(['p[0].a', 'm.1.d']);
  });

  states('`{pageno}`, `{pagecount}`, `{locale}`', async () => {
    const pages = [
      { elements: [text('a')] },
      { visibleIf: "{a} = 'x'", elements: [text('b')] },
      { elements: [text('c', { title: '{pageno} of {pagecount} in {locale}?' })] },
    ];
    expect((await walk({ pages }, { a: 'y' })).prompts.at(-1)).toContain('2 of 2 in en?');
    expect((await walk({ pages }, { a: 'x' })).prompts.at(-1)).toContain('3 of 3 in en?');
  });

  states('a page without a question', async () => {
    const html = { type: 'html', name: 'h', html: 'Welcome.' };
    const pages = [{ title: 'Hello', elements: [html] }, { elements: [text('a')] }];
    const { prompts } = await walk({ pages }, { a: 'x' });
    expect(prompts).toHaveLength(1);
    expect(prompts[0]).toMatch(/^Hello\nWelcome\.\nq1/);
  });

  states('localised texts', async () => {
    const choices = [
      { value: 'v', text: { fr: 'Oui' } },
      { value: 'w', text: { default: 'No', 'zh-cn': '否', fr: 'Non' } },
    ];
    const title = { default: 'Tea?', fr: 'Du thé ?', 'zh-cn': '茶？' };
    const survey = { locale: 'fr', ...on({ type: 'radiogroup', name: 'q', title, choices }) };
    const prompt = async (json: Json, locale?: string): Promise<string | undefined> =>
      (await walk(json, { q: 'v' }, { locale })).prompts[0];
    expect(await prompt(survey)).toBe('q1. Du thé ?\n  Choose one:\n  - Oui\n  - Non');
    expect(await prompt({ ...survey, locale: '' })).toBe('q1. Tea?\n  Choose one:\n  - v\n  - No');
    expect(await prompt(survey, 'en')).toContain('q1. Tea?');
    expect(await prompt({ ...survey, locale: '' }, 'zh-cn')).toBe('q1. 茶？\n  选择一项：\n  - v\n  - 否');
  });

  states('a question without a title', async () => {
    const { prompts, warnings } = await walk({ elements: [{ type: 'text', name: 'age' }] });
    expect(prompts[0]).toContain('q1 (optional). age\n');
    expect(warnings).toMatchObject([{ path: 'elements[0]', element: 'age' }]);
  });

  states('two questions of a page with the same title', async () => {
    const hours = (name: string): Json => text(name, { title: 'Hours?' });
    const { prompts, warnings } = await walk({ elements: [hours('a'), hours('b')] });
    expect(prompts[0]).toContain('Hours? (2)');
    expect(warnings).toMatchObject([{ element: 'b' }]);
    const panel = (title: string, name: string): Json => ({
      type: 'panel',
      name: title,
      title,
      elements: [hours(name)],
    });
    const apart = await walk({
      pages: [{ elements: [panel('Work', 'a'), panel('Home', 'b')] }, { elements: [text('c')] }],
    });
    expect(apart.warnings).toEqual([]);
    expect(apart.prompts[1]).toContain('- Work: Hours?: (left empty)\n- Home: Hours?: (left empty)');
  });
});

describe('docs/surveyjs.md: logic and order', () => {
  states('`visibleIf`', async () => {
    const hidden = "{a} = 'x'";
    const inSurvey = {
      pages: [
        {
          elements: [
            text('a'),
            text('b', { visibleIf: hidden }),
            { type: 'panel', name: 'p', visibleIf: hidden, elements: [text('c')] },
            { type: 'checkbox', name: 'd', title: 'D?', choices: ['k', { value: 'l', visibleIf: hidden }] },
            {
              type: 'radiogroup',
              name: 'e',
              title: 'E?',
              choices: ['x', 'y', 'z'],
              choicesVisibleIf: '{item} <> {a}',
            },
            {
              type: 'matrix',
              name: 'g',
              title: 'G',
              rows: ['x', { value: 'r', visibleIf: hidden }],
              columns: ['1', '2'],
              columnsVisibleIf: "{item} = '1' or {a} = 'x'",
            },
            {
              type: 'matrix',
              name: 'h',
              title: 'H',
              rows: ['x', 'y'],
              columns: ['1', '2'],
              rowsVisibleIf: '{item} = {a}',
            },
            {
              type: 'paneldynamic',
              name: 'pd',
              title: 'PD',
              panelCount: 1,
              allowAddPanel: false,
              templateVisibleIf: hidden,
              templateElements: [text('t')],
            },
          ],
        },
        { visibleIf: hidden, elements: [text('f')] },
      ],
    };
    const shown = await walk(inSurvey, { a: 'x' });
    expect(shown.asked[0]).toEqual(['a']);
    expect(shown.asked.flat()).toEqual(['a', 'b', 'c', 'd', 'e', 'g.x', 'g.r', 'h.x', 'pd[0].t', 'f']);
    expect(shown.prompts[1]).toContain('E?\n  Choose one:\n  - y\n  - z');
    expect(shown.prompts[1]).toContain('  - k\n  - l');
    const hiding = await walk(inSurvey, { a: 'y' });
    expect(hiding.asked.flat()).toEqual(['a', 'd', 'e', 'g.x', 'h.y']);
    expect(hiding.prompts[1]).not.toContain('  - l');
    expect(hiding.prompts[1]).not.toContain('  - 2\nq6');
    expect(hiding.of('b')?.status).toBe('skipped');
  });

  states('`enableIf`, `readOnly`', async () => {
    const { asked, of } = await walk(
      on(
        text('a'),
        text('b', { enableIf: "{a} = 'x'" }),
        text('c', { readOnly: true }),
        text('d', { readOnly: true, defaultValue: 'control' }),
      ),
      { a: 'y' },
    );
    expect(asked).toEqual([['a']]);
    expect([of('b')?.status, of('c')?.status]).toEqual(['skipped', 'skipped']);
    expect(of('d')).toMatchObject({ status: 'preset', value: 'control' });
  });

  states('`isRequired`, `requiredIf`', async () => {
    const one = await walk({ elements: [text('a'), text('b', { requiredIf: "{a} = 'x'" })] }, { a: 'x' });
    expect([one.of('a')?.status, one.of('b')?.status]).toEqual(['answered', 'invalid']);
    const empty = await walk({ elements: [text('a'), text('b', { requiredIf: "{a} = 'x'" })] }, { a: 'y' });
    expect(empty.of('b')).toMatchObject({ status: 'answered', value: null });
    const grid = { type: 'matrix', name: 'g', title: 'G', rows: ['r', 's'], columns: ['1', '2'] };
    const panel = { type: 'panel', name: 'p', elements: [text('r'), text('s')] };
    const names = { grid: ['g.r', 'g.s'], panel: ['r', 's'] };
    for (const [element, [first = '', second = '']] of [
      [grid, names.grid],
      [panel, names.panel],
    ] as const) {
      expect((await walk(on(element), { [first]: '1' })).of(second)).toMatchObject({ status: 'answered' });
      expect((await walk(on(element))).of(second)?.status).toBe('invalid');
    }
    const each = await walk(on({ ...grid, eachRowRequired: true }), { 'g.r': '1' });
    expect(each.of('g.s')?.status).toBe('invalid');
  });

  states('`choicesOrder`, `rowOrder`, `questionOrder`', async () => {
    const choices = ['b', 'c', 'a', { value: 'z', randomize: false }];
    const question = { type: 'radiogroup', name: 'q', title: 'Q?', choices, showNoneItem: true };
    const listed = async (choicesOrder: string): Promise<string[]> => {
      const { prompts } = await walk(on({ ...question, choicesOrder }), { q: 'a' });
      return Array.from((prompts[0] ?? '').matchAll(/^ {2}- (.*)$/gm), ([, option]) => option as string);
    };
    expect(await listed('asc')).toEqual(['a', 'b', 'c', 'z', 'None']);
    expect(await listed('desc')).toEqual(['z', 'c', 'b', 'a', 'None']);
    const random = await listed('random');
    expect(random.slice(3)).toEqual(['z', 'None']);
    expect(random.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
    const many = Array.from({ length: 12 }, (_, index) => `r${index}`);
    const rows = await walk(
      on({ type: 'matrix', name: 'g', title: 'G', rows: many, columns: ['1', '2'], rowOrder: 'random' }),
    );
    const inOrder = many.map((row) => `g.${row}`);
    expect(rows.asked[0]).not.toEqual(inOrder);
    expect(rows.asked[0]?.toSorted()).toEqual(inOrder.toSorted());
    const page = await walk({
      pages: [{ questionOrder: 'random', elements: many.map((name) => text(name)) }],
    });
    expect(page.asked[0]).not.toEqual(many);
    expect(page.asked[0]?.toSorted()).toEqual(many.toSorted());
  });

  states('`choicesFromQuestion`', async () => {
    const first = { type: 'checkbox', name: 'a', title: 'A?', choices: ['x', 'y', 'z'], showOtherItem: true };
    const prompt = async (choicesFromQuestionMode: string): Promise<string | undefined> => {
      const second = {
        type: 'radiogroup',
        name: 'b',
        title: 'Best?',
        choicesFromQuestion: 'a',
        choicesFromQuestionMode,
      };
      const said = { a: ['x', 'Other (describe)'], 'a-Comment': 'milk', b: 'x' };
      return (await walk(on(first, second), said)).prompts.find((each) => each.includes('Best?'));
    };
    expect(await prompt('all')).toMatch(/ {2}- x\n {2}- y\n {2}- z$/);
    expect(await prompt('selected')).toMatch(/Choose one:\n {2}- x\n {2}- milk$/);
    expect(await prompt('unselected')).toMatch(/Choose one:\n {2}- y\n {2}- z$/);
  });

  states('functions', async () => {
    const row = /^\| functions \| (.*?)The clock/m.exec(page('surveyjs.md'))?.[1] ?? '';
    const named = Array.from(row.matchAll(/`(\w+)`/g), ([, name]) => name as string);
    const isCarried = (name: string): boolean => {
      try {
        importSurvey({ elements: [text('q', { visibleIf: `${name}(1) = 1` })] });
        return true;
      } catch {
        return false;
      }
    };
    expect(named.filter((name) => !isCarried(name))).toEqual([]);
    const all = FunctionFactory.Instance.getAll() as string[];
    expect(all.filter((name) => isCarried(name) && !named.includes(name))).toEqual([]);
    const calculatedValues = [{ name: 'y', expression: 'month(today()) * 10' }];
    const { prompts } = await walk({ calculatedValues, elements: [text('q', { title: 'In {y}?' })] });
    expect(prompts[0]).toContain('In 30?');
  });
});

describe('docs/surveyjs.md: values set by the survey', () => {
  states('`defaultValue`, `defaultValueExpression`, `=…`', async () => {
    const { prompts, of, asked } = await walk(
      on(
        { type: 'radiogroup', name: 'a', title: 'A?', choices: ['x', 'y'], defaultValue: 'y' },
        text('b', { inputType: 'number', defaultValueExpression: '1 + 2' }),
        text('c', { inputType: 'number', defaultValue: '=2 * 3', readOnly: true }),
        { type: 'matrix', name: 'g', title: 'G', rows: ['r'], columns: ['1', '2'], defaultValue: { r: '2' } },
        {
          type: 'matrixdropdown',
          name: 'm',
          title: 'M',
          rows: ['r'],
          columns: [{ name: 'k', cellType: 'text', defaultValue: 'cell' }],
        },
        {
          type: 'paneldynamic',
          name: 'p',
          title: 'P',
          defaultValue: [{ n: 'Bo' }],
          templateElements: [text('n')],
        },
        text('d', { visibleIf: '{c} = 6' }),
      ),
      { a: 'x', b: 3, 'p-count': 1, 'p[0].n': 'Bo', d: 'k', 'g.r': '2', 'm.r.k': 'cell' },
    );
    for (const preset of ['y', '3', '2', 'cell', '1'])
      expect(prompts[0]).toContain(`\n  Preset: ${preset}; repeat it to keep it.`);
    expect(prompts[1]).toContain('Preset: Bo;');
    expect(of('a')).toMatchObject({ status: 'answered', value: 'x' });
    expect(of('c')).toMatchObject({ status: 'preset', value: 6 });
    expect(asked.flat()).toContain('d');
  });

  states('`setValueIf`, `setValueExpression`, `resetValueIf`', async () => {
    const follows = { readOnly: true, setValueIf: "{a} = 'x'", setValueExpression: "{a} + '1'" };
    const reset = { defaultValue: 'start', resetValueIf: "{e} = 'again'" };
    const pages = [
      { elements: [text('a')] },
      { elements: [text('e')] },
      { elements: [text('b', follows), text('c', { ...follows, ...reset })] },
    ];
    const values = async (said: Json): Promise<unknown[]> => {
      const { of } = await walk({ pages }, said);
      return [of('b')?.value, of('c')?.value];
    };
    expect(await values({ a: 'y' })).toEqual([null, 'start']);
    expect(await values({ a: 'x' })).toEqual(['x1', 'x1']);
    expect(await values({ a: 'x', e: 'again' })).toEqual(['x1', 'start']);
  });

  states('`calculatedValues`', async () => {
    const calculatedValues = [
      { name: 'total', expression: '{sub} * 2', includeIntoResult: true },
      { name: 'sub', expression: '{a} + 1' },
    ];
    const survey = { calculatedValues, ...on(text('a', { inputType: 'number' })) };
    expect((await walk(survey, { a: 10 })).computed).toEqual({ total: 22 });
  });

  states('`triggers`', async () => {
    const pages = ['a', 'b', 'c', 'd'].map((name) => ({ elements: [text(name)] }));
    const run = (triggers: Json[], said: Json): Promise<Walk> => walk({ pages, triggers }, said);
    const when = "{a} = 'x'";
    const ended = await run([{ type: 'complete', expression: when }], { a: 'x' });
    expect(ended.asked).toEqual([['a']]);
    const skipped = await run([{ type: 'skip', expression: when, gotoName: 'd' }], { a: 'x' });
    expect(skipped.asked).toEqual([['a'], ['d']]);
    expect(skipped.of('b')?.status).toBe('skipped');
    const set = await run(
      [
        { type: 'setvalue', expression: when, setToName: 'group', setValue: 'treatment' },
        { type: 'copyvalue', expression: when, setToName: 'copy', fromName: 'a' },
        { type: 'runexpression', expression: when, setToName: 'sum', runExpression: '1 + 1' },
        { type: 'setvalue', expression: when, setToName: 'b', setValue: 'given' },
      ],
      { a: 'x' },
    );
    expect(set.computed).toEqual({ group: 'treatment', copy: 'x', sum: 2 });
    expect(set.prompts[1]).toContain('Preset: given;');
  });

  states('one value for several questions', async () => {
    const shared = await walk(
      on(text('a', { valueName: 'v' }), text('b', { valueName: 'v' }), text('c', { title: 'C {v}?' })),
      { v: 'one', b: 'two' },
    );
    expect(shared.asked[0]).toEqual(['v', 'b']);
    expect(shared.prompts[1]).toContain('C two?');
    const named = await walk(on(text('a'), text('a', { title: 'Again?' })), { a: 'one', 'a#2': 'two' });
    expect([named.of('a')?.value, named.of('a#2')?.value]).toEqual(['one', 'two']);
  });

  states('`clearInvisibleValues`', async () => {
    // A value set by a trigger hides what has been answered.
    const survey = (clearInvisibleValues: string): Json => ({
      clearInvisibleValues,
      triggers: [{ type: 'setvalue', expression: "{b} = 'x'", setToName: 'hide', setValue: 1 }],
      pages: [
        { elements: [text('a', { visibleIf: '{hide} <> 1' })] },
        { elements: [text('b')] },
        { elements: [text('c', { visibleIf: '{a} notempty' })] },
      ],
    });
    const said = { a: '1', b: 'x', c: '3' };
    const late = await walk(survey('onComplete'), said);
    expect(late.of('a')).toMatchObject({ status: 'skipped', value: null });
    expect(late.asked).toEqual([['a'], ['b'], ['c']]);
    const hidden = await walk(survey('onHidden'), said);
    expect(hidden.of('a')).toMatchObject({ status: 'skipped', value: null });
    expect(hidden.asked).toEqual([['a'], ['b']]);
    expect((await walk(survey('none'), said)).of('a')).toMatchObject({ status: 'answered', value: '1' });
  });

  states('the value of a question that is not asked', async () => {
    const { of } = await walk(on(text('group', { readOnly: true, defaultValue: 'treatment' }), text('q')));
    expect(of('group')).toMatchObject({ status: 'preset', value: 'treatment' });
  });
});

describe('docs/surveyjs.md: validation', () => {
  it('is asked again once, with the reason', async () => {
    const { prompts, of } = await walk(on(text('q', { inputType: 'number', max: 5 })), { q: 9 });
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain('9 is not a number, at most 5');
    expect(of('q')?.status).toBe('invalid');
  });

  states('`min`, `max`, `step`, `minValueExpression`, `maxValueExpression`', async () => {
    const number = text('n', { inputType: 'number', min: 5, max: 20, step: 5 });
    const computed = text('m', {
      inputType: 'number',
      minValueExpression: '{n}',
      maxValueExpression: '{n} + 2',
    });
    const date = text('d', { inputType: 'date', min: '2026-01-01', maxValueExpression: 'today()' });
    const { prompts, of } = await walk(on(number, date, computed), { n: 10, m: 11, d: '2026-02-01' });
    expect(prompts[0]).toContain('Give a whole number from 5 to 20 in steps of 5.');
    expect(prompts[0]).toContain('from 2026-01-01 to 2026-03-01');
    expect(prompts[1]).toContain('Give a number from 10 to 12.');
    expect(of('m')?.status).toBe('answered');
    expect((await walk(on(number), { n: 7 })).of('n')?.status).toBe('invalid');
  });

  states('`maxLength`, `maxTextLength`', async () => {
    const survey = { maxTextLength: 8, ...on(text('a', { maxLength: 3 }), text('b')) };
    const { prompts, of } = await walk(survey, { a: 'abcd', b: 'abcd' });
    expect(prompts[0]).toContain('at most 3 characters');
    expect(prompts[0]).toContain('at most 8 characters');
    expect([of('a')?.status, of('b')?.status]).toEqual(['invalid', 'answered']);
  });

  states('`numeric`, `text`, `answercount`, `regex`, `email`, `expression` validators', async () => {
    const with_ = (validator: Json, more: Json = {}): Json =>
      on(text('q', { validators: [validator], ...more }));
    const status = async (json: Json, q: unknown): Promise<unknown> =>
      (await walk(json, { q })).of('q')?.status;
    const numeric = with_({ type: 'numeric', minValue: 2, maxValue: 4 });
    expect([await status(numeric, 3), await status(numeric, 5)]).toEqual(['answered', 'invalid']);
    const length = with_({ type: 'text', minLength: 3 });
    expect([await status(length, 'abc'), await status(length, 'a')]).toEqual(['answered', 'invalid']);
    const regex = with_({ type: 'regex', regex: '^a+$', text: 'Only a.' });
    expect([await status(regex, 'aa'), await status(regex, 'b')]).toEqual(['answered', 'invalid']);
    expect((await walk(regex, { q: 'b' })).of('q')?.problem).toContain('Only a.');
    const email = with_({ type: 'email' });
    expect([await status(email, 'a@b.org'), await status(email, 'b')]).toEqual(['answered', 'invalid']);
    const expression = with_({ type: 'expression', expression: "{q} <> 'no'", text: 'Not no.' });
    expect([await status(expression, 'yes'), await status(expression, 'no')]).toEqual([
      'answered',
      'invalid',
    ]);
    const warning = with_({ type: 'regex', regex: '^a+$', notificationType: 'warning' });
    expect(await status(warning, 'b')).toBe('answered');
    const counted = { type: 'checkbox', choices: ['a', 'b', 'c'] };
    const answercount = with_({ type: 'answercount', minCount: 2 }, counted);
    expect([await status(answercount, ['a', 'b']), await status(answercount, ['a'])]).toEqual([
      'answered',
      'invalid',
    ]);
  });

  states('`isUnique`, `keyName`, `eachRowUnique`', async () => {
    const column = { name: 'c', cellType: 'text', isUnique: true };
    const grid = { type: 'matrixdynamic', name: 'm', title: 'M', rowCount: 2, allowAddRows: false };
    const unique = await walk(on({ ...grid, columns: [column] }), { 'm[0].c': 'x', 'm[1].c': 'x' });
    expect([unique.of('m[0].c')?.status, unique.of('m[1].c')?.status]).toEqual(['answered', 'invalid']);
    const keyed = on({
      type: 'paneldynamic',
      name: 'm',
      title: 'M',
      panelCount: 2,
      allowAddPanel: false,
      keyName: 'c',
      templateElements: [text('c')],
    });
    expect((await walk(keyed, { 'm[0].c': 'x', 'm[1].c': 'x' })).of('m[1].c')?.status).toBe('invalid');
    expect((await walk(keyed, { 'm[0].c': 'x', 'm[1].c': 'y' })).of('m[1].c')?.status).toBe('answered');
    const rows = on({
      type: 'matrix',
      name: 'g',
      title: 'G',
      rows: ['r', 's'],
      columns: ['1', '2'],
      eachRowUnique: true,
    });
    expect((await walk(rows, { 'g.r': '1', 'g.s': '1' })).of('g.s')?.status).toBe('invalid');
    expect((await walk(rows, { 'g.r': '1', 'g.s': '2' })).of('g.s')?.status).toBe('answered');
  });
});

describe('docs/surveyjs.md: what is refused', () => {
  function refuses(element: Json, path: string): void {
    const survey = { elements: [text('other'), { title: 'T?', ...element }] };
    const { code, message } = failure(survey);
    expect([code, message]).toEqual(['SURVEY_UNSUPPORTED', expect.stringContaining(`  ${path}`)]);
    const { questionnaire } = importSurvey(survey, { unsupported: 'skip' });
    expect(questionnaire.skipped.map((each) => each.path)).toContain(path);
  }

  states('`file`, `signaturepad`, `imagemap`', () => {
    for (const type of ['file', 'signaturepad', 'imagemap']) refuses({ type, name: 'q' }, 'elements[1]');
  });

  states('custom types', () => refuses({ type: 'colour-wheel', name: 'q' }, 'elements[1]'));

  states('choices from a URL or code, without `--choices`', () => {
    refuses({ type: 'dropdown', name: 'q' }, 'elements[1]');
    refuses({ type: 'dropdown', name: 'q', choicesByUrl: { url: 'https://example.org' } }, 'elements[1]');
  });

  states('custom functions', () => {
    refuses({ ...text('q'), visibleIf: 'isMember({other})' }, 'elements[1].visibleIf');
  });

  states('unknown names', () => {
    refuses({ ...text('q'), visibleIf: '{nobody} = 1' }, 'elements[1].visibleIf');
    refuses(text('q', { title: 'Hello {nobody}' }), 'elements[1].title');
  });

  states('a condition or text that reads a later page', () => {
    const pages = (more: Json): Json => ({
      pages: [{ elements: [text('a', more)] }, { elements: [text('later')] }],
    });
    for (const more of [{ visibleIf: '{later} = 1' }, { title: 'About {later}' }]) {
      expect(failure(pages(more))).toMatchObject({
        code: 'SURVEY_UNSUPPORTED',
        message: expect.stringMatching(/pages\[0\]\.elements\[0\]\.(visibleIf|title).*later page/),
      });
    }
  });

  states('`useDisplayValuesInDynamicTexts: false`', () => {
    const bare = { type: 'radiogroup', name: 'a', ...ab, useDisplayValuesInDynamicTexts: false };
    const { code, message } = failure({ elements: [bare, text('b', { title: 'Why {a}?' })] });
    expect([code, message]).toEqual(['SURVEY_UNSUPPORTED', expect.stringContaining('elements[1].title')]);
  });

  states('`valuePropertyName` and other logic that is not listed here', () => {
    refuses(
      { type: 'checkbox', name: 'q', choices: ['a'], valuePropertyName: 'v' },
      'elements[1].valuePropertyName',
    );
  });

  it('lists every problem, and distinguishes misspelt from unsupported properties', () => {
    const { code, message } = failure({
      elements: [text('q', { visibleif: '{q} = 1' }), { type: 'file', name: 'f' }],
    });
    expect(code).toBe('SURVEY_INVALID');
    expect(message).toContain('in 2 places');
    expect(message).toContain('elements[0].visibleif');
    expect(message).toContain('elements[1]');
  });

  it('bounds questions, options, panels, texts and names', () => {
    const over = (json: Json, ...parts: string[]): void => {
      const { message } = failure(json);
      for (const part of parts) expect(message).toContain(part);
    };
    const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    over({ elements: many(2_001).map((index) => text(`q${index}`)) }, '2000 questions');
    over(on({ type: 'dropdown', name: 'q', title: 'Q?', choices: many(2_001) }), '2001 options');
    let panel: Json = text('q');
    for (const index of many(22)) panel = { type: 'panel', name: `p${index}`, elements: [panel] };
    over({ elements: [panel] }, 'more than 20 deep');
    over(on(text('q', { title: 'x'.repeat(20_001) })), '20001 characters');
    over(on(text('q'.repeat(201))), '201 characters');
    over(on(text('q', { visibleIf: `'${'x'.repeat(10_000)}' notempty` })), 'at most 10000');
  });
});

describe('docs/surveyjs.md: what is ignored', () => {
  it('does not change any question', async () => {
    const plain = await walk({ elements: [text('q')] });
    const looks = await walk({
      showProgressBar: true,
      showTimer: true,
      completedHtml: 'Thank you',
      pageNextText: 'On',
      cookieName: 'c',
      logo: 'x.png',
      elements: [
        text('q', {
          titleLocation: 'left',
          placeholder: 'Write here',
          requiredErrorText: 'No!',
          width: '50%',
        }),
      ],
    });
    expect(looks.prompts).toEqual(plain.prompts);
  });

  it('includes properties of other front ends, but not typing errors, logic or texts', async () => {
    const own = await walk({ elements: [text('q', { myAppColour: 'red' })] });
    expect(own.prompts[0]).toContain('q?');
    for (const slip of [{ isRequird: true }, { showWhen: '{q} = 1' }, { question: 'What?' }])
      expect(failure({ elements: [{ type: 'text', name: 'q', ...slip }] }).code).toBe('SURVEY_INVALID');
  });
});

describe('the page itself', () => {
  it('contains only statements that are tested here', () => {
    expect(rowsOf(page('surveyjs.md')).toSorted()).toEqual(tested.toSorted());
  });

  it('has the same rows in Chinese', () => {
    const code = (markdown: string): string[][] =>
      rowsOf(markdown).map((row) => Array.from(row.matchAll(/`[^`]+`/g), ([span]) => span));
    expect(code(page('surveyjs.zh-CN.md'))).toEqual(code(page('surveyjs.md')));
  });
});
