import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from '../../scripts/build-package.ts';

const built = mkdtempSync(join(tmpdir(), 'panelist-build-'));
process.on('exit', () => rmSync(built, { recursive: true }));
await buildPackage(built);
const cli = join(built, 'bin/panelist.js');
/** Node's flags from the first line of `panelist`, with which an installed one starts. */
const nodeFlags = /^#!.* node (.*)$/m.exec(readFileSync(cli, 'utf8'))?.[1]?.split(' ') ?? [];

export interface Served extends AsyncDisposable {
  readonly url: string;
  /** Seconds of CPU that the server's own process and its threads have used; not the process that runs tasks. */
  cpu(): number;
  /** Bytes of memory of the server and its processes. */
  memory(): number;
  /** A request as the page makes it; the JSON of its answer. */
  // biome-ignore lint/suspicious/noExplicitAny: benchmarks read what they need.
  json(path: string, body?: unknown): Promise<any>;
}

/** `panelist serve` in a process of its own. @param model as `--model` takes it */
export async function serve(database: string, model: string): Promise<Served> {
  const child = spawn(
    process.execPath,
    [...nodeFlags, cli, 'serve', '--port', '0', '--database', database, '--model', model],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PANELIST_TOKEN: '' },
    },
  );
  const url = await printed(child.stdout, /at (http\S+)/);
  const pid = child.pid!;
  return {
    url,
    cpu: () => cpuOf(pid),
    memory: () => [pid, ...childrenOf(pid)].reduce((sum, each) => sum + memoryOf(each), 0),
    async json(path, body) {
      const response = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'Panelist-Request': '1', 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The simulator in a process of its own, so that its CPU isn't the server's. */
export async function simulate(
  options: readonly string[],
): Promise<AsyncDisposable & { readonly model: string }> {
  const child = spawn(process.execPath, [cli, 'simulate', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await printed(child.stdout, /at (http\S+)/);
  return {
    model: `openai-compatible/simulator=${url}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function printed(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const part of stream) {
    text += String(part);
    const found = pattern.exec(text)?.[1];
    // What it prints later is read and dropped: a full pipe would stop it.
    if (found !== undefined) {
      stream.resume();
      return found;
    }
  }
  throw new Error(`It has ended: ${text}`);
}

const TICKS_PER_SECOND = 100;

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What processes share, such as Node's own code, counts once. */
function memoryOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** What that share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The request of a survey with one question. */
export function benchSurvey(
  model: string,
  respondents: number,
  maxConcurrency: number,
): Record<string, unknown> {
  const survey = {
    title: 'Bench',
    elements: [{ type: 'radiogroup', name: 'drink', title: 'Tea or coffee?', choices: ['Tea', 'Coffee'] }],
  };
  const rows = Array.from({ length: respondents }, (_, row) => `B${row},${20 + (row % 60)},nurse`);
  return {
    survey: { name: 'bench.json', text: JSON.stringify(survey) },
    audience: { name: 'people.csv', text: `id,age,job\n${rows.join('\n')}\n` },
    model: model.replace(/=http.*$/, ''),
    limits: { maxConcurrency },
    seed: Math.floor(Math.random() * 1e9),
  };
}
