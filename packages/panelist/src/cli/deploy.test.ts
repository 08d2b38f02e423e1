import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../simulator/server.ts';
import { audienceFile, deploy } from './testing/deployment.ts';
import { runInFolder } from './testing/run-in-process.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** A loopback port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('panelist survey deploy', () => {
  it('interviews everybody, shows distributions, writes files, and makes no call the second time', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3 });
    const command = [
      ...deploy(await audienceFile(folder.path, 12), '--model', 'openai-compatible/simulator'),
      ...['--base-url', simulator.url, '--json'],
    ];
    const first = await runInFolder(command, { cwd: folder.path });
    expect(first.exitCode, first.err).toBe(0);
    const result = JSON.parse(first.out);
    expect(result).toMatchObject({ status: 'completed', totalCount: 12, successCount: 12, synthetic: true });
    expect(result.tabulation.questions[0].n).toBe(12);
    const csv = await readFile(join(folder.path, result.files[0]), 'utf8');
    expect(csv.trim().split('\n')).toHaveLength(13);
    const { total } = simulator.requests();
    expect(total).toBe(result.usage.requests);

    const second = await runInFolder(command, { cwd: folder.path });
    expect(JSON.parse(second.out)).toMatchObject({ taskId: result.taskId, usage: { requests: 0 } });
    expect(second.err).toContain('Finished before');
    expect(simulator.requests().total).toBe(total);

    const fresh = await runInFolder([...command, '--fresh'], { cwd: folder.path });
    expect(JSON.parse(fresh.out).taskId).not.toBe(result.taskId);
    expect(simulator.requests().total).toBe(2 * total);
    await simulator.close();
  });

  it('shows the results where a file that was edited cannot be renewed, and says so', async () => {
    await using folder = await temporaryFolder();
    const command = deploy(await audienceFile(folder.path, 2), '--model', 'simulator');
    const first = await runInFolder([...command, '--json'], { cwd: folder.path });
    const [csv] = JSON.parse(first.out).files;
    await writeFile(join(folder.path, csv), 'mine');
    const again = await runInFolder(command, { cwd: folder.path });
    expect(again).toMatchObject({ exitCode: 3, err: expect.stringMatching(/\[FILE_EXISTS\].*answers\.csv/) });
    expect(again.out).toContain('How interested are you in a weekly market?');
    expect(await readFile(join(folder.path, csv), 'utf8')).toBe('mine');
  });

  it.each([0, 3])('pauses the task at an empty account (402) after %i replies', async (paid) => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator();
    let requests = 0;
    const server = createHttpServer(async (request, response) => {
      const body = await text(request);
      requests += 1;
      if (requests > paid) {
        response.writeHead(402).end('{"error":{"message":"Insufficient Balance"}}');
        return;
      }
      const { authorization = '' } = request.headers;
      const headers = { 'content-type': 'application/json', authorization };
      const reply = await fetch(`${simulator.url}/chat/completions`, { method: 'POST', headers, body });
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { exitCode, err } = await runInFolder(
      [
        ...deploy(await audienceFile(folder.path, 6), '--model', 'openai-compatible/simulator'),
        ...['--base-url', `http://127.0.0.1:${port}/v1`, '--max-concurrency', '1'],
      ],
      { cwd: folder.path },
    );
    expect(exitCode, err).toBe(6);
    expect(err).toContain('Insufficient Balance');
    expect(err).toMatch(/panelist tasks resume task_/);
    expect(requests).toBe(paid + 1);
    server.close();
    await simulator.close();
  });

  it('stops the fan-out at an exhausted quota and says why', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ faults: { quotaAfter: 20 } });
    const { exitCode, err } = await runInFolder(
      [
        ...deploy(await audienceFile(folder.path, 200), '--model', 'openai-compatible/simulator'),
        ...['--base-url', simulator.url, '--max-concurrency', '10'],
      ],
      { cwd: folder.path },
    );
    expect(exitCode, err).toBe(6);
    expect(err).toMatch(/quota/i);
    expect(err).toMatch(/panelist tasks resume task_/);
    expect(simulator.requests().total).toBeLessThanOrEqual(20 + 2 * 10);
    await simulator.close();
  });

  it('gives up on a server that is down, loses nothing, and goes on when it is back', async () => {
    await using folder = await temporaryFolder();
    const port = await closedPort();
    const command = [
      ...deploy(await audienceFile(folder.path, 30), '--model', 'openai-compatible/simulator'),
      ...['--base-url', `http://127.0.0.1:${port}/v1`, '--max-concurrency', '50'],
    ];
    const down = await runInFolder(command, { cwd: folder.path });
    expect(down.exitCode, down.err).toBe(6);
    expect(down.err).toMatch(/25 failures in a row.*127\.0\.0\.1/);
    const simulator = await startSimulator({ port });
    const back = await runInFolder(command, { cwd: folder.path });
    expect(back.exitCode, back.err).toBe(0);
    await simulator.close();
  });

  it('exports what is there, and retries what failed', async () => {
    await using folder = await temporaryFolder();
    const broken = await startSimulator({ seed: 3, faults: { serverError: 0.6 } });
    const command = [
      ...deploy(await audienceFile(folder.path, 8), '--model', 'openai-compatible/simulator'),
      ...['--base-url', broken.url, '--json'],
    ];
    const first = await runInFolder(command, { cwd: folder.path });
    const { port } = broken;
    await broken.close();
    expect(first.exitCode, first.err).toBe(5);
    const { taskId, failedCount } = JSON.parse(first.out);
    expect(failedCount).toBeGreaterThan(0);
    const exported = await runInFolder(
      ['results', 'export', taskId, '--format', 'jsonl', '--out', 'sub/all.jsonl'],
      { cwd: folder.path },
    );
    expect(exported.exitCode, exported.err).toBe(0);
    const lines = (await readFile(join(folder.path, 'sub/all.jsonl'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(8);
    expect(lines.filter((line) => line.includes('"status":"failed"'))).toHaveLength(failedCount);

    for (const command of [['show'], ['resume'], ['cancel'], ['retry-failed']]) {
      const unknown = await runInFolder(['tasks', ...command, 'task_nope'], { cwd: folder.path });
      expect(unknown.exitCode).toBe(2);
      expect(unknown.err).toMatch(/TASK_NOT_FOUND.*"task_nope"/);
    }
    const mended = await startSimulator({ seed: 3, port });
    const retried = await runInFolder(['tasks', 'retry-failed', taskId, '--json'], { cwd: folder.path });
    expect(retried.exitCode, retried.err).toBe(0);
    expect(JSON.parse(retried.out)).toMatchObject({ taskId, successCount: 8, failedCount: 0 });
    await mended.close();
  });
});
