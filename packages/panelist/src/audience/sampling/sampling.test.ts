import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectiveSize } from '../../analysis/statistics/effective-size.ts';
import { readAudience } from '../read-audience.ts';
import type { Respondent } from '../respondent.ts';
import { writeAudience } from '../write-audience.ts';
import { categoryFinder } from './categories.ts';
import { quotaSample } from './quota-sample.ts';
import { rake } from './raking.ts';
import { readTargets } from './targets.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-sampling-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const people: Respondent[] = Array.from({ length: 600 }, (_, index) => ({
  id: `P${index}`,
  persona: {
    age: String(18 + ((index * 7) % 70)),
    sex: index % 3 === 0 ? 'Male' : 'female',
    region: ['North', 'South', 'West'][index % 5 === 0 ? 2 : index % 2] ?? '',
  },
}));
const targets = [
  {
    variable: 'sex',
    shares: new Map([
      ['male', 0.49],
      ['female', 0.51],
    ]),
  },
  {
    variable: 'age',
    shares: new Map([
      ['18-34', 0.3],
      ['35-54', 0.4],
      ['55+', 0.3],
    ]),
  },
];

describe('raking', () => {
  it('meets the margins and preserves the odds ratios, which defines its one solution (Deming & Stephan, 1940)', () => {
    const table = [
      [40, 30, 20, 10],
      [35, 50, 100, 75],
      [30, 80, 70, 120],
      [20, 30, 40, 50],
    ];
    const [rows, columns] = [
      [150, 300, 400, 150],
      [200, 300, 400, 100],
    ];
    const cells = table.flatMap((row, at) => row.map((_, index) => [at, index] as const));
    const names = ['a', 'b', 'c', 'd'];
    const fitted = rake(table.flat(), [
      {
        variable: 'row',
        categories: names,
        of: cells.map(([row]) => row),
        shares: rows.map((n) => n / 1000),
      },
      {
        variable: 'column',
        categories: names,
        of: cells.map(([, column]) => column),
        shares: columns.map((n) => n / 1000),
      },
    ]);
    const at = (row: number, column: number): number => fitted[row * 4 + column] as number;
    const total = fitted.reduce((sum, weight) => sum + weight, 0);
    for (let row = 0; row < 4; row++) {
      const sum = [0, 1, 2, 3].reduce((all, column) => all + at(row, column), 0);
      expect(sum / total).toBeCloseTo((rows[row] as number) / 1000, 5);
      const own = [0, 1, 2, 3].reduce((all, other) => all + at(other, row), 0);
      expect(own / total).toBeCloseTo((columns[row] as number) / 1000, 5);
    }
    for (const [row, column] of [
      [1, 1],
      [2, 3],
      [3, 2],
    ] as const) {
      const given = table as number[][];
      const before = (given[0]![0]! * given[row]![column]!) / (given[0]![column]! * given[row]![0]!);
      expect((at(0, 0) * at(row, column)) / (at(0, column) * at(row, 0))).toBeCloseTo(before, 6);
    }
  });

  it('explains why targets are impossible', () => {
    const margin = (of: number[], shares: number[]) => ({
      variable: 'v',
      categories: ['a', 'b'],
      of,
      shares,
    });
    expect(() => rake([1, 1], [margin([0, 0], [0.5, 0.5])])).toThrow(
      /Nobody is in "b" of "v", whose target is 50.0 %/,
    );
    const contradiction = [margin([0, 1], [0.5, 0.5]), { ...margin([0, 1], [0.9, 0.1]), variable: 'w' }];
    expect(() => rake([1, 1], contradiction)).toThrow(/contradict/);
  });

  it("reduces the effective sample size by Kish's formula", () => {
    expect(effectiveSize([1, 1, 1, 1])).toBe(4);
    expect(effectiveSize([1, 1, 2])).toBeCloseTo(16 / 6);
  });
});

