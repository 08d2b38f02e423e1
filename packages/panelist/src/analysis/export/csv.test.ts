import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { computed } from '../../survey/testing/build-questionnaire.ts';
import { printable } from '../../text/printable.ts';
import { multiple, number, questionnaire, ranking, single, text } from '../testing/build-results.ts';
import { scanSurvey } from './survey-scan.ts';
import { call, interviewed, streamed } from './testing/build-export.ts';
import { wideTable } from './wide-table.ts';
import { csvParts } from './write-csv.ts';

const survey: Questionnaire = {
  ...questionnaire(
    single('a', 'Yes', 'No'),
    multiple('b', 'Tea', 'x;y\\'),
    number('c'),
    text('d'),
    ranking('e', 1, 2),
  ),
  computed: [computed('total', '{c} + 1', true), computed('hidden', '1', false)],
};

async function csv(
  results: readonly SurveyResult[],
  of: Questionnaire = survey,
  bom = false,
): Promise<string> {
  const table = wideTable(of, await scanSurvey(of, results));
  const parts: string[] = [];
  for await (const part of csvParts(table, streamed(...results), { bom })) parts.push(part);
  return parts.join('');
}

describe('CSV, wide', () => {
  it('has one row per interview: respondent, weight, values, statuses, computed values, models and `synthetic`', async () => {
    const one = interviewed({
      id: 'r1',
      persona: { city: '北京', age: '36' },
      answers: { a: 'Yes', b: ['Tea', 'x;y\\'], c: -3.5, d: 'two\nlines, "q"', e: [2, 1] },
      weight: 1.25,
      computed: { total: -2.5 },
      calls: [call('h1'), call('h2', { returnedModel: 'm;2' }), call('h3')],
    });
    const again = interviewed({
      id: 'r1',
      replicate: 1,
      answers: { a: { status: 'skipped' }, c: null },
      persona: { sex: 'f' },
    });
    expect(await csv([one, again])).toBe(
      'respondent_id,replicate,weight,persona.city,persona.age,persona.sex,a,a.status,b,b.status,c,c.status,d,d.status,e,e.status,total,requested_model,returned_models,synthetic\r\n' +
        'r1,0,1.25,北京,36,,Yes,answered,Tea; x\\;y\\\\,answered,-3.5,answered,"two\nlines, ""q""",answered,2; 1,answered,-2.5,m,m-1; m\\;2,true\r\n' +
        'r1,1,1,,,f,,skipped,,,,answered,,,,,,m,,true\r\n',
    );
    expect(await csv([], survey, true)).toMatch(/^\ufeffrespondent_id,replicate,weight,a,/);
  });

  it('disables formulas in cells and headings, and leaves negative numbers unchanged', async () => {
    const starts = ['=', '+', '-', '@', '\t=', '\r=', ' =', '\u0000=', '\u200b=', '＝', '\n='];
    const attacks = starts.map((start) => `${start}1+1"&cmd`);
    const of = questionnaire(text('=a'), multiple('b'), number('c'));
    const rows = attacks.map((attack) =>
      interviewed({
        id: attack,
        persona: { [attack]: attack },
        answers: { '=a': attack, b: [attack], c: -1 },
        computed: { [attack]: attack },
        calls: [call('h', { returnedModel: attack })],
        interview: { requestedModel: attack },
      }),
    );
    const [headings, ...cells] = parse(await csv(rows, of)) as string[][];
    expect(cells).toHaveLength(attacks.length);
    const place = headings?.indexOf('c') as number;
    expect(place).toBeGreaterThan(0);
    const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;
    for (const heading of headings as string[]) expect(heading).not.toMatch(formula);
    for (const row of cells) {
      expect(row[place]).toBe('-1');
      for (const cell of row.toSpliced(place, 1)) expect(cell).not.toMatch(formula);
    }
    expect(cells[0]?.[0]).toBe(`'=1+1"&cmd`);
  });

  it.each([
    ['fine;=40+2;end', "fine;'=40+2;end"],
    ['fine; =40+2', "fine; '=40+2"],
    ['fine;"=40+2";end', 'fine;"\'=40+2";end'],
    ['a\t@SUM(1;2)', "a\t'@SUM(1;2)"],
    ['a\n=40+2\nb', "a\n'=40+2\nb"],
    ['a\r\n=40+2\rb', "a\n'=40+2\nb"],
    ['a;\u200b\uff1d40+2', "a;\u200b'\uff1d40+2"],
    ['\n\n\n=40+2', "'\n\n\n'=40+2"],
    ['a = b; c - d, e@f.org; 5', 'a = b; c - d, e@f.org; 5'],
    ['1; -2; +3.5;-4', '1; -2; +3.5;-4'],
    ['1; -2+3', "1; '-2+3"],
  ])('disables formulas in %j if the separator is a semicolon or a tab', async (given, expected) => {
    const results = [interviewed({ id: 'r', answers: { d: given } })];
    const [, row] = parse(await csv(results)) as string[][];
    expect(row).toContain(expected);
  });

  it('escapes control and direction characters from every source', async () => {
    const hostile = 'a\u202eb\u0000\u001b]0;c\u0007\u009bd\u2066\ne\tf';
    const written = await csv([
      interviewed({
        id: hostile,
        persona: { [hostile]: hostile },
        answers: { d: hostile, b: [hostile] },
        calls: [call('h', { returnedModel: hostile })],
      }),
    ]);
    expect(written).not.toMatch(/(?![\r\n\t])[\p{Cc}\p{Bidi_Control}]/u);
    const [, row] = parse(written) as string[][];
    expect(row).toContain('a\\u202eb\\u0000\\u001b]0;c\\u0007\\u009bd\\u2066\ne\tf');
  });

  it('takes time linear in the length of a text', async () => {
    const long = ['\n', ';', '\t', ' ', '; ', '"', '-'].map((part) => part.repeat(400_000 / part.length));
    const results = long.map((text, index) => interviewed({ id: `r${index}`, answers: { d: text } }));
    expect((await csv(results)).length).toBeGreaterThan(2_000_000);
  });

  it('gives columns of the same name different headings', async () => {
    const names = questionnaire(text('x'), text('x.status'), text('weight'));
    expect((await csv([], names)).trim().split(',')).toEqual([
      ...['respondent_id', 'replicate', 'weight', 'x', 'x.status', 'x.status (2)', 'x.status.status'],
      ...['weight (2)', 'weight.status', 'requested_model', 'returned_models', 'synthetic'],
    ]);
  });

  it('can be read back with any texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 250 }), async (texts) => {
        const written = await csv(
          texts.map((each, index) => interviewed({ id: `r${index}`, answers: { d: each } })),
        );
        const rows = parse(written, { columns: true }) as Record<string, string>[];
        // Apart from apostrophes, control characters and line endings.
        const plain = (text = ''): string => printable(text.replace(/\r\n?/g, '\n')).replaceAll("'", '');
        expect(rows.map(({ d }) => plain(d))).toEqual(texts.map(plain));
      }),
      { numRuns: 30 },
    );
  });
});
