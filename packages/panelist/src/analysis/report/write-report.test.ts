import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question, Questionnaire } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { scanSurvey } from '../export/survey-scan.ts';
import { call, interviewed, recordOf } from '../export/testing/build-export.ts';
import { summariseSurvey } from '../survey-summary.ts';
import { multiple, number, questionnaire, ranking, rating, single, text } from '../testing/build-results.ts';
import { Verbatims } from './verbatims.ts';
import { writeReport } from './write-report.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-report-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function report(
  of: Questionnaire,
  results: readonly SurveyResult[],
  params: Parameters<typeof recordOf>[1] = {},
  by: readonly string[] = [],
): Promise<string> {
  const path = join(folder, 'report.html');
  const { facts } = await scanSurvey(of, results);
  const verbatims = new Verbatims(of);
  for (const each of results) verbatims.add(each);
  await writeReport(path, {
    record: recordOf(of, params),
    facts,
    summary: await summariseSurvey(of, results, { by }),
    verbatims,
  });
  return readFile(path, 'utf8');
}

/** The text of a page without markup. */
function words(page: string): string {
  return page
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

const hundred = Array.from({ length: 100 }, (_, index) =>
  interviewed({
    id: `r${index}`,
    answers: {
      a: index < 75 ? 'y' : 'n',
      many: index < 50 ? ['Tea'] : ['Tea', 'Coffee'],
      rank: index < 20 ? [1, 2] : [2, 1],
      stars: 1 + (index % 5),
      c: index,
      d: index < 90 ? 'well <b>liked</b>' : { status: 'refused' },
    },
    calls: [call('h')],
  }),
);
const survey = questionnaire(
  { ...single('a', ['y', 'Yes'], ['n', 'No']), stem: 'The grid', title: 'Tea?' },
  multiple('many', 'Tea', 'Coffee'),
  ranking('rank', 1, 2),
  rating('stars'),
  number('c'),
  text('d'),
);

describe('the report', () => {
  it('states first that the data are synthetic', async () => {
    const page = await report(survey, hundred);
    expect(page).toMatch(/<title>A survey \(synthetic data\)<\/title>/);
    expect(words(page)).toMatch(/^ A survey \(synthetic data\) A survey These are synthetic data: /);
  });

  it('has each question with its shares, intervals, base and statuses', async () => {
    const read = words(await report(survey, hundred));
    // Wilson's interval of 75 of 100.
    expect(read).toMatch(/The grid 1\. Tea\? a · one option; .* Yes 75% 66% – 82% 75 No 25% 18% – 34% 25 /);
    expect(read).toMatch(/Tea 100% 96% – 100% 100 Coffee 50% 40% – 60% 50 /);
    expect(read).toMatch(/Mean rank 1 20% 13% – 29% 20 1\.80 2 80% 71% – 87% 80 1\.20 /);
    expect(read).toMatch(/Mean 3 \(95 % interval 2\.72 to 3\.28: model sampling error only\)/);
    expect(read).toMatch(/0 – 9 10% 10 10 – 19 10% 10 /);
    expect(read).toMatch(/well &lt;b&gt;liked&lt;\/b&gt; .*n = 90 · effective n 90 · 10 refused/);
    expect(read).toMatch(/6\. Title of d 90 10 0 0 0 0 /);
    expect(read).toContain('n = 100 · effective n 100 · 95 % intervals: model sampling error only');
    expect(read).toContain('Model asked for p/m');
  });

  it('has cross-tables by the requested groupings, with shares, counts and a test', async () => {
    const people = hundred.map((each, index) => ({
      ...each,
      respondent: { ...each.respondent, persona: { age: String(20 + index) } },
    }));
    const read = words(await report(survey, people, {}, ['age:20-69,70-', 'a']));
    expect(read).toMatch(/ By age:20-69,70- By a /);
    expect(read).toContain(
      'The grid – Tea? Answer 20-69 (A) 70- (B) Yes 100% (50) B 50% (25) No 0% (0) 50% (25) A n 50 50 Rao–Scott F(1, 99) = ',
    );
    expect(read).toContain(
      'mean 3 3 n 50 50 Rao–Scott F(4, 396) = 0, p = 1.000 (adjusted 1.000), Cramér&#39;s V = 0 Means: Welch F(1, 98) = 0, p = 1.000 (adjusted 1.000)',
    );
  });

  it('has all answers in words, in pages', async () => {
    const page = await report(survey, hundred);
    expect(words(page)).toMatch(/Answers 1 to 50 of 90 .*Answers 51 to 90 of 90 /);
    expect(
      page.match(/<li lang="[^"]*" dir="auto">well &lt;b&gt;liked&lt;\/b&gt; <span class="soft">r\d+</g),
    ).toHaveLength(90);
  });

  it('says how many answers in words are left out where there are too many', async () => {
    const long = Array.from({ length: 5_000 }, (_, index) =>
      interviewed({ id: `r${index}`, answers: { d: 'x'.repeat(1_000) }, calls: [call('h')] }),
    );
    const page = await report(questionnaire(text('d')), long);
    expect(page.length).toBeLessThan(5_000_000);
    const [, shown = ''] = /Answers \d+ to \d+ of (\d+)/.exec(words(page)) ?? [];
    const [, left = ''] = /(\d+) more answers in words are in answers\.csv/.exec(words(page)) ?? [];
    expect(Number(shown) + Number(left)).toBe(5_000);
  });

  it('draws the rows of a grid as stacked bars before them', async () => {
    const row = (name: string, stem: string): Question => ({ ...single(name, 'low', 'high'), stem });
    const grid = questionnaire(row('x', 'Rate'), row('y', 'Rate'), row('z', 'Other'));
    const results = hundred.map((each, index) =>
      interviewed({
        id: each.respondent.id,
        answers: { x: index < 25 ? 'low' : 'high', y: 'high', z: 'low' },
      }),
    );
    const page = await report(grid, results);
    const chart = /<section class="question grid">.*?<\/section>/s.exec(page)?.[0] ?? '';
    expect(words(chart)).toMatch(
      /Rate low high All rows of “Rate” .*Title of x 25% 75% Title of y 0% 100% $/,
    );
    expect(chart).toMatch(/x="0" width="25" [^>]*fill-opacity="0\.2"\/><rect[^>]*x="25" width="75"/);
    expect(page.match(/class="question grid"/g)).toHaveLength(1);
  });

  it('replaces a piped answer by the name of the question in headings, contents and statuses', async () => {
    const of = questionnaire(
      { ...single('machine', 'Filter'), title: 'Which machine?' },
      { ...single('like', ['y', 'More {machine}']), stem: 'Of {machine}', title: 'Good {machine}?' },
    );
    const page = await report(of, [interviewed({ id: 'r', answers: { machine: 'Filter', like: 'y' } })]);
    expect(page).not.toContain('{machine}');
    expect(words(page).match(/Good \[answer to “Which machine\?”\]\?/g)).toHaveLength(3);
    expect(words(page)).toContain('Of [answer to “Which machine?”] 2. Good');
    expect(words(page)).toContain('More [answer to “Which machine?”] 100%');
  });

  it('draws each share to scale', async () => {
    const page = await report(survey, hundred);
    expect(page).toContain(
      '<rect class="fill" width="75" height="10"/><path class="whisker" d="M65.7 5H82.45M',
    );
  });

  it('includes order effects and consistency if the answers allow it', async () => {
    const plain = words(await report(survey, hundred));
    expect(plain).toContain('Not known: everybody saw the same order.');
    expect(plain).not.toContain('Krippendorff');
    const of = questionnaire(single('a', 'x', 'y'));
    const twice = Array.from({ length: 200 }, (_, index) => {
      const shown = index % 4 < 2 ? ['x', 'y'] : ['y', 'x'];
      return interviewed({
        id: `r${index >> 1}`,
        replicate: index % 2,
        answers: { a: { value: shown[0] as string, shown } },
      });
    });
    const read = words(await report(of, twice));
    expect(read).toContain('The first: chosen too often, +50.0 points [+39.8, +60.2] (99.5 % interval)');
    expect(read).toMatch(/Consistency over replicates .* a 100 100% /);
  });

  it('is in the language of the survey', async () => {
    const chinese = { ...survey, locale: 'zh-tw', title: '茶' };
    const page = await report(chinese, hundred);
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('<title>茶（合成数据）</title>');
    expect(page).toContain('<h1 lang="zh-tw" dir="auto">茶</h1>');
    const read = words(page);
    for (const part of [
      '合成受访者 100',
      '题目',
      '选项顺序',
      '按状态统计的回答',
      '方法说明',
      '有效样本量（Kish） 100',
    ])
      expect(read).toContain(part);
    expect(read).toMatch(
      /均值 3（95% 区间 2\.72 至 3\.28，仅含模型抽样误差）；标准差 1\.42；最小 1，最大 5。/,
    );
    expect(read).toContain('n = 90 · 有效样本量 90 · 拒答 10');
    expect(page).toContain('content: "合成数据：由语言模型作答"');
    const ownWords = read.replace(
      /Title of \w+|well &lt;b&gt;liked&lt;\/b&gt;|The grid|Tea\?|people\.csv/g,
      '',
    );
    expect(ownWords.match(/[a-z]{3,} [a-z]{3,}/gi) ?? []).toEqual([]);
  });

  it('escapes all texts from a survey, a respondent or a model', async () => {
    const attack = `"'></style></script><script>alert(1)</script><img src=x onerror=alert(1)>&lt;\u202e\u0000`;
    const hostile = (question: Question): Question => ({
      ...question,
      name: attack + question.kind,
      title: attack,
      stem: attack,
    });
    const of: Questionnaire = {
      ...questionnaire(...[single('a', [attack, attack]), text('b'), number('c')].map(hostile)),
      title: attack,
      locale: attack,
    };
    const [a, b, c] = ['single-choice', 'text', 'number'].map((kind) => attack + kind) as [
      string,
      string,
      string,
    ];
    const results = [0, 1].map((replicate) =>
      interviewed({
        id: attack,
        replicate,
        persona: { [attack]: attack },
        answers: { [a]: { value: attack, shown: [attack] }, [b]: attack, [c]: 1 },
        calls: [call(attack, { returnedModel: attack })],
        details: { [a]: { repairs: [attack] } },
      }),
    );
    const page = await report(of, results, {
      survey: attack,
      audience: attack,
      model: attack,
      baseUrl: attack,
    });
    expect(page).not.toMatch(/<script|<img/);
    for (const char of ['\u0000', '\u202e']) expect(page).not.toContain(char);
    // No quote of a text ended an attribute: outside of quotes the injected attribute does not occur.
    expect(page.replace(/"[^"<>]*"/g, '')).not.toMatch(/<[^<>]*onerror/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(10);
    expect(page).toContain('<h1 lang="und" dir="auto">');
  });

  it('repeats the column heading in every cell, for narrow screens without a header row', async () => {
    const page = await report(survey, hundred);
    const row = /<tr role="row"><th scope="row" role="rowheader" dir="auto"><a href="#q6">.*?<\/tr>/s.exec(
      page,
    )?.[0];
    expect([...(row ?? '').matchAll(/data-heading="([^"]*)">(\d+)</g)].map(([, ...cell]) => cell)).toEqual([
      ['answered', '90'],
      ['refused', '10'],
      ['dont-know', '0'],
      ['withheld', '0'],
      ['skipped', '0'],
      ['preset', '0'],
      ['invalid', '0'],
      ['failed', '0'],
    ]);
    expect(page).toContain('.plain td[data-heading]::before { content: attr(data-heading);');
  });

  it('keeps the numbers of the contents list inside their own column', async () => {
    const [, list = '', item = ''] =
      /nav ol \{([^}]*)\}\s*nav li \{([^}]*)\}/.exec(await report(survey, hundred)) ?? [];
    // The list has several columns, and padding of the list would indent only the first.
    expect(list).toMatch(/columns: .*padding: 0;/);
    expect(item).toMatch(/margin: 0 0 \.2rem 2\.6em;/);
  });

  it('distinguishes the same question of several entries in its lists', async () => {
    const entry = (name: string, stem: string): Question => ({ ...text(name), stem, title: 'Who is it?' });
    const twice = questionnaire(entry('p[0].who', 'Person 1'), entry('p[1].who', 'Person 2'), text('only'));
    const page = await report(twice, [interviewed({ id: 'r', answers: { 'p[0].who': 'Ada' } })]);
    const links = [...page.matchAll(/<a href="#q\d">(.*?)<\/a>/g)].map(([, title]) => title);
    expect(links).toEqual([
      'Person 1 – Who is it?',
      'Person 2 – Who is it?',
      'Title of only',
      '1. Person 1 – Who is it?',
      '2. Person 2 – Who is it?',
      '3. Title of only',
    ]);
  });

  it('loads and runs nothing: its policy allows only its own style, by hash', async () => {
    const page = await report(survey, hundred);
    const style = /<style>(.*)<\/style>/s.exec(page)?.[1] as string;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`.replaceAll(
        "'",
        '&#39;',
      ),
    );
    expect(page).not.toMatch(/\s(src|style|on\w+)=|href="(?!#)|url\(|@import/);
  });

  it('can be written for a survey without answers', async () => {
    const read = words(await report(survey, []));
    expect(read).toContain('Interviews 0 of 3');
    expect(read).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it('bounds long charts without losing an answer', async () => {
    const values = Array.from({ length: 300 }, (_, index) => `o${index}`);
    const results = values.map((value, index) => interviewed({ id: `r${index}`, answers: { a: value } }));
    const read = words(await report(questionnaire(single('a', ...values)), results));
    expect(read).toMatch(/\(241 more\) 80% – 241 /);
  });
});
