import type { TaskRecord } from '@panelist/toolkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerStatus, AnswerValue } from '../../survey/answer.ts';
import {
  multiple,
  number,
  options,
  questionnaire,
  single,
  text,
} from '../../survey/testing/build-questionnaire.ts';
import { AnswerGrids, type GridPage, type GridRequest } from './answer-grid.ts';
import { AnswerIndexes } from './answer-indexes.ts';
import type { AnswerFilter, AnswerSort } from './answer-order.ts';
import { type Person, recordOutcome, surveyTask } from './testing/survey-task.ts';

const survey = questionnaire([
  single('size', { options: options(['s', 'Small'], ['l', 'Large'], ['m', 'Medium']) }),
  multiple('drinks', { options: options('Tea', 'Coffee', 'Water') }),
  number('age'),
  text('why'),
]);
const columns = ['persona.town', 'answer.size', 'answer.drinks', 'answer.age', 'answer.why'];

async function grid(people: readonly Person[]) {
  const { tasks, taskId, record } = await surveyTask(survey, people);
  const grids = new AnswerGrids(tasks, new AnswerIndexes(tasks));
  const page = async (request: GridRequest = {}): Promise<GridPage> => {
    for (;;) {
      const found = await grids.page(await record(), { columns, ...request });
      if (found.indexing === null) return found;
    }
  };
  return { tasks, taskId, page, grids, record };
}

async function allKeys(page: (request: GridRequest) => Promise<GridPage>, request: GridRequest) {
  const keys: string[] = [];
  let after: string | undefined;
  do {
    const { rows, next } = await page({ ...request, after });
    keys.push(...rows.map(({ key }) => key));
    after = next ?? undefined;
  } while (after !== undefined);
  return keys;
}

const answered = (value: AnswerValue) => ({ status: 'answered' as const, value });
const refused = { status: 'refused' as const };
const people: readonly Person[] = [
  {
    id: 'p1',
    persona: { town: 'Bath' },
    outcome: { size: answered('m'), age: answered(40), why: answered('Near') },
  },
  { id: 'p2', persona: { town: 'York' }, outcome: { size: answered('s'), age: answered(9), why: refused } },
  { id: 'p3', persona: { town: '' }, outcome: { error: 'The model is out.' } },
  { id: 'p4', persona: { town: 'Ayr' }, outcome: null },
  { id: 'p5', outcome: { size: refused, drinks: answered(['Tea', 'Water']), age: answered(100) } },
];

