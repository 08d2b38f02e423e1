/**
 * Measures how close to a provider's limit a fan-out runs, in real time over real HTTP: 1,500 chat completions, at most
 * 200 in flight, against `panelist simulate` in its own process. Only the simulator's response headers report the limit.
 *
 *     node bench/throttle-live.ts [--rounds 1] [--cases A,B,C,D] [--headers all,retry-after]
 *         [--contenders panelist,p-limit+openai,effect] [--json]
 *
 * (A) 100 requests/s; (B) 100,000 tokens/s with heavy-tailed prompts; (C) 100 requests/s falling to 40 after 5 s; each
 * with all headers and with Retry-After only. No client can be faster than the ideal time; for its formula see
 * `idealMs` in throttle-live/cases.ts. `beforeRetryAfter`, `maxPerSecond` (of all requests; a burst of a second's worth
 * is allowed, so that twice the limit may come in one second) and `maxInFlight` are the simulator's own count. A 429
 * for requests has a wait of 10 to 25 ms, which is within the tolerance of 50 ms, so that only (B) tests waits.
 * If calls failed, the ratio to the ideal time is meaningless, because giving up is quick.
 * (D) The time of a task of 10 calls beside one of 10,000, compared with its time alone.
 *
 * Contenders run one after another; the output is medians over rounds. A round takes about eight minutes.
 */
import { parseArgs } from 'node:util';
import { median } from './median.ts';
import { liveCases } from './throttle-live/cases.ts';
import { contenders } from './throttle-live/contenders.ts';
import { measureFairness } from './throttle-live/fairness.ts';
import { HEADER_MODES, type LiveMeasurement, measure } from './throttle-live/measure.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    cases: { type: 'string', default: 'A,B,C,D' },
    headers: { type: 'string', default: HEADER_MODES.join() },
    contenders: { type: 'string', default: Object.keys(contenders).join() },
    json: { type: 'boolean', default: false },
  },
});

function chosen<Name extends string>(option: string, given: string, known: readonly Name[]): Name[] {
  const names = given.split(',') as Name[];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`--${option}: unknown ${unknown}; choose from ${known.join(', ')}`);
  return names;
}

const rounds = Array.from({ length: Number(values.rounds) }, (_, round) => round);
if (rounds.length === 0) throw new Error(`--rounds must be a whole number above 0, got ${values.rounds}`);
const cases = chosen('cases', values.cases, [...Object.keys(liveCases), 'D']);
const headerModes = chosen('headers', values.headers, HEADER_MODES);
const names = chosen('contenders', values.contenders, Object.keys(contenders));

/** Panelist's goals: [time over ideal, refusals per success]. */
const GOALS = { all: [1.05, 0.01], 'retry-after': [1.15, 0.05] } as const;

const FIGURES = [
  'elapsedMs',
  'timeOverIdeal',
  'callsFailed',
  'refusalsPerSuccess',
  'beforeRetryAfter',
  'maxPerSecond',
  'maxInFlight',
] as const satisfies readonly (keyof LiveMeasurement)[];

const json: object[] = [];
const say = (text: string): void => {
  if (!values.json) console.log(text);
};
const rounded = (value: number): number => Number(value.toFixed(3));

say(`Medians of ${rounds.length} round(s); Node ${process.version}`);
for (const caseName of cases) {
  if (caseName === 'D') continue;
  const { title, calls, idealMs } = liveCases[caseName]!;
  for (const headers of headerModes) {
    say(
      `\n(${caseName}) ${title}; headers: ${headers}; ${calls.length} calls, ideal ${Math.round(idealMs)} ms`,
    );
    const taken = new Map<string, LiveMeasurement[]>(names.map((name) => [name, []]));
    for (const round of rounds) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        taken.get(name)!.push(await measure(caseName, headers, name));
      }
    }
    const rows = [...taken].map(([contender, runs]) => {
      const medians = FIGURES.map((figure) => [figure, rounded(median(runs.map((run) => run[figure])))]);
      const row = Object.fromEntries(medians) as Record<(typeof FIGURES)[number], number>;
      const firstError = runs.find((run) => run.firstError !== null)?.firstError ?? null;
      json.push({ case: caseName, headers, contender, idealMs, ...row, firstError, runs });
      return [contender, row] as const;
    });
    if (!values.json) console.table(Object.fromEntries(rows));
    const ours = rows.find(([contender]) => contender === 'panelist')?.[1];
    const [time, refusals] = GOALS[headers];
    if (ours !== undefined) {
      const met = ours.timeOverIdeal <= time && ours.refusalsPerSuccess <= refusals && ours.callsFailed === 0;
      say(
        `panelist's goal: ≤ ${time} × ideal, ≤ ${refusals} refusals per success, none failed: ${met ? 'met' : 'MISSED'}`,
      );
    }
  }
}
if (cases.includes('D')) {
  const runs = [];
  for (const _ of rounds) runs.push(await measureFairness());
  const ratio = rounded(median(runs.map((run) => run.ratio)));
  json.push({ case: 'D', ratio, runs });
  say('\n(D) a task of 10 calls beside one of 10,000 on the same throttle, 20 requests/s');
  if (!values.json) console.table(runs.map((run) => ({ ...run, remaining: run.remaining.join(', ') })));
  say(`beside ÷ alone: ${ratio} (goal ≤ 2: ${ratio <= 2 ? 'met' : 'MISSED'})`);
}
if (values.json)
  console.log(JSON.stringify({ node: process.version, rounds: rounds.length, results: json }, null, 2));
