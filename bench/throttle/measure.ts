import { Client } from './client.ts';
import { contenders } from './contenders/index.ts';
import { idealMs } from './ideal.ts';
import { seededRandom } from './random.ts';
import { scenarios } from './scenarios.ts';
import { Server } from './server.ts';
import { VirtualTime } from './virtual-time.ts';
import { CALLS, CONCURRENCY, makeWorkload } from './workload.ts';

export interface Measurement {
  /** Requests that the server received. */
  readonly attempts: number;
  /** Requests that it did not admit. */
  readonly refusals: number;
  /** Calls that never succeeded. */
  readonly lost: number;
  /** Time until all calls had settled. */
  readonly elapsedMs: number;
  /** `undefined` if no client could complete all calls. */
  readonly idealMs?: number | undefined;
  /** Requests that came before a reported `Retry-After` had passed, or after an exhausted quota was reported. */
  readonly early: number;
}

/** Measures one contender on one scenario, seed after seed. It fakes the process's clock: call it once per process. */
export async function measure(
  scenarioName: string,
  contenderName: string,
  seeds: number,
): Promise<Measurement[]> {
  const scenario = scenarios[scenarioName]!;
  const time = VirtualTime.install();
  const { default: contender } = await contenders[contenderName]!.load();
  const measurements: Measurement[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    // So that the libraries' jitter depends only on the seed.
    Math.random = seededRandom(1_000 + seed);
    const workload = makeWorkload(seed);
    const startedAt = Date.now();
    const server = new Server(scenario.rules(), workload, scenario.hints);
    const succeeded = await time.run(contender(new Client(server, workload, scenario.tellsTokens ?? false)));
    const elapsedMs = Date.now() - startedAt;
    const admitted = server.log.filter(({ verdict }) => verdict.kind === 'admitted');
    const lost = CALLS - new Set(admitted.map(({ call }) => call)).size;
    if (succeeded !== CALLS - lost)
      throw new Error(`${contenderName} says that ${succeeded} calls succeeded, the server ${CALLS - lost}.`);
    if (server.mostInFlight > CONCURRENCY)
      throw new Error(`${contenderName} had ${server.mostInFlight} requests in flight.`);
    measurements.push({
      attempts: server.log.length,
      refusals: server.log.length - admitted.length,
      lost,
      elapsedMs,
      idealMs: idealMs(scenario.rules(), workload),
      early: server.log.filter(({ early }) => early).length,
    });
  }
  return measurements;
}
