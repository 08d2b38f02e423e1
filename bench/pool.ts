/**
 * Measures the overhead of the pool, compared with a hand-written loop and similar libraries.
 *
 *     node --expose-gc bench/pool.ts [--rounds 3]
 *
 * Every measurement runs in its own process, so that no contender inherits another's heap or optimised code. Contenders
 * take turns, so that a busy machine slows all of them. A process warms up and takes the best of five runs. Ratios are
 * medians over rounds of a contender's time to the floor's time in the same round. It takes about three minutes on two
 * cores.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import async from 'async';
import { Effect } from 'effect';
import pLimit from 'p-limit';
import pMap from 'p-map';
import PQueue from 'p-queue';
import { callLimit } from 'promise-call-limit';
import { ConcurrencyManager } from '../packages/toolkit/src/concurrency/concurrency-manager.ts';
import { median } from './median.ts';

type Tasks = readonly (() => Promise<number>)[];
type Contender = (tasks: Tasks) => Promise<unknown>;

const CONCURRENCY = 100;
const SMALL = 100_000;
const MILLION = 1_000_000;
const TURNS = 200_000;

async function floor(tasks: Tasks): Promise<number[]> {
  const results: number[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < tasks.length) {
      const i = next++;
      results[i] = await tasks[i]!();
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

const manager = new ConcurrencyManager({ maxConcurrency: CONCURRENCY });

const ours: Record<string, Contender> = {
  executeBatch: (tasks) => manager.executeBatch(tasks),
  executeBatchWithIsolation: (tasks) => manager.executeBatchWithIsolation(tasks),
  executeInBatches: (tasks) => manager.executeInBatches(tasks, { batchSize: CONCURRENCY }),
  map: (tasks) => manager.map(tasks, (task) => task()),
  'executeBatch, async iterable': (tasks) => manager.executeBatch(pulledAsync(tasks)),
  'stream, array': (tasks) => drain(manager.stream(tasks)),
  'stream, generator': (tasks) => drain(manager.stream(pulled(tasks))),
};

const peers: Record<string, Contender> = {
  'promise-call-limit': (tasks) => callLimit([...tasks], { limit: CONCURRENCY }),
  'async.mapLimit': (tasks) => async.mapLimit([...tasks], CONCURRENCY, async (task: Tasks[number]) => task()),
  effect: (tasks) =>
    Effect.runPromise(Effect.forEach(tasks, (task) => Effect.promise(task), { concurrency: CONCURRENCY })),
  'p-map': (tasks) => pMap(tasks, (task) => task(), { concurrency: CONCURRENCY }),
  'p-limit': (tasks) => {
    const limit = pLimit(CONCURRENCY);
    return Promise.all(tasks.map((task) => limit(task)));
  },
  'p-queue': (tasks) => new PQueue({ concurrency: CONCURRENCY }).addAll(tasks),
};

const contenders: Record<string, Contender> = { floor, ...ours, ...peers };

function* pulled<T>(items: readonly T[]): Generator<T> {
  yield* items;
}

async function* pulledAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}

async function drain(stream: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of stream) count += 1;
  return count;
}

// The measurements of a child process. Each resolves to numbers, which the parent reads as JSON.

const instantTasks = (count: number): Tasks => Array.from({ length: count }, (_, i) => async () => i);

/**
 * Milliseconds of the fastest of five runs, or of the runs that start within 2.5 s. Garbage is collected before the runs, not
 * between them: a full collection discards optimised code (the floor's too), and the benchmark compares the steady state.
 */
async function time(contender: Contender, tasks: Tasks): Promise<number> {
  collectGarbage();
  let best = Number.POSITIVE_INFINITY;
  const startedAt = performance.now();
  for (let run = 0; run < 5 && performance.now() - startedAt < 2_500; run++) {
    const runStartedAt = performance.now();
    await contender(tasks);
    best = Math.min(best, performance.now() - runStartedAt);
  }
  return best;
}

const measurements: Record<string, (contender: Contender) => Promise<number[]>> = {
  /** Milliseconds for 100,000 and for 1,000,000 tasks that do nothing. */
  async instant(contender) {
    const small = instantTasks(SMALL);
    await contender(small);
    return [await time(contender, small), await time(contender, instantTasks(MILLION))];
  },

  /** Milliseconds for 200,000 tasks of one turn of the event loop each. */
  async turns(contender) {
    const tasks = Array.from(
      { length: TURNS },
      (_, i) => () => new Promise<number>((resolve) => setImmediate(resolve, i)),
    );
    await contender(tasks);
    return [
      median([await time(contender, tasks), await time(contender, tasks), await time(contender, tasks)]),
    ];
  },

  /** The most live bytes per task at ten moments of a run. All tasks are one function, whose result is not a new object. */
  async memory(contender) {
    await contender(instantTasks(1_000));
    let calls = 0;
    let peak = 0;
    const task = async (): Promise<number> => {
      calls += 1;
      if (calls % (MILLION / 10) === 0) peak = Math.max(peak, liveBytes());
      return 0;
    };
    const tasks = new Array<() => Promise<number>>(MILLION).fill(task);
    const before = liveBytes();
    const results = await contender(tasks);
    peak = Math.max(peak, liveBytes());
    if (results === undefined) throw new Error('unreachable: keeps the results alive until here');
    return [(peak - before) / MILLION];
  },

  /** For a stream of a million tasks from a generator: the most live bytes, and the most tasks taken but not yet finished. */
  async stream() {
    let taken = 0;
    let dealtWith = 0;
    let ahead = 0;
    let peak = 0;
    function* source(count: number): Generator<() => Promise<number>> {
      for (let i = 0; i < count; i++) {
        taken += 1;
        ahead = Math.max(ahead, taken - dealtWith);
        yield async () => i;
      }
    }
    await drain(manager.stream(source(0)));
    const before = liveBytes();
    for await (const _ of manager.stream(source(MILLION))) {
      if (dealtWith % SMALL === 0) peak = Math.max(peak, liveBytes());
      dealtWith += 1;
    }
    return [peak - before, ahead];
  },
};

function liveBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Run with --expose-gc.');
  globalThis.gc();
}

// The parent.

function inChild(measurement: string, contender: string): number[] {
  const args = ['--expose-gc', '--max-old-space-size=6144', import.meta.filename];
  const child = [...args, '--measure', measurement, '--contender', contender];
  return JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' })) as number[];
}

/** Each contender's measurements by round. Contenders in `once` are so slow that they run only in the first round. */
function inTurns(
  measurement: string,
  names: string[],
  rounds: number,
  once: string[] = [],
): Map<string, number[][]> {
  const measured = new Map<string, number[][]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (round === 0 || !once.includes(name)) measured.get(name)!.push(inChild(measurement, name));
    }
  }
  return measured;
}

/** The median over rounds of the ratio of measurement `column` to the floor's in the same round. */
function toFloor(measured: Map<string, number[][]>, name: string, column: number): number {
  const floors = measured.get('floor')!;
  return median(measured.get(name)!.map((numbers, round) => numbers[column]! / floors[round]![column]!));
}

function judged(value: number, goal: number | undefined, digits: number): string {
  const figure = value.toFixed(digits);
  if (goal === undefined) return figure;
  return `${figure} (goal ≤ ${goal}: ${value <= goal ? 'met' : 'MISSED'})`;
}

function print(title: string, head: string[], rows: string[][]): void {
  const widths = head.map((cell, i) =>
    Math.max(...[cell, ...rows.map((row) => row[i]!)].map((text) => text.length)),
  );
  const line = (row: string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  console.log(`\n${title}\n\n${[line(head), rule, ...rows.map(line)].join('\n')}`);
}

/** Measures everything and prints the tables. */
export function benchPool({ rounds = 3 }: { readonly rounds?: number } = {}): void {
  const floorGoals: Record<string, number> = { executeBatch: 1.5, executeBatchWithIsolation: 2 };
  const instant = inTurns('instant', Object.keys(contenders), rounds, [
    'effect',
    'p-map',
    'p-limit',
    'p-queue',
  ]);
  print(
    `1,000,000 \`async () => i\`, ${CONCURRENCY} at once`,
    ['', 'ms', '× floor', 'time for 1,000,000 ÷ time for 100,000'],
    [...instant].map(([name, measured]) => [
      name,
      median(measured.map(([, large]) => large!)).toFixed(0),
      judged(toFloor(instant, name, 1), floorGoals[name], 2),
      judged(median(measured.map(([small, large]) => large! / small!)), name in ours ? 12 : undefined, 1),
    ]),
  );

  const turns = inTurns('turns', ['floor', 'executeBatch', 'executeBatchWithIsolation', 'map'], rounds);
  print(
    `200,000 tasks of one setImmediate, ${CONCURRENCY} at once`,
    ['', 'ms', '× floor'],
    [...turns].map(([name, measured]) => [
      name,
      median(measured.map(([ms]) => ms!)).toFixed(0),
      judged(toFloor(turns, name, 0), name === 'executeBatch' ? 1.2 : undefined, 2),
    ]),
  );

  const memory = inTurns('memory', ['floor', 'executeBatch', ...Object.keys(peers)], 1);
  print(
    'Memory over the input array, 1,000,000 tasks',
    ['', 'bytes a task'],
    [...memory].map(([name, [measured]]) => [
      name,
      judged(measured![0]!, name === 'executeBatch' ? 16 : undefined, 1),
    ]),
  );

  const [live, ahead] = inChild('stream', 'floor');
  print(
    'A stream of 1,000,000 tasks from a generator',
    ['', ''],
    [
      ['live megabytes', judged(live! / 2 ** 20, 1, 2)],
      ['tasks taken and not dealt with', judged(ahead!, CONCURRENCY, 0)],
    ],
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      measure: { type: 'string' },
      contender: { type: 'string' },
    },
  });
  if (values.measure === undefined) benchPool({ rounds: Number(values.rounds) });
  else console.log(JSON.stringify(await measurements[values.measure]!(contenders[values.contender!]!)));
}