describe('a quota sample', () => {
  const options = { size: 90, by: ['age', 'sex', 'region'], targets, seed: 5 };

  it('has the requested size and shares, nobody twice, and is the same for the same seed', () => {
    const sample = quotaSample(people, options);
    expect(new Set(sample.respondents.map(({ id }) => id)).size).toBe(90);
    for (const { variable, target, sample: share, weighted } of sample.categories) {
      if (variable === 'region') continue;
      expect(Math.abs(share - target)).toBeLessThan(0.06);
      expect(weighted).toBeCloseTo(target, 5);
    }
    const weights = sample.respondents.map(({ weight = 1 }) => weight);
    expect(weights.reduce((a, b) => a + b) / 90).toBeCloseTo(1, 4);
    expect(Math.min(...weights)).toBeGreaterThan(0);
    expect(quotaSample(people, options)).toEqual(sample);
    expect(quotaSample(people, { ...options, seed: 6 }).respondents).not.toEqual(sample.respondents);
  });

  it('preserves the proportions of the file without targets', () => {
    const { categories, respondents } = quotaSample(people, { size: 60, by: ['region', 'sex'], seed: 1 });
    for (const { source, sample } of categories) expect(Math.abs(source - sample)).toBeLessThan(0.02);
    expect(respondents.every(({ weight }) => weight === 1)).toBe(true);
  });

  it('lists cells with too few people, and fills up with others', () => {
    const few = [...people.slice(0, 40), { id: 'last', persona: { sex: 'x' } }];
    const shares = new Map([
      ['male', 0.9],
      ['female', 0.1],
    ]);
    const sample = quotaSample(few, { size: 30, by: ['sex'], targets: [{ variable: 'sex', shares }] });
    expect(sample.respondents).toHaveLength(30);
    expect(sample.short).toEqual([{ cell: ['male'], wanted: 27, there: 14 }]);
    expect(sample.leftOut).toBe(1);
    expect(sample.effectiveSize).toBeLessThan(20);
  });

  it('rejects impossible sizes and unknown columns', () => {
    expect(() => quotaSample(people, { size: 601, by: ['sex'] })).toThrow(/601 people cannot be drawn/);
    expect(() => quotaSample(people, { size: 1, by: ['shoe'] })).toThrow(
      /No respondent has a value for "shoe".*age, sex, region/,
    );
    expect(() => quotaSample(people, { size: 1, by: ['sex'], targets })).toThrow(
      /"age", which is not one of the columns to draw by/,
    );
    const names = Array.from({ length: 1_001 }, (_, index) => ({
      id: `${index}`,
      persona: { name: `N${index}` },
    }));
    expect(() => quotaSample(names, { size: 1, by: ['name'] })).toThrow(/1001 of them "name"/);
  });

  it('gives everyone the same chance whatever the size of their cell, and keeps the margins', () => {
    const uneven: Respondent[] = Array.from({ length: 120 }, (_, index) => ({
      id: `P${index}`,
      persona: {
        race: index < 100 ? 'White' : index < 112 ? 'Black' : ['Asian', 'Other'][index % 2],
        degree: ['none', 'school', 'college', 'bachelor', 'graduate', 'school', 'school'][index % 7],
      } as Record<string, string>,
    }));
    const [size, draws] = [20, 500];
    const times = new Map(uneven.map(({ id }) => [id, 0]));
    for (let seed = 0; seed < draws; seed += 1) {
      const { respondents, categories } = quotaSample(uneven, { size, by: ['race', 'degree'], seed });
      for (const { id } of respondents) times.set(id, (times.get(id) as number) + 1);
      for (const { source, sample } of categories) expect(Math.abs(sample - source) * size).toBeLessThan(1);
    }
    const chance = size / uneven.length;
    const deviations = [...times.values()].map(
      (count) => (count - chance * draws) / Math.sqrt(draws * chance * (1 - chance)),
    );
    expect(Math.max(...deviations.map(Math.abs))).toBeLessThan(4.5);
  });

  it('gives chances in proportion to the weights of the file, and weights that make up for who is certain', () => {
    const weighted: Respondent[] = [1, 1, 2, 2, 4, 10].map((weight, index) => ({
      id: String(index),
      persona: { sex: index % 2 === 0 ? 'f' : 'm' },
      weight,
    }));
    const times = [0, 0, 0, 0, 0, 0];
    const draws = 2_000;
    for (let seed = 0; seed < draws; seed += 1) {
      const { respondents, usesFileWeights } = quotaSample(weighted, { size: 3, by: ['sex'], seed });
      expect(usesFileWeights).toBe(true);
      for (const { id } of respondents) times[Number(id)] = (times[Number(id)] as number) + 1;
      if (seed === 0) {
        const heaviest = respondents.find(({ id }) => id === '5')?.weight as number;
        expect(heaviest).toBeGreaterThan(
          Math.max(...respondents.slice(0, -1).map(({ weight = 1 }) => weight)),
        );
      }
    }
    // Women weigh 7 of 20, so that 1.05 of 3 are wanted; men 13, so that 1.95, of whom the last one alone is worth more
    // than one and is drawn always.
    const chances = [0.15, 0.95 / 3, 0.3, 1.9 / 3, 0.6, 1];
    for (const [index, chance] of chances.entries())
      expect((times[index] as number) / draws).toBeCloseTo(chance, 1.2);
    expect(times[5]).toBe(draws);
  });

  it('draws the same people from the lines in any order', () => {
    const withoutIds = (all: readonly Respondent[]) =>
      all.map(({ persona }, index) => ({ id: String(index + 1), persona }));
    const drawn = (all: readonly Respondent[]) =>
      quotaSample(all, options)
        .respondents.map(({ persona, weight }) => JSON.stringify([persona, weight]))
        .sort();
    const [distinct, backwards] = [people.slice(0, 200), people.slice(0, 200).reverse()];
    expect(new Set(quotaSample(backwards, options).respondents.map(({ id }) => id))).toEqual(
      new Set(quotaSample(distinct, options).respondents.map(({ id }) => id)),
    );
    expect(drawn(withoutIds(backwards))).toEqual(drawn(withoutIds(distinct)));
  });

  it('draws nobody for a target of 0, even if too few others are there', () => {
    const shares = new Map([
      ['North', 0],
      ['South', 0.9],
      ['West', 0.1],
    ]);
    const region = { by: ['region'], targets: [{ variable: 'region', shares }] };
    const sample = quotaSample(people, { ...region, size: 350 });
    expect(sample.respondents.filter(({ persona }) => persona.region === 'North')).toEqual([]);
    expect(() => quotaSample(people, { ...region, size: 370 })).toThrow(
      '370 people cannot be drawn: 360 of 600 have a category with a target above 0 in region.',
    );
  });

  it('says that nobody is in a category only if nobody is', () => {
    const some = [
      ...people,
      { id: 'x', persona: { sex: 'other' } },
      { id: 'y', persona: { sex: 'other', age: '40' } },
    ];
    const shares = new Map([
      ['male', 0.495],
      ['female', 0.495],
      ['other', 0.01],
    ]);
    const sample = (more: Respondent[], by: string[]) =>
      quotaSample([...some, ...more], { size: 20, by, targets: [{ variable: 'sex', shares }] });
    // 0.2 people are wanted: a small sample without them is right.
    const notDrawn = Array.from({ length: 10 }, (_, seed) =>
      quotaSample(some, { size: 20, by: ['sex'], targets: [{ variable: 'sex', shares }], seed }),
    ).filter(({ respondents }) => !respondents.some(({ persona }) => persona.sex === 'other'));
    expect(notDrawn.length).toBeGreaterThan(4);
    for (const { notDrawn: categories } of notDrawn)
      expect(categories).toEqual([{ variable: 'sex', category: 'other', wanted: expect.closeTo(0.2, 9) }]);
    expect(() => sample([], ['sex', 'region'])).toThrow(
      /None of the 2 people in "other" of "sex" can be drawn, because each has no category/,
    );
    expect(() =>
      quotaSample(people, { size: 20, by: ['sex'], targets: [{ variable: 'sex', shares }] }),
    ).toThrow(/Nobody is in "other" of "sex"; its target is 1.0 %/);
  });

  it('trims weights, and says how many and how far the targets are missed since', () => {
    const shares = new Map([
      ['North', 0.1],
      ['South', 0.1],
      ['West', 0.8],
    ]);
    const options = { size: 400, by: ['region'], targets: [{ variable: 'region', shares }] };
    const { weights } = quotaSample(people, options);
    expect(weights.greatest).toBeCloseTo(320 / 120, 5);
    expect(weights.topPeople).toBe(4);
    expect(weights.topShare).toBeCloseTo((4 * weights.greatest) / 400, 5);
    const trimmed = quotaSample(people, { ...options, maxWeight: 2 });
    expect(trimmed.weights.greatest).toBe(2);
    expect(trimmed.trimmed).toEqual({ to: 2, people: 120, missesBy: expect.closeTo(0.2, 5) });
    expect(trimmed.respondents.reduce((sum, { weight = 1 }) => sum + weight, 0)).toBeCloseTo(400, 2);
    expect(trimmed.effectiveSize).toBeGreaterThan(weights.effectiveSize);
    expect(() => quotaSample(people, { ...options, maxWeight: 0.5 })).toThrow(/a number from 1/);
  });

  it('rejects overlapping bands, and names the gaps between bands', () => {
    const by = (...names: string[]) => {
      const shares = new Map(names.map((name) => [name, 1 / names.length]));
      return quotaSample(people, { size: 10, by: ['age'], targets: [{ variable: 'age', shares }] });
    };
    expect(() => by('18-30', '30-44', '45+')).toThrow(
      'The bands "18-30" and "30-44" of "age" overlap: 30 is in both.',
    );
    expect(() => by('under 30', '25+')).toThrow(/overlap: 25 is in both/);
    expect(by('under 30', '30-65', '>65').leftOutBy).toEqual([]);
    const gaps = by('20-29', '40-49', '60+');
    const count = (from: number, below: number) =>
      people.filter(({ persona }) => Number(persona.age) >= from && Number(persona.age) < below).length;
    expect(gaps.leftOutBy).toEqual(
      [
        ['under 20', count(0, 20)],
        ['from 30 to under 40', count(30, 40)],
        ['from 50 to under 60', count(50, 60)],
      ].map(([gap, number]) => ({ variable: 'age', reason: { kind: 'gap', gap }, people: number })),
    );
  });

  it('has the requested size for any people', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        (groups, pick, seed) => {
          const all = groups.map((group, index) => ({ id: String(index), persona: { group } }));
          const size = 1 + (pick % all.length);
          const { respondents } = quotaSample(all, { size, by: ['group'], seed });
          expect(new Set(respondents.map(({ id }) => id)).size).toBe(size);
        },
      ),
    );
  });
});

