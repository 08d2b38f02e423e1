/**
 * Compares our throttle with unmodified popular libraries: a hundred calls at once against a limit.
 *
 *     node bench/throttle.ts [SCENARIO…] [--contenders a,b] [--seeds 5]
 *
 * 1,000 calls, 100 at once, each 1–2 s long, against a server that allows 500 per minute (or 500,000 tokens). Server and
 * contenders run on one fake clock, each contender and scenario in its own process. Jitter and latencies are drawn
 * from the seed, so that a run gives the same figures everywhere. Figures are medians over seeds. The ideal is the time of
 * an omniscient client (`throttle/ideal.ts`). "early" counts requests that came before a reported `Retry-After` had passed,
 * or after the server had reported an exhausted quota.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { ConcurrencyManager } from '../packages/toolkit/src/concurrency/concurrency-manager.ts';
import { contenders } from './throttle/contenders/index.ts';
import type { Measurement } from './throttle/measure.ts';
import { scenarios, selectScenarios } from './throttle/scenarios.ts';
import { table } from './throttle/table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    measure: { type: 'string' },
    contenders: { type: 'string' },
    seeds: { type: 'string', default: '5' },
  },
});
const names = values.contenders?.split(',') ?? Object.keys(contenders);
for (const name of names) {
  if (contenders[name] === undefined)
    throw new Error(`Unknown contender '${name}'. Choose from ${Object.keys(contenders).join(', ')}.`);
}

const run = promisify(execFile);
const manager = new ConcurrencyManager({ maxConcurrency: availableParallelism() });

async function measure(scenario: string, contender: string): Promise<Measurement[]> {
  const { stdout } = await run(process.execPath, [
    import.meta.filename,
    '--measure',
    contender,
    '--seeds',
    values.seeds,
    scenario,
  ]);
  return JSON.parse(stdout) as Measurement[];
}

if (values.measure !== undefined) {
  const { measure: measureHere } = await import('./throttle/measure.ts');
  console.log(JSON.stringify(await measureHere(positionals[0]!, values.measure, Number(values.seeds))));
  // Some contenders leave timers behind.
  process.exit(0);
}
for (const scenario of selectScenarios(positionals)) {
  const measured = await manager.map(names, (name) => measure(scenario, name));
  const { title } = scenarios[scenario]!;
  console.log(`\n${scenario}: ${title}\n`);
  console.log(table(new Map(names.map((name, i) => [contenders[name]!.title, measured[i]!]))));
}
