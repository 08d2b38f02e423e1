import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { results as en } from '../../languages/en/results.ts';
import { results as zh } from '../../languages/zh/results.ts';
import type { Question, Questionnaire } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { computed } from '../../survey/testing/build-questionnaire.ts';
import { multiple, number, questionnaire, rating, single, text } from '../testing/build-results.ts';
import { callsTable } from './calls-table.ts';
import { codebookCsv } from './codebook.ts';
import type { ExportTable } from './export-table.ts';
import { longTable } from './long-table.ts';
import { methodsOf, type SurveyRecord } from './methods.ts';
import { methodsMarkdown } from './methods-sheet.ts';
import { scanSurvey } from './survey-scan.ts';
import { call, interviewed, recordOf } from './testing/build-export.ts';
import { wideTable } from './wide-table.ts';

const noPersona = { personaColumns: [] };
type Rows = Record<string, string>[];

async function codebook(of: Questionnaire, table?: ExportTable, results: SurveyResult[] = []): Promise<Rows> {
  const shown = table ?? wideTable(of, await scanSurvey(of, results));
  return parse(codebookCsv(of, shown), { bom: true, columns: true }) as Rows;
}

async function row(question: Question): Promise<Record<string, string> | undefined> {
  return (await codebook(questionnaire(question))).find(({ column }) => column === question.name);
}

describe('the codebook', () => {
  it('has one row per column, in their order, and then the meaning of each status', async () => {
    const of = {
      ...questionnaire(single('a')),
      computed: [computed('sum', '{a} + 1', true)],
    };
    const rows = await codebook(of, undefined, [
      interviewed({ id: 'r', persona: { age: '1' }, answers: {} }),
    ]);
    expect(rows.map(({ column }) => column)).toEqual([
      ...['respondent_id', 'replicate', 'weight', 'persona.age', 'a', 'a.status', 'sum', 'requested_model'],
      ...['returned_models', 'synthetic', '(status) answered', '(status) refused', '(status) dont-know'],
      ...['(status) withheld', '(status) skipped', '(status) preset', '(status) invalid', '(status) failed'],
    ]);
    expect(rows.find(({ column }) => column === 'sum')?.description).toContain('{a} + 1');
    for (const each of rows) expect(`${each.description}${each.title}`).not.toBe('');
  });

  it('says how a question is measured and why', async () => {
    const measured = async (question: Question) => (await row(question))?.measurement;
    expect(await measured(single('q', 'Never', 'Sometimes', 'Always'))).toBe(
      'ordinal (its options are words of a scale), scores 1 to 3',
    );
    expect(await measured(single('q', [1, 'Coca-Cola'], [2, 'Pepsi'], [3, 'Fanta']))).toBe('nominal');
    expect(await measured(rating('q', 7))).toBe('ordinal (a rating), scores 1 to 7');
    expect(await measured(number('q'))).toBe('quantity');
    expect(await measured(text('q'))).toBe('');
  });

  it('describes the question, its conditions and the meaning of its values', async () => {
    const asked = single('g.r', [1, 'Yes; always'], ['x', 'No answer', 'refused']);
    const conditions = { visibleIf: ['{a} > 1', '{b} = 2'], requiredIf: ['{c}'], enableIf: ['{d}'] };
    expect(
      await row({ ...asked, ...conditions, stem: 'The grid', title: 'Row', isRequired: false }),
    ).toMatchObject({
      type: 'text',
      stem: 'The grid',
      title: 'Row',
      kind: 'single-choice',
      required: 'no',
      required_if: '{c}',
      visible_if: '({a} > 1) and ({b} = 2)',
      enable_if: '{d}',
      values: '1 = Yes\\; always; x = No answer [refused]',
      order: 'random',
    });
  });

  it('replaces a piped answer by the name of the question', async () => {
    const of = questionnaire({ ...single('a'), title: 'Which?' }, {
      ...single('b', [1, 'More {a}']),
      stem: 'Of {a}',
      title: 'Why {a}?',
      description: '({a})',
      checks: [{ expression: '{b} > {a}', message: 'not {a}', allowsUnknown: true }],
    } satisfies Question);
    expect((await codebook(of)).find(({ column }) => column === 'b')).toMatchObject({
      stem: 'Of [answer to “Which?”]',
      title: 'Why [answer to “Which?”]?',
      question_description: '([answer to “Which?”])',
      values: '1 = More [answer to “Which?”]',
      checks: '{b} > {a} (not [answer to “Which?”])',
    });
  });

  it('includes the condition of the page in that of the question', async () => {
    const { pages, ...rest } = questionnaire({ ...single('a'), visibleIf: ['{b} = 2', '{c}'] });
    const of = { ...rest, pages: pages.map((page) => ({ ...page, visibleIf: ['{x} > 1', '{c}'] })) };
    expect((await codebook(of)).find(({ column }) => column === 'a')?.visible_if).toBe(
      '({x} > 1) and ({c}) and ({b} = 2)',
    );
  });

  it.each<[string, Question, Record<string, string>]>([
    [
      'numbers',
      number('q', { min: -1, max: 5, step: 0.5 }),
      { min: '-1', max: '5', step: '0.5', values: 'numbers' },
    ],
    ['whole numbers', number('q', { integer: true }), { min: '', max: '', values: 'whole numbers' }],
    ['texts', { ...text('q'), maxLength: 90 }, { max: '90 characters', values: 'text' }],
    [
      'dates',
      { ...text('q'), format: 'date', earliest: '2026-01-01' },
      { min: '2026-01-01', values: 'date' },
    ],
    ['several', multiple('q', 'a', 'b'), { min: '0 selected', max: '2 selected', values: 'a = a; b = b' }],
    [
      'scales',
      { ...rating('q', 2), maxDescription: 'best' },
      { max_label: 'best', order: 'random: reversed for half' },
    ],
  ])('gives the bounds of %s', async (_, question, expected) => {
    expect(await row(question)).toMatchObject(expected);
  });

  it('describes a column with the answers to all questions by one row per question', async () => {
    const of = questionnaire(single('a', 1), text('=b'));
    const rows = await codebook(of, longTable(of, noPersona));
    const values = rows.filter(({ column, question }) => column === 'value' && question !== '');
    expect(values.map(({ question, values }) => [question, values])).toEqual([
      ['a', '1 = 1'],
      ["'=b", 'text'],
    ]);
  });
});