describe('a category', () => {
  it.each([
    [['18-29', '30-44', '65+'], '29', 0],
    [['18–29', '30 to 44', '65 or older'], '44', 1],
    [['under 18', '18+'], '17', 0],
    [['<18', '>65'], '66', 1],
    [['18-29', '30-44'], '29.5', 0],
    [['18-29'], '50', -1],
    [['Male', 'Female'], ' female ', 1],
    [['1', '2'], '2', 1],
  ])('of %j: %s', (categories, value, index) => expect(categoryFinder(categories)(value)).toBe(index));
});

describe('files', () => {
  it('of targets have fractions or per cent, and are checked', async () => {
    const path = join(folder, 'targets.csv');
    await writeFile(path, 'variable,category,share\nsex,male,49 %\nsex,female,51\n');
    expect(await readTargets(path)).toEqual([
      {
        variable: 'sex',
        shares: new Map([
          ['male', 0.49],
          ['female', 0.51],
        ]),
      },
    ]);
    for (const [text, problem] of [
      ['variable,category,share\nsex,male,49\n', 'add up to 49'],
      ['variable,category,share\nsex,male,x\n', 'line 2: a share must be a number'],
      ['variable,category,share\nsex,male,50\nsex,male,50\n', 'line 3: "male" of "sex" is listed twice'],
      ['variable,share\nsex,1\n', 'line 2: it has no category'],
    ] as const) {
      await writeFile(path, text);
      await expect(readTargets(path)).rejects.toMatchObject({
        code: 'TARGETS_INVALID',
        message: expect.stringContaining(problem),
      });
    }
  });

  it('are read from a CSV only, and nothing of another file is revealed', async () => {
    const path = join(folder, 'shadow');
    await writeFile(path, 'root;$6$secret;19000\n');
    const refused = readTargets(path);
    await expect(refused).rejects.toMatchObject({
      code: 'TARGETS_INVALID',
      message: expect.stringContaining('must end in .csv'),
    });
    await expect(refused).rejects.not.toThrow(/root|secret/);
  });

  it('of an audience are read back unchanged with weights, and contain no active formula', async () => {
    const audience: Respondent[] = [
      { id: 'a', persona: { age: '-5', say: 'x, "y"\nz' }, weight: 1.25 },
      { id: 'b', persona: { say: '=1+1', city: 'Ōsaka;=1\r=2\u200f' }, weight: 1 },
    ];
    const [csv, jsonl] = [join(folder, 'a.csv'), join(folder, 'a.jsonl')];
    await writeAudience(jsonl, audience);
    expect(await readAudience(jsonl)).toEqual(audience);
    await writeAudience(csv, audience);
    const [first, second] = await readAudience(csv);
    expect(first).toEqual(audience[0]);
    expect(second?.persona).toEqual({ say: "'=1+1", city: "Ōsaka;'=1\r'=2\u200f" });
    await expect(writeAudience(join(folder, 'a.xls'), audience)).rejects.toMatchObject({
      code: 'OUTPUT_FORMAT',
    });
  });

  it('with an invalid weight are rejected with its line', async () => {
    const path = join(folder, 'weights.csv');
    await writeFile(path, 'id,Weight,age\na,1.5,30\nb,0,40\n');
    await expect(readAudience(path)).rejects.toMatchObject({
      code: 'AUDIENCE_INVALID',
      message: expect.stringMatching(/line 3: a weight must be a number above 0, not "0"/),
    });
    await writeFile(path, 'id,Weight,age\na,1.5,30\n');
    expect(await readAudience(path)).toEqual([{ id: 'a', persona: { age: '30' }, weight: 1.5 }]);
  });
});
