/**
 * Measures how long a reply is at risk: from the moment when the server sends its last byte to the end of the commit that
 * stores it. 100 requests are in flight, each answered after 200 to 600 ms. Panelist runs a survey of 4 pages; the other
 * contender is a loop of plain `fetch` and `node:sqlite` with one transaction per reply and the same pragmas. Contenders
 * and server run in separate processes and read the same clock.
 *
 * `node bench/commit-latency.ts [replies, default 4000] [rounds, default 3]`
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openWorkspace } from '../packages/panelist/src/application/open-workspace.ts';
import { SqlReplyStore } from '../packages/panelist/src/models/replies/sql-reply-store.ts';
import { deploySurvey } from '../packages/panelist/src/survey/deploy-survey.ts';
import { importSurveyJs } from '../packages/panelist/src/survey/import/import-surveyjs.ts';
import { median } from './median.ts';

const IN_FLIGHT = 100;
const PAGES = 4;
const MODEL = 'bench';

interface Page {
  readonly response_format?: { readonly json_schema: { readonly schema: PageSchema } };
}
interface PageSchema {
  readonly properties: Readonly<
    Record<string, { readonly enum?: readonly unknown[]; readonly minimum?: number }>
  >;
}

/** Fractional milliseconds, the same in every process on the machine. */
const now = (): number => performance.timeOrigin + performance.now();

/** Answers every question with the first option. The reply's model name is the time when it was sent. */
function serve(): void {
  const server = createServer(async (request, response) => {
    const { response_format } = JSON.parse(await text(request)) as Page;
    const questions = Object.entries(response_format?.json_schema.schema.properties ?? {});
    const answers = questions.map(([name, { enum: options, minimum }]) => [
      name,
      options?.[0] ?? minimum ?? 'tea',
    ]);
    const content = JSON.stringify(Object.fromEntries(answers));
    await sleep(200 + 400 * Math.random());
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        id: 'reply',
        object: 'chat.completion',
        created: 0,
        model: String(now()),
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
        usage: { prompt_tokens: 500, completion_tokens: 50, total_tokens: 550 },
      }),
    );
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}

async function panelist(url: string, folder: string, replies: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  const { add } = SqlReplyStore.prototype;
  SqlReplyStore.prototype.add = async function (call) {
    await add.call(this, call);
    latencies.push(now() - Number(call.reply.returnedModel));
  };
  process.env.OPENAI_COMPATIBLE_API_KEY = 'none';
  const workspace = await openWorkspace({
    database: join(folder, 'panelist.db'),
    limits: { maxConcurrency: IN_FLIGHT },
  });
  const { task } = await deploySurvey(workspace.runner, {
    survey: 'bench',
    questionnaire: importSurveyJs(survey),
    audience: 'people',
    respondents: Array.from({ length: Math.ceil(replies / PAGES) }, (_, index) => ({
      id: `P${index}`,
      persona: { age: String(18 + (index % 60)), town: `town ${index % 7}` },
      weight: 1,
    })),
    model: `openai-compatible/${MODEL}`,
    baseUrl: url,
    seed: 1,
    randomizeOptions: true,
  });
  const done = await workspace.runner.wait(task.taskId);
  if (done.successCount !== done.totalCount)
    throw new Error(done.errorMessage ?? `${done.failedCount} failed`);
  await workspace.close();
  return latencies;
}

async function raw(url: string, folder: string, replies: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  const database = new DatabaseSync(join(folder, 'raw.db'));
  database.exec('pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full');
  database.exec('create table answers (request_hash text primary key, reply text not null)');
  const insert = database.prepare('insert into answers (request_hash, reply) values (?, ?)');
  const body = await readFile(join(folder, 'request.json'), 'utf8');
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < replies) {
      const hash = `hash ${next++}`;
      const response = await fetch(`${url}/chat/completions`, { method: 'POST', body });
      const reply = (await response.json()) as { model: string };
      insert.run(hash, JSON.stringify(reply));
      latencies.push(now() - Number(reply.model));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  database.close();
  return latencies;
}

const survey = {
  title: 'Bench',
  pages: Array.from({ length: PAGES }, (_, page) => ({
    name: `page${page}`,
    elements: Array.from({ length: 5 }, (_, question) => ({
      type: 'radiogroup',
      name: `q${page}_${question}`,
      title: `Question ${question} of page ${page}: how do you feel about the weekly market?`,
      isRequired: true,
      choices: ['Tea', 'Coffee', 'Water', 'Milk', 'Juice'],
    })),
  })),
};

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

async function compare(replies: number, rounds: number): Promise<void> {
  const run = promisify(execFile);
  const self = import.meta.filename;
  const server = spawn(process.execPath, [self, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const measured: Record<'panelist' | 'raw', (readonly number[])[]> = { panelist: [], raw: [] };
  try {
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${port.toString().trim()}/v1`;
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of ['raw', 'panelist'] as const) {
        const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
        const properties = Object.fromEntries(
          Array.from({ length: 5 }, (_, q) => [`q${q}`, { enum: ['Tea'] }]),
        );
        const schema = { response_format: { json_schema: { schema: { properties } } } };
        await writeFile(join(folder, 'request.json'), JSON.stringify(schema));
        const args = [self, contender, url, folder, String(replies)];
        const { stdout } = await run(process.execPath, args, { maxBuffer: 1e8 });
        measured[contender].push(JSON.parse(stdout) as number[]);
        await rm(folder, { recursive: true });
      }
    }
  } finally {
    server.kill();
  }
  const row = (all: readonly (readonly number[])[]) => ({
    'p50 ms': Number(median(all.map((each) => quantile(each, 0.5))).toFixed(1)),
    'p99 ms': Number(median(all.map((each) => quantile(each, 0.99))).toFixed(1)),
    'longest ms': Number(Math.max(...all.flat()).toFixed(1)),
  });
  console.log(
    `From a reply's last byte to its commit: ${replies} replies, ${IN_FLIGHT} in flight, medians of ${rounds} rounds; Node ${process.version}`,
  );
  console.table({ panelist: row(measured.panelist), 'fetch and node:sqlite': row(measured.raw) });
}

const [role = '', url = '', folder = '', replies = ''] = process.argv.slice(2);
if (role === 'serve') serve();
else if (role === 'panelist') console.log(JSON.stringify(await panelist(url, folder, Number(replies))));
else if (role === 'raw') console.log(JSON.stringify(await raw(url, folder, Number(replies))));
else await compare(Number(process.argv[2] ?? 4_000), Number(process.argv[3] ?? 3));