describe('a page of answers', () => {
  it('shows the interviews in their order, with what became of each', async () => {
    const { page } = await grid(people);
    const { rows, selected, total, next } = await page();
    expect([selected, total, next]).toEqual([5, 5, null]);
    const cell = (status: AnswerStatus | null, shown: string) => ({ status, text: shown, isCut: false });
    expect(rows[0]).toEqual({
      ...{ position: 0, key: 'p1', state: 'succeeded', problem: null },
      cells: [
        cell(null, 'Bath'),
        cell('answered', 'Medium'),
        cell('skipped', ''),
        cell('answered', '40'),
        cell('answered', 'Near'),
      ],
    });
    expect(rows[2]).toMatchObject({ state: 'failed', problem: 'The model is out.' });
    expect(rows[2]?.cells[1]).toEqual(cell('failed', ''));
    expect(rows[3]).toMatchObject({ state: 'pending', cells: [cell(null, 'Ayr'), null, null, null, null] });
    expect(rows[4]?.cells.slice(0, 3)).toEqual([null, cell('refused', ''), cell('answered', 'Tea; Water')]);
  });

  it.each<[GridRequest, string]>([
    [{ filters: [{ column: 'answer.size', values: ['m', 's'] }] }, 'p1 p2'],
    [{ filters: [{ column: 'answer.drinks', values: ['Water'] }] }, 'p5'],
    [{ filters: [{ column: 'answers', statuses: ['refused'] }] }, 'p2 p5'],
    [{ filters: [{ column: 'answers', statuses: ['failed'] }] }, 'p3'],
    [{ filters: [{ column: 'state', values: ['pending', 'failed'] }] }, 'p3 p4'],
    [{ filters: [{ column: 'persona.town', contains: 'a' }] }, 'p1 p4'],
    [{ find: 'med' }, 'p1'],
    [{ find: 'york' }, 'p2'],
    [{ find: 'P4' }, 'p4'],
    [{ sort: { column: 'answer.size' } }, 'p2 p1 p5 p3 p4'],
    [{ sort: { column: 'answer.size', descending: true } }, 'p1 p2 p5 p3 p4'],
    [{ sort: { column: 'answer.age', descending: true } }, 'p5 p1 p2 p3 p4'],
    [{ sort: { column: 'persona.town' } }, 'p4 p1 p2 p3 p5'],
    [{ sort: { column: 'key', descending: true }, find: 'p' }, 'p5 p4 p3 p2 p1'],
  ])('selects and sorts by %j', async (request, keys) => {
    const { page } = await grid(people);
    expect((await page(request)).rows.map(({ key }) => key).join(' ')).toBe(keys);
  });

  it('is the same as filtering, sorting and cutting in memory', async () => {
    const statuses: readonly AnswerStatus[] = ['answered', 'refused', 'invalid', 'skipped'];
    const value = (values: fc.Arbitrary<AnswerValue>) =>
      fc
        .record({ status: fc.constantFrom(...statuses), value: values })
        .map(({ status, value: given }) => (status === 'answered' ? { status, value: given } : { status }));
    const answers = fc.record({
      size: value(fc.constantFrom('s', 'm', 'l')),
      drinks: value(fc.subarray(['Tea', 'Coffee', 'Water'])),
      age: value(fc.integer({ min: -20, max: 120 })),
      why: value(fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'B', 'é', ' ', '你', '<') })),
    });
    const persona = fc.record(
      { town: fc.constantFrom('Bath', 'York', 'Ayr', '10', '9') },
      { requiredKeys: [] },
    );
    const outcome = fc.oneof(
      { weight: 5, arbitrary: answers },
      fc.constant({ error: 'no' }),
      fc.constant(null),
    );
    const crowd = fc.array(fc.record({ persona, outcome }), { maxLength: 25 }).map((list) => [
      // So that there is the column.
      { id: 'first', persona: { town: 'Ayr' }, outcome: null },
      ...list.map((each, index): Person => ({ id: `p${index}`, ...each }) as Person),
    ]);
    const filter = fc.oneof(
      fc.record({
        column: fc.constant('answer.size'),
        values: fc.subarray(['s', 'm', 'l'], { minLength: 1 }),
      }),
      fc.record({ column: fc.constant('answers'), statuses: fc.subarray([...statuses], { minLength: 1 }) }),
      fc.record({ column: fc.constant('answer.why'), contains: fc.constantFrom('a', 'é', 'A') }),
      fc.record({ column: fc.constant('state'), values: fc.subarray(['pending', 'failed', 'succeeded']) }),
    ) as fc.Arbitrary<AnswerFilter>;
    const sort = fc.record({ column: fc.constantFrom('key', ...columns), descending: fc.boolean() });
    const request = fc.record(
      { filters: fc.array(filter, { maxLength: 2 }), sort, find: fc.constantFrom('', 'a', 'large', '1') },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(crowd, request, fc.integer({ min: 1, max: 7 }), async (list, given, limit) => {
        const { page } = await grid(list);
        expect(await allKeys(page, { ...given, limit })).toEqual(expectedKeys(list, given));
      }),
      { numRuns: 150 },
    );
  });

  it('goes on behind the last row when others have been answered in the meantime', async () => {
    const list = Array.from({ length: 9 }, (_, index): Person => {
      return { id: `p${index}`, outcome: index < 6 ? { age: answered(index * 10) } : null };
    });
    const { page, tasks, taskId } = await grid(list);
    const sort = { column: 'answer.age' };
    const first = await page({ sort, limit: 3 });
    expect(first.rows.map(({ key }) => key)).toEqual(['p0', 'p1', 'p2']);
    await recordOutcome(tasks, taskId, survey, 'p6', { age: answered(5) });
    await recordOutcome(tasks, taskId, survey, 'p7', { age: answered(35) });
    const second = await page({ sort, limit: 3, after: first.next ?? '' });
    expect(second.rows.map(({ key }) => key)).toEqual(['p3', 'p7', 'p4']);
  });

  it('notices failed interviews that are retried', async () => {
    const { page, tasks, taskId } = await grid(people);
    const failed = { filters: [{ column: 'state', values: ['failed'] }] };
    expect((await page(failed)).rows.map(({ key }) => key)).toEqual(['p3']);
    await tasks.resetFailed(taskId);
    expect((await page(failed)).selected).toBe(0);
    await recordOutcome(tasks, taskId, survey, 'p3', { size: answered('l') });
    const large = await page({ filters: [{ column: 'answer.size', values: ['l'] }] });
    expect(large.rows.map(({ key }) => key)).toEqual(['p3']);
  });

  it('gives hostile answers back as text, bounded and with control characters made visible', async () => {
    const why = '<script>alert(1)</script>\u202egnp.exe\u0007';
    const long = 'é'.repeat(5_000);
    const { page, grids, record } = await grid([
      { id: '<img src=x>', persona: { 'to\u202ewn': why }, outcome: { why: answered(why) } },
      { id: 'b', outcome: { why: answered(long) } },
    ]);
    const { rows } = await page({ columns: ['answer.why', 'persona.to\u202ewn'] });
    expect(rows[0]?.key).toBe('<img src=x>');
    expect(rows[0]?.cells.map((cell) => cell?.text)).toEqual(
      Array(2).fill('<script>alert(1)</script>\\u202egnp.exe\\u0007'),
    );
    expect(rows[1]?.cells[0]).toMatchObject({ isCut: true });
    expect(rows[1]?.cells[0]?.text).toHaveLength(301);
    const titles = (await grids.columns(await record())).map(({ title }) => title);
    expect(titles[0]).toBe('to\\u202ewn');
    // The end of a long text isn't indexed; the page says so.
    expect(await page({ find: 'ééé' })).toMatchObject({ selected: 1, isCut: true });
  });

  it('shows an interview whose row was changed by something else, and all others', async () => {
    const { page, tasks, taskId } = await grid([people[0]!, { id: 'x', outcome: null }]);
    await tasks.store.record(taskId, { itemKey: 'x', success: true, result: { no: 1 }, recordedAt: 1 });
    const { rows } = await page();
    expect(rows.map(({ state }) => state)).toEqual(['succeeded', 'damaged']);
    expect(rows[1]?.problem).toContain('not what Panelist writes');
    expect((await page({ filters: [{ column: 'state', values: ['damaged'] }] })).selected).toBe(1);
  });

  it.each<[GridRequest, string]>([
    [{ limit: 201 }, 'limit'],
    [{ limit: 0 }, 'limit'],
    [{ from: -1 }, 'from'],
    [{ after: 'e30' }, 'cursor'],
    [{ after: '%%' }, 'cursor'],
    [{ columns: ['answer.none'] }, 'answer.none'],
    [{ sort: { column: 'answer.none' } }, 'answer.none'],
    [{ filters: [{ column: 'nothing', values: ['a'] }] }, 'nothing'],
    [{ columns: Array.from({ length: 101 }, (_, index) => `answer.${index}`) }, '100 columns'],
  ])('refuses %j', async (request, problem) => {
    const { page } = await grid(people);
    await expect(page(request)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(problem),
    });
  });
});

