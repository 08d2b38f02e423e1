/**
 * How often `compare`, and a set of cross-tables, report something although there is nothing: both sides, or all groups,
 * answer from the same shares. Prints how many of the comparisons have any p below 5 %, as it is and adjusted by Holm's
 * method, and how many sets of cross-tables have a letter at any column.
 *
 * `node bench/statistics/many-tests.ts [--runs 100]`
 */
import { type AnswerTable, readAnswerTable } from '../../packages/panelist/src/analysis/answer-table.ts';
import { compareWithHumans } from '../../packages/panelist/src/analysis/compare-humans.ts';
import { summariseTable } from '../../packages/panelist/src/analysis/survey-summary.ts';
import {
  questionnaire,
  rating,
  result,
  single,
} from '../../packages/panelist/src/analysis/testing/build-results.ts';
import { Draws, inPercent, runsOr } from './draws.ts';

const RUNS = runsOr(100);
const QUESTIONS = 20;
const OPTIONS = ['a', 'b', 'c', 'd'];
const GROUPS = 4;

const draws = new Draws(1);
const survey = questionnaire(
  ...Array.from({ length: QUESTIONS }, (_, place) =>
    place % 2 === 0 ? single(`q${place}`, ...OPTIONS) : rating(`q${place}`),
  ),
);
const names = Array.from({ length: QUESTIONS }, (_, place) => `q${place}`);

function sampled(respondents: number): Promise<AnswerTable> {
  const results = Array.from({ length: respondents }, (_, index) =>
    result({
      id: `r${index}`,
      persona: { group: String(index % GROUPS) },
      answers: Object.fromEntries(
        names.map((name, place) => [
          name,
          place % 2 === 0
            ? OPTIONS[Math.floor(draws.uniform() * OPTIONS.length)]
            : 1 + Math.floor(draws.uniform() * 5),
        ]),
      ) as Record<string, string | number>,
    }),
  );
  return readAnswerTable(survey, results, ['group']);
}

const found = { raw: 0, adjusted: 0, crossRaw: 0, crossAdjusted: 0, letters: 0, tables: 0 };
for (let run = 0; run < RUNS; run += 1) {
  const [synthetic, table] = [await sampled(300), await sampled(150)];
  const columns = new Map(names.map((name) => [name, name]));
  const humans = { table, rows: 150, rowsWithoutWeight: 0, unusedColumns: [], columns, unmatched: new Map() };
  const tests = compareWithHumans(synthetic, humans, run).questions.flatMap(
    ({ totalVariation, chiSquare, kolmogorovSmirnov }) =>
      [totalVariation, chiSquare, kolmogorovSmirnov].filter((test) => test !== null),
  );
  if (tests.some(({ p }) => p < 0.05)) found.raw += 1;
  if (tests.some(({ adjustedP }) => adjustedP < 0.05)) found.adjusted += 1;
  const [crossed] = summariseTable(synthetic, { by: 'group' }).crossTables;
  const ofTables = (crossed?.tables ?? []).flatMap(({ test, means }) =>
    [test, means?.test ?? null].filter((each) => each !== null),
  );
  if (ofTables.some(({ p }) => p < 0.05)) found.crossRaw += 1;
  if (ofTables.some(({ adjustedP }) => adjustedP < 0.05)) found.crossAdjusted += 1;
  for (const { rows } of crossed?.tables ?? []) {
    found.tables += 1;
    if (rows?.some(({ cells }) => cells.some(({ higherThan }) => higherThan.length > 0))) found.letters += 1;
  }
}
const percent = (count: number, of = RUNS): string => inPercent(count / of);
console.log(`${RUNS} runs, ${QUESTIONS} questions, no differences; any finding at 5 %:`);
console.table({
  'compare, 300 synthetic and 150 human': {
    'any p': percent(found.raw),
    'any adjusted p': percent(found.adjusted),
  },
  'cross-tables of 4 groups': {
    'any p': percent(found.crossRaw),
    'any adjusted p': percent(found.crossAdjusted),
  },
});
console.log(`tables with a letter at any share: ${percent(found.letters, found.tables)}`);