const survey = questionnaire(single('a', 'Yes', 'No'), text('b'));
const results = [
  interviewed({
    id: 'r1',
    weight: 3,
    answers: { a: 'Yes', b: { status: 'refused' } },
    details: { a: { repairs: ['code-fence', 'letter-case'], calls: [0, 1] } },
    calls: [call('aa', { attempts: 2 }), call('bb', { returnedModel: 'm-2' })],
  }),
  interviewed({
    id: 'r2',
    answers: { a: 'No', b: { status: 'invalid' } },
    details: { a: { repairs: ['code-fence'] } },
    calls: [call('aa')],
  }),
];

async function methodsMarkdownOf(
  record: SurveyRecord,
  of: readonly SurveyResult[] = results,
): Promise<string> {
  const { facts } = await scanSurvey(record.params.questionnaire, of);
  return methodsMarkdown(methodsOf(record, facts), en).replaceAll('\\', '');
}

describe('in a Chinese survey', () => {
  const chinese: Questionnaire = {
    ...questionnaire({ ...single('a', ['y', '是']), title: '您喝茶吗？' }, number('n', { integer: true })),
    locale: 'zh-cn',
  };

  it('the codebook is in Chinese; names of columns, types and statuses are as in the data', async () => {
    const rows = await codebook(chinese);
    const first = rows[0] as Record<string, string>;
    expect(Object.keys(first).slice(0, 6)).toEqual(['列名', '类型', '说明', '题目名', '矩阵标题', '题目']);
    expect(first).toMatchObject({ 列名: 'respondent_id', 类型: 'text', 说明: '合成受访者。' });
    const columns = new Map(rows.map((each) => [each.列名, each]));
    expect(columns.get('a')).toMatchObject({
      题目: '您喝茶吗？',
      题型: 'single-choice',
      必答: '是',
      取值: 'y = 是',
    });
    expect(columns.get('n')?.取值).toBe('整数');
    expect(columns.get('a.status')?.说明).toContain('refused = 受访者拒绝回答');
    expect(columns.get('（状态）skipped')?.说明).toBe('按问卷逻辑没有提问，或被后来的回答隐藏');
    const descriptions = [longTable(chinese, noPersona), callsTable(zh)].flatMap(({ columns: all }) => all);
    for (const { description } of descriptions) expect(description).toMatch(/\p{Script=Han}.*。$/u);
  });

  it('the methods sheet is in Chinese', async () => {
    const { facts } = await scanSurvey(chinese, [
      interviewed({ id: 'r', answers: { a: 'y' }, calls: [call('aa')] }),
    ]);
    const markdown = methodsMarkdown(methodsOf(recordOf(chinese), facts), zh);
    expect(markdown).toMatch(/^# 方法说明\n\n## 合成数据\n\n以下是合成数据/);
    expect(markdown).toContain('- 指定的模型：p/m\n- 实际作答的模型：m-1，1 次调用');
    expect(markdown).toContain('- 每次提问：一页\n');
    expect(markdown).toContain('- 已回答（answered）：1（');
    // Only names, hashes, times and terms remain in Latin letters.
    expect(markdown.match(/[a-z]{3,} [a-z]{3,}/gi) ?? []).toEqual([]);
  });
});

describe('the methods sheet', () => {
  it('states first that the data are synthetic', async () => {
    expect(await methodsMarkdownOf(recordOf(survey))).toMatch(
      /^# Methods\n\n## Synthetic data\n\nThese are synthetic data: .*\n\nSynthetic respondents are not participants\./,
    );
  });

  it.each([
    'Model asked for: p/m',
    'Model that answered: m-1: 2 calls',
    'Model that answered: m-2: 1 call\n',
    'Temperature: 0.5',
    'Seed of every order: 7',
    'Created: 2026-03-01T09:00:00.000Z',
    'Finished: 2026-03-01T10:00:00.000Z',
    'Interviews: 2 of 3',
    'Made with: Panelist 1.2.3',
    'Asked at once: a page',
    'Calls: 3, in 4 requests',
    'Tokens: 30 sent, 15 replied',
    'Different prompts: 2',
    `All prompts, SHA-256: ${createHash('sha256').update('aa\nbb\naa\n').digest('hex')}`,
    `Questionnaire, SHA-256: ${createHash('sha256').update(JSON.stringify(survey)).digest('hex')}`,
    'Repairs: code-fence 2, letter-case 1 (',
    'Answers asked a second time: 1',
    'Weights: 1 to 3',
    // (3 + 1)² / (9 + 1)
    'Effective n (Kish): 1.6',
    'answered: 2 (',
    'refused: 1 (',
    'invalid: 1 (',
    'skipped: 0 (',
    '"model sampling error only"',
  ])('says "%s"', async (text) => {
    expect(await methodsMarkdownOf(recordOf(survey))).toContain(text);
  });

  it('lists the parts of the survey file that were left out', async () => {
    const element = { path: 'pages[0].elements[2]', element: 'sign', reason: 'a signature cannot be given' };
    const skipped = Array.from({ length: 52 }, () => element);
    const markdown = await methodsMarkdownOf(recordOf({ ...survey, skipped }));
    expect(markdown).toContain(
      'Left out of the survey file: pages[0].elements[2] (sign): a signature cannot be given\n',
    );
    expect(markdown).toContain('Left out of the survey file: 2 more\n');
    expect(await methodsMarkdownOf(recordOf(survey))).not.toContain('Left out');
  });

  it('counts a respondent with several interviews once', async () => {
    const [one] = results as [SurveyResult];
    const replicates = [0, 1, 2].map((replicate) => ({ ...one, replicate }));
    expect(await methodsMarkdownOf(recordOf(survey), replicates)).toMatch(
      /Synthetic respondents: 1\n- Weights: all equal\n- Effective n \(Kish\): 1\n/,
    );
  });

  it('contains no markup, line break or secret from outside', async () => {
    const title = '<img src=x onerror=alert(1)>\n# Not synthetic\u202e [x](http://x)';
    const record = recordOf(
      { ...survey, title },
      { model: '`p`|*m* me@example.org www.example.org', baseUrl: 'https://user:pw@host/v1?key=secret' },
    );
    const { facts } = await scanSurvey(survey, [
      interviewed({ id: 'r', answers: {}, calls: [call('h', { returnedModel: '\n# x' })] }),
    ]);
    const markdown = methodsMarkdown(methodsOf(record, facts), en);
    expect(markdown).toContain('\\<img src=x onerror=alert(1)\\> # Not synthetic \\[x\\](`http://x)`\n');
    expect(markdown).toContain('\\`p\\`\\|\\*m\\*');
    expect(markdown).toContain('Served at: `https://host/v1`\n');
    expect(markdown.replaceAll(/`[^`]*`/g, '')).not.toMatch(/\/\/|www\.|@/);
    expect(markdown.match(/^#+ .*/gm)).toHaveLength(7);
    expect(markdown).not.toContain('secret');
  });
});
