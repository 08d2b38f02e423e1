/**
 * Measures the cost of a survey compared with the AI SDK alone: 5,000 respondents, 20 questions on 4 pages, options in
 * random order for each respondent, and a simulator without latency in its own process. The AI SDK sends the same requests
 * by `generateText` with structured output, 100 at once. Contenders take turns, each in its own process, whose user and
 * system time is the CPU figure. The survey stores all replies and results in SQLite with `synchronous=FULL`. Then the
 * command line deploys the same survey again, which answers from stored replies and includes writing the files.
 *
 * `node bench/survey.ts [rounds] [respondents]`
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { median } from './median.ts';
import type { SurveyMeasurement } from './survey-contender.ts';

const PAGES = 4;
const QUESTIONS_PER_PAGE = 5;
const ROUNDS = Number(process.argv[2] ?? 3);
const RESPONDENTS = Number(process.argv[3] ?? 5_000);

const run = promisify(execFile);
const AGAIN_ROUNDS = 3;
const contender = new URL('./survey-contender.ts', import.meta.url).pathname;
const cli = new URL('../packages/panelist/bin/panelist.js', import.meta.url).pathname;
/** Node's flags from the first line of `panelist`. */
const nodeFlags = /^#!.* node (.*)$/m.exec(await readFile(cli, 'utf8'))?.[1]?.split(' ') ?? [];

const survey = {
  title: 'Bench',
  pages: Array.from({ length: PAGES }, (_, page) => ({
    name: `page${page}`,
    elements: Array.from({ length: QUESTIONS_PER_PAGE }, (_, question) => ({
      type: question % 2 === 0 ? 'radiogroup' : 'rating',
      name: `q${page}_${question}`,
      title: `Question ${question} of page ${page}: how do you feel about the weekly market?`,
      isRequired: true,
      ...(question % 2 === 0 ? { choices: ['Tea', 'Coffee', 'Water', 'Milk', 'Juice'] } : { rateMax: 7 }),
    })),
  })),
};

const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
const simulator = spawn(process.execPath, [cli, 'simulate'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [banner] = (await once(simulator.stdout, 'data')) as [Buffer];
  const url = /at (http\S+)/.exec(banner.toString())?.[1] ?? '';
  const residents = await readFile(new URL('../examples/residents.csv', import.meta.url), 'utf8');
  const [header, ...people] = residents.trim().split('\n');
  const rows = Array.from({ length: RESPONDENTS }, (_, index) =>
    people[index % people.length]!.replace(/^[^,]+/, `B${index}`),
  );
  await writeFile(join(folder, 'people.csv'), `${header}\n${rows.join('\n')}\n`);
  await writeFile(join(folder, 'survey.json'), JSON.stringify(survey));

  const measure = async (kind: 'panelist' | 'ai-sdk', round: number): Promise<SurveyMeasurement> => {
    const { stdout } = await run(
      process.execPath,
      [...nodeFlags, contender, kind, url, folder, String(round)],
      {
        maxBuffer: 1e8,
      },
    );
    return JSON.parse(stdout) as SurveyMeasurement;
  };
  await measure('panelist', -1); // Records the requests for the AI SDK.
  const ours: SurveyMeasurement[] = [];
  const sdk: SurveyMeasurement[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await measure('panelist', round));
    sdk.push(await measure('ai-sdk', round));
  }
  const again = async (round: number): Promise<{ seconds: number; peakBytes: number; requests: number }> => {
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      [
        ...[...nodeFlags, cli, 'survey', 'deploy', 'survey.json', '--audience', 'people.csv', '--json'],
        ...[
          '--model',
          'openai-compatible/simulator',
          '--base-url',
          url,
          '--seed',
          '1',
          '--randomize-options',
        ],
        ...['--database', 'bench-0.db', '--out', `again-${round}`],
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let peakBytes = 0;
    const watch = setInterval(() => {
      readFile(`/proc/${child.pid}/status`, 'utf8')
        .then((status) => {
          peakBytes = Math.max(peakBytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
        })
        .catch(() => {}); // The process has ended, or the system isn't Linux.
    }, 50);
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    clearInterval(watch);
    const { usage } = JSON.parse(out) as { usage: { requests: number } };
    return { seconds: (performance.now() - startedAt) / 1000, peakBytes, requests: usage.requests };
  };
  const agains: Awaited<ReturnType<typeof again>>[] = [];
  for (let round = 0; round < AGAIN_ROUNDS; round += 1) agains.push(await again(round));
  const perCall = (each: SurveyMeasurement): number => each.cpuMs / each.calls;
  const share = median(ours.map((each, round) => perCall(each) / perCall(sdk[round]!) - 1));
  const row = (runs: readonly SurveyMeasurement[]) => ({
    calls: runs[0]!.calls,
    'CPU ms per call': Number(median(runs.map(perCall)).toFixed(3)),
    'calls per second': Math.round(median(runs.map(({ calls, elapsedMs }) => (calls * 1000) / elapsedMs))),
    'peak MB': Math.round(median(runs.map(({ peakBytes }) => peakBytes / 1e6))),
  });
  const questions = PAGES * QUESTIONS_PER_PAGE;
  console.log(
    `${RESPONDENTS} respondents × ${questions} questions, medians of ${ROUNDS} rounds; Node ${process.version}`,
  );
  console.table({ 'AI SDK alone': row(sdk), panelist: row(ours) });
  const answers = RESPONDENTS * questions;
  const per100k = median(agains.map(({ seconds }) => (seconds * 100_000) / answers));
  const calls = Math.max(...agains.map(({ requests }) => requests));
  const peak = Math.round(median(agains.map(({ peakBytes }) => peakBytes / 1e6)));
  console.log(
    `again, from stored replies: ${per100k.toFixed(1)} s per 100,000 answers (goal ≤ 5), ${calls} calls, peak ${peak} MB (goal ≤ 300)`,
  );
  console.log(`our own CPU a call: ${share.toFixed(2)} × the AI SDK's own (goal ≤ 0.40)\n`);
} finally {
  simulator.kill();
  await rm(folder, { recursive: true, force: true });
}
