import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestSummary } from '../../packages/panelist/src/simulator/request-log.ts';

const cli = new URL('../../packages/panelist/bin/panelist.js', import.meta.url).pathname;

export interface SimulatorProcess extends AsyncDisposable {
  /** The base URL for an OpenAI-compatible client. */
  readonly url: string;
  /** The simulator's own count of requests. */
  requests(): Promise<RequestSummary>;
}

/** Runs `panelist simulate` with these flags in a separate process, so that it shares no thread with its clients. */
export async function startSimulatorProcess(flags: readonly string[]): Promise<SimulatorProcess> {
  const simulator = spawn(process.execPath, [cli, 'simulate', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [banner] = (await once(simulator.stdout, 'data')) as [Buffer | undefined];
  const url = /at (http\S+)/.exec(String(banner))?.[1];
  if (url === undefined) throw new Error(`panelist simulate did not print its address: ${banner}`);
  return {
    url,
    requests: async () => (await (await fetch(`${url}/simulator/requests`)).json()) as RequestSummary,
    [Symbol.asyncDispose]: async () => {
      const ended = once(simulator, 'exit');
      simulator.kill();
      await ended;
    },
  };
}