describe('indexes', () => {
  it('drop the task that was used longest ago', async () => {
    const first = await grid(people);
    const indexes = new AnswerIndexes(first.tasks);
    const records: TaskRecord[] = [];
    for (let count = 0; count < 6; count += 1) {
      const { record } = await surveyTask(survey, people, first.tasks);
      records.push(await record());
      await indexes.of(records.at(-1) as TaskRecord, { waitMs: 60_000 });
    }
    expect(records.map(({ taskId }) => indexes.existing(taskId) !== undefined)).toEqual([
      ...[false, false, true, true, true, true],
    ]);
  });
});

/** The same without an index, as simply as possible. */
function expectedKeys(list: readonly Person[], { filters = [], sort, find = '' }: GridRequest): string[] {
  const chosen = list.filter(
    (person) =>
      filters.every((filter) => isMatch(person, filter)) &&
      (find === '' || shownTexts(person).some((shown) => shown.toLowerCase().includes(find))),
  );
  return (sort === undefined ? chosen : chosen.toSorted(by(sort))).map(({ id }) => id);
}

function answersOf({
  outcome,
}: Person): Readonly<Record<string, { status: AnswerStatus; value?: AnswerValue }>> {
  const names = ['size', 'drinks', 'age', 'why'];
  if (outcome === null) return {};
  if ('error' in outcome) return Object.fromEntries(names.map((name) => [name, { status: 'failed' }]));
  return outcome as never;
}

