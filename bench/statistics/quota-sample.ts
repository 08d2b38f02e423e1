// How the quota sample rounds: `node bench/statistics/quota-sample.ts [people.jsonl [sex,race,age,highest_degree_received]]`.
// Draws 100 people with many seeds, by the former rule (largest remainder, the same for every seed) and by the present one.
import { readAudience } from '../../packages/panelist/src/audience/read-audience.ts';
import type { Respondent } from '../../packages/panelist/src/audience/respondent.ts';
import { categoriesIn, categoryFinder } from '../../packages/panelist/src/audience/sampling/categories.ts';
import { quotaSample } from '../../packages/panelist/src/audience/sampling/quota-sample.ts';
import { shuffled } from '../../packages/panelist/src/random/seeded-draw.ts';
import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';

const size = 100;
const draws = 500;
const [path, columns = 'sex,race,age,highest_degree_received'] = process.argv.slice(2);
const by = path === undefined ? ['sex', 'race', 'age', 'degree'] : columns.split(',');
const people = path === undefined ? inventedPeople(3_000) : await readAudience(path);

const variables = by.map((name) => ({
  name,
  categories: categoriesIn(people.map(({ persona }) => persona[name])),
}));
const finders = variables.map(({ categories }) => categoryFinder(categories));
const places = people.map(({ persona }) =>
  by.map((name, at) => (finders[at] as (value?: string) => number)(persona[name])),
);
const eligible = places.flatMap((place, index) => (place.every((category) => category >= 0) ? [index] : []));
const indexOf = new Map(people.map(({ id }, index) => [id, index]));

console.log(`${eligible.length} people by ${by.join(' × ')}, ${size} drawn with ${draws} seeds`);
report('largest remainder', (seed) => largestRemainder(seed));
report('present', (seed) =>
  quotaSample(people, { size, by, seed }).respondents.map(({ id }) => indexOf.get(id) as number),
);

function report(name: string, draw: (seed: number) => number[]): void {
  const times = new Float64Array(people.length);
  let [exact, within, worst] = [0, 0, 0];
  const begun = performance.now();
  for (let seed = 0; seed < draws; seed += 1) {
    const drawn = draw(seed);
    for (const index of drawn) times[index] = (times[index] as number) + 1;
    const misses = variables.flatMap((_, at) => missesOf(drawn, at));
    if (misses.every((off) => off < 1)) exact += 1;
    within += misses.filter((off) => off < 1).length / misses.length;
    worst = Math.max(worst, ...misses);
  }
  const took = (performance.now() - begun) / draws;
  const expected = size / eligible.length;
  const never = eligible.filter((index) => times[index] === 0);
  const spread = Math.sqrt(expected * (1 - expected) * draws);
  const greatest = Math.max(
    ...eligible.map((index) => Math.abs((times[index] as number) - expected * draws) / spread),
  );
  console.log(`\n${name}: ${took.toFixed(1)} ms a draw`);
  console.log(
    `  never drawn: ${percent(never.length / eligible.length)} of people (chance alone: ${percent((1 - expected) ** draws)})`,
  );
  for (const [at, variable] of variables.entries()) {
    for (const [category, label] of variable.categories.entries()) {
      const members = eligible.filter((index) => places[index]?.[at] === category);
      const missing = members.filter((index) => times[index] === 0).length / members.length;
      if (missing > 0.2) console.log(`    of ${variable.name} ${label}: ${percent(missing)}`);
    }
  }
  console.log(
    `  greatest distance of a person's frequency from ${expected.toFixed(4)}: ${greatest.toFixed(1)} SE`,
  );
  console.log(
    `  categories within 1 of their expected number: ${percent(within / draws)}; draws with all: ${percent(exact / draws)}; worst ${worst.toFixed(2)}`,
  );
}

/** By how many people each category misses its expected number. */
function missesOf(drawn: readonly number[], at: number): number[] {
  return (variables[at]?.categories ?? []).map((_, category) => {
    const isIn = (index: number): boolean => places[index]?.[at] === category;
    return Math.abs(drawn.filter(isIn).length - (eligible.filter(isIn).length / eligible.length) * size);
  });
}

function largestRemainder(seed: number): number[] {
  const cells = new Map<string, number[]>();
  for (const index of eligible) {
    const key = String(places[index]);
    cells.set(key, [...(cells.get(key) ?? []), index]);
  }
  const all = [...cells].map(([key, members], index) => {
    const exact = (members.length / eligible.length) * size;
    return { key, members, index, seats: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  let left = size - all.reduce((sum, { seats }) => sum + seats, 0);
  for (const cell of [...all].sort((a, b) => b.remainder - a.remainder || a.index - b.index)) {
    if (left > 0) cell.seats += 1;
    left -= 1;
  }
  return all.flatMap(({ key, members, seats }) => shuffled(members, `${seed}${key}`).slice(0, seats));
}

/** Shares as uneven as in real surveys, with degree depending on age and race. */
function inventedPeople(count: number): Respondent[] {
  const uniform = seededUniform(13);
  const pick = (shares: Readonly<Record<string, number>>): string => {
    let left = uniform();
    for (const [name, share] of Object.entries(shares)) {
      left -= share;
      if (left < 0) return name;
    }
    return Object.keys(shares)[0] as string;
  };
  return Array.from({ length: count }, (_, index) => {
    const race = pick({ White: 0.71, Black: 0.14, Asian: 0.04, 'American Indian': 0.02, Other: 0.09 });
    const age = 18 + Math.floor(uniform() * 72);
    const school = race === 'White' ? 0.42 : 0.52;
    const degree = pick({
      'No degree': age > 60 ? 0.12 : 0.08,
      'High school': school,
      'Junior college': 0.09,
      Bachelor: 0.8 - school - 0.11,
      Graduate: 0.15,
    });
    return {
      id: String(index),
      persona: { sex: pick({ Female: 0.54, Male: 0.46 }), race, age: String(age), degree },
    };
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
