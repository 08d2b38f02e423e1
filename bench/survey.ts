/**
 * What a survey costs us beyond the AI SDK: 2,000 respondents, 10 questions on 5 pages, a simulator without latency
 * in a process of its own. The same requests are sent by the AI SDK alone, `generateText` with structured output 100
 * at once; each contender runs in a process of its own, in turn, and CPU is what that process used (user and system).
 * The survey keeps every answer and every result in SQLite with `synchronous=FULL`.
 *
 * `node bench/survey.ts [rounds] [respondents]`
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from './median.ts';
import type { SurveyMeasurement } from './survey-contender.ts';

const PAGES = 5;
const QUESTIONS_PER_PAGE = 2;
const ROUNDS = Number(process.argv[2] ?? 3);
const RESPONDENTS = Number(process.argv[3] ?? 2_000);

const run = promisify(execFile);
const contender = new URL('./survey-contender.ts', import.meta.url).pathname;
const cli = new URL('../packages/panelist/src/cli/main.ts', import.meta.url).pathname;
/** The flags that `panelist` runs Node with: they stand in its first line. */
const nodeFlags = /^#!.* node (.*)$/m.exec(await readFile(cli, 'utf8'))?.[1]?.split(' ') ?? [];

const survey = {
  title: 'Bench',
  pages: Array.from({ length: PAGES }, (_, page) => ({
    name: `page${page}`,
    elements: Array.from({ length: QUESTIONS_PER_PAGE }, (_, question) => ({
      type: question === 0 ? 'radiogroup' : 'rating',
      name: `q${page}_${question}`,
      title: `Question ${question} of page ${page}: how do you feel about the weekly market?`,
      isRequired: true,
      ...(question === 0 ? { choices: ['Very good', 'Good', 'Neither', 'Bad', 'Very bad'] } : { rateMax: 7 }),
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
  await measure('panelist', -1); // Records the requests that the AI SDK is to send.
  const ours: SurveyMeasurement[] = [];
  const sdk: SurveyMeasurement[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await measure('panelist', round));
    sdk.push(await measure('ai-sdk', round));
  }
  const perCall = (each: SurveyMeasurement): number => each.cpuMs / each.calls;
  const share = median(ours.map((each, round) => perCall(each) / perCall(sdk[round]!) - 1));
  const row = (runs: readonly SurveyMeasurement[]) => ({
    calls: runs[0]!.calls,
    'CPU ms a call': Number(median(runs.map(perCall)).toFixed(3)),
    'calls a second': Math.round(median(runs.map(({ calls, elapsedMs }) => (calls * 1000) / elapsedMs))),
    'peak MB': Math.round(median(runs.map(({ peakBytes }) => peakBytes / 1e6))),
  });
  const questions = PAGES * QUESTIONS_PER_PAGE;
  console.log(
    `${RESPONDENTS} respondents × ${questions} questions, medians of ${ROUNDS} rounds; Node ${process.version}`,
  );
  console.table({ 'AI SDK alone': row(sdk), panelist: row(ours) });
  console.log(`our own CPU a call: ${share.toFixed(2)} × the AI SDK's own (goal ≤ 0.40)\n`);
} finally {
  simulator.kill();
  await rm(folder, { recursive: true, force: true });
}
