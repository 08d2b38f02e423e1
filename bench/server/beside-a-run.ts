import { setTimeout as sleep } from 'node:timers/promises';
import { benchSurvey, quantile, type Served, serve, simulate } from './served.ts';

const RESPONDENTS = 6_000;
const LARGE = 100_000;
const EVERY_MS = 20;

/** How long requests take while a survey runs at full speed, is created with 100,000 respondents, and is summarised. */
export async function besideARun(database: string): Promise<void> {
  await using simulator = await simulate([]);
  await using server = await serve(database, simulator.model);
  const { taskId } = await server.json('/api/surveys', benchSurvey(simulator.model, RESPONDENTS, 100));
  const isOver = async (): Promise<boolean> =>
    (await server.json(`/api/tasks/${taskId}`)).task.finishedAt !== null;
  const running = await latencies(server, taskId, isOver);
  const { task } = await server.json(`/api/tasks/${taskId}`);
  const seconds = (Date.parse(task.finishedAt) - Date.parse(task.startedAt)) / 1_000;
  report(
    `while a survey runs at full speed (${(task.totalCount / seconds).toFixed(0)} interviews a second)`,
    running,
  );

  const submitting = server.json('/api/surveys', benchSurvey(simulator.model, LARGE, 1));
  report(
    `while a survey of ${LARGE} respondents is created`,
    await latencies(server, taskId, isSettled(submitting)),
  );
  await server.json(`/api/tasks/${(await submitting).taskId}/cancel`, {});

  const summary = server.json(`/api/tasks/${taskId}/summary`);
  report(
    `while ${RESPONDENTS} interviews are summarised`,
    await latencies(server, taskId, isSettled(summary)),
  );
}

function isSettled(promise: Promise<unknown>): () => Promise<boolean> {
  let settled = false;
  const end = (): void => {
    settled = true;
  };
  promise.then(end, end);
  return async () => settled;
}

async function latencies(
  server: Served,
  taskId: string,
  isOver: () => Promise<boolean>,
): Promise<readonly number[]> {
  const taken: number[] = [];
  const requests: Promise<void>[] = [];
  const paths = ['/api/tasks', `/api/tasks/${taskId}`, '/api/models'];
  for (let count = 0; ; count += 1) {
    const startedAt = performance.now();
    requests.push(
      server.json(paths[count % paths.length]!).then(() => void taken.push(performance.now() - startedAt)),
    );
    await sleep(EVERY_MS);
    if (count % 25 === 24 && (await isOver())) break;
  }
  await Promise.all(requests);
  return taken;
}

function report(when: string, taken: readonly number[]): void {
  console.log(
    `Requests ${when}: median ${quantile(taken, 0.5).toFixed(1)} ms, 99th percentile ${quantile(taken, 0.99).toFixed(1)} ms, of ${taken.length}`,
  );
}
