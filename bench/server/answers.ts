import { median } from '../median.ts';
import { createLargeTask } from './large-task.ts';
import { quantile, serve } from './served.ts';

const RESPONDENTS = 100_000;
const ROUNDS = 15;

/** The answers of a task of 100,000 respondents × 10 questions: the grid, one answer explained, the figures, memory. */
export async function answers(database: string): Promise<void> {
  const taskId = await createLargeTask(database, { respondents: RESPONDENTS, failEvery: 500 });
  await using server = await serve(database, 'simulator');
  const task = `/api/tasks/${taskId}`;
  const megabytes = (): string => `${(server.memory() / 1_000_000).toFixed(0)} MB`;
  const timed = async (
    path: string,
  ): Promise<readonly [ms: number, answer: Awaited<ReturnType<typeof server.json>>]> => {
    const started = performance.now();
    const answer = await server.json(`${task}/${path}`);
    return [performance.now() - started, answer];
  };
  console.log(`${RESPONDENTS} respondents × 10 questions; the server has started: ${megabytes()}`);
  // The thread that reads answers has started then; nobody has asked for this task's answers yet.
  await server.json(task);
  const [first] = await timed('answers');
  console.log(`first rows of a task that nobody has looked at: ${first.toFixed(0)} ms`);
  const building = performance.now();
  let isReady = false;
  while (!isReady) isReady = (await timed('answers?sort=answer.q2'))[1].indexing === null;
  console.log(`the index is ready after ${(performance.now() - building).toFixed(0)} ms: ${megabytes()}`);
  const query = (filters: readonly object[]): string => encodeURIComponent(JSON.stringify(filters));
  const paths: Readonly<Record<string, (round: number) => string>> = {
    'first rows': () => 'answers',
    'rows in the middle': (round) => `answers?from=${round * 6_000}`,
    'sort by a question': (round) => `answers?sort=answer.q${1 + (round % 10)}&descending=${round % 4 < 2}`,
    'sort by a persona column': (round) =>
      `answers?sort=persona.${['age', 'about', 'job'][round % 3]}&find=${'aeiou'[round % 5]}`,
    'filter by status': (round) =>
      `answers?filters=${query([{ column: `answer.q${1 + (round % 10)}`, statuses: ['refused'] }])}`,
    'filter, find and sort': (round) =>
      `answers?find=friday%20${'abcdefghijklmno'[round]}&sort=persona.age&filters=${query([{ column: 'answer.q3', values: ['Tea'] }])}`,
    'why this answer': (round) => `answers/why?key=person-${1 + round * 6_000}&question=q${1 + (round % 10)}`,
    failures: () => 'failures',
    timeline: () => 'timeline',
  };
  for (const [name, path] of Object.entries(paths)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push((await timed(path(round)))[0]);
    console.log(
      `${name}: ${median(times).toFixed(0)} ms in the median, ${quantile(times, 1).toFixed(0)} ms at most`,
    );
  }
  console.log(`after all of this: ${megabytes()}`);
  const [summary] = await timed('summary?by=sex');
  const [again] = await timed('summary?by=sex');
  console.log(
    `summary with a grouping: ${summary.toFixed(0)} ms, once more ${again.toFixed(0)} ms: ${megabytes()}`,
  );
  let bytes = 0;
  const downloading = performance.now();
  const { body } = await fetch(`${server.url}${task}/downloads/answers.csv`);
  for await (const part of body ?? []) bytes += part.byteLength;
  const seconds = (performance.now() - downloading) / 1_000;
  console.log(`answers.csv: ${(bytes / 1_000_000).toFixed(0)} MB in ${seconds.toFixed(1)} s: ${megabytes()}`);
}