function stateOf({ outcome }: Person): string {
  if (outcome === null) return 'pending';
  return 'error' in outcome ? 'failed' : 'succeeded';
}

const labels: Readonly<Record<string, string>> = { s: 'Small', m: 'Medium', l: 'Large' };

function shownTexts(person: Person): string[] {
  const shown = Object.values(answersOf(person)).map(({ value = [] }) =>
    [value]
      .flat()
      .map((each) => labels[String(each)] ?? String(each))
      .join('; '),
  );
  return [person.id, stateOf(person), ...Object.values(person.persona ?? {}), ...shown];
}

function isMatch(person: Person, { column, values, statuses, contains }: AnswerFilter): boolean {
  const answers = answersOf(person);
  if (column === 'state') return values?.includes(stateOf(person)) === true;
  if (column === 'answers') return Object.values(answers).some(({ status }) => statuses?.includes(status));
  const value = answers[column.replace('answer.', '')]?.value;
  if (values !== undefined) return value !== undefined && values.includes(String(value));
  return (
    value !== undefined &&
    String(value)
      .toLowerCase()
      .includes((contains ?? '').toLowerCase())
  );
}

function by({ column, descending }: AnswerSort): (a: Person, b: Person) => number {
  const collator = new Intl.Collator('en', { numeric: true });
  const order: readonly string[] = [
    'answered',
    'refused',
    'dont-know',
    'withheld',
    'skipped',
    'preset',
    'invalid',
    'failed',
  ];
  /** Rows without a value by status; 0 for those with one. */
  const group = (person: Person): number => {
    if (column === 'key') return 0;
    if (column === 'persona.town') return (person.persona?.town ?? '') === '' ? 99 : 0;
    const answer = answersOf(person)[column.replace('answer.', '')];
    if (answer === undefined) return 99;
    const isEmpty = answer.value === undefined || [answer.value].flat().join('') === '';
    return isEmpty ? 1 + order.indexOf(answer.status) : 0;
  };
  const value = (person: Person): number | string => {
    if (column === 'key') return person.id;
    if (column === 'persona.town') {
      const town = person.persona?.town ?? '';
      return /^\d+$/.test(town) ? Number(town) : town;
    }
    const given = answersOf(person)[column.replace('answer.', '')]?.value;
    if (column === 'answer.size') return ['s', 'l', 'm'].indexOf(given as string);
    if (column === 'answer.drinks') {
      const list = given as readonly string[];
      return ['Tea', 'Coffee', 'Water'].indexOf(list[0] as string) * 1_000 + 0;
    }
    return given as number | string;
  };
  const sign = descending === true ? -1 : 1;
  return (a, b) => {
    const groups = group(a) - group(b);
    if (groups !== 0 || group(a) !== 0) return groups;
    const [first, second] = [value(a), value(b)];
    if (column === 'answer.drinks' && first === second) return sign * collator.compare(joined(a), joined(b));
    if (typeof first === 'number' && typeof second === 'number') return sign * (first - second);
    if (typeof first !== typeof second) return sign * (typeof first === 'number' ? -1 : 1);
    return sign * collator.compare(String(first), String(second));
  };
}

function joined(person: Person): string {
  return [answersOf(person).drinks?.value ?? []].flat().join('\u001f');
}
