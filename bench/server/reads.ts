import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import { median } from '../median.ts';
import { benchSurvey, serve, simulate } from './served.ts';

const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 32;

/** Reads of a task a second, beside a bare Hono route that answers the same text. */
export async function reads(database: string): Promise<void> {
  await using simulator = await simulate([]);
  await using server = await serve(database, simulator.model);
  const { taskId } = await server.json('/api/surveys', benchSurvey(simulator.model, 50, 50));
  while ((await server.json(`/api/tasks/${taskId}`)).task.finishedAt === null);
  const paths = [`/api/tasks/${taskId}`, '/api/tasks'];
  for (const path of paths) {
    const text = JSON.stringify(await server.json(path));
    const bare = spawn(process.execPath, [new URL('./bare-hono.ts', import.meta.url).pathname, text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(bare.stdout, 'data')) as [Buffer];
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await requestsPerSecond(server.url, path));
      theirs.push(await requestsPerSecond(line.toString().trim(), path));
    }
    bare.kill();
    const [our, their] = [median(ours), median(theirs)];
    console.log(
      `GET ${path.replace(taskId, '{taskId}')}: ${our.toFixed(0)} requests a second, a bare Hono route ${their.toFixed(0)}: ${(our / their).toFixed(2)} times`,
    );
  }
}

async function requestsPerSecond(origin: string, path: string): Promise<number> {
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const until = performance.now() + SECONDS * 1_000;
  let count = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const { statusCode, body } = await pool.request({ path, method: 'GET' });
      await body.text();
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  await pool.close();
  return count / SECONDS;
}
