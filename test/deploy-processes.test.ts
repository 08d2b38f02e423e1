import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audienceFile, deploy } from '../packages/panelist/src/cli/testing/deployment.ts';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

describe('processes of panelist survey deploy', () => {
  it('joins a run in progress: one task, and both finish with the same answers', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3, latency: { minMs: 100, maxMs: 200 } });
    const command = [
      ...deploy(await audienceFile(folder.path, 30), '--model', 'openai-compatible/simulator'),
      ...['--base-url', simulator.url, '--json', '--max-concurrency', '5'],
    ];
    const both = await Promise.all([
      runPanelist([...command, '--out', 'a'], { cwd: folder.path }),
      runPanelist([...command, '--out', 'b'], { cwd: folder.path }),
    ]);
    const [a, b] = both.map(({ exitCode, out, err }) => {
      expect(exitCode, err).toBe(0);
      return JSON.parse(out);
    });
    expect(a.taskId).toBe(b.taskId);
    expect(both.map(({ err }) => /^(Deploying|Joining)/m.exec(err)?.[1]).sort()).toEqual([
      'Deploying',
      'Joining',
    ]);
    for (const { succeeded } of simulator.requests().requests) expect(succeeded).toBe(1);
    expect(await readFile(join(folder.path, 'a/answers.csv'))).toEqual(
      await readFile(join(folder.path, 'b/answers.csv')),
    );
    await simulator.close();
  });

  it('resumes an abandoned run, and reports its stored replies and interviews', async () => {
    await using folder = await temporaryFolder();
    const slow = await startSimulator({ seed: 3, latency: { minMs: 30, maxMs: 30 } });
    const { port } = slow;
    const command = [
      ...deploy(await audienceFile(folder.path, 20), '--model', 'openai-compatible/simulator'),
      ...['--base-url', slow.url, '--ask', 'question', '--replicates', '3', '--max-concurrency', '60'],
    ];
    const first = new PanelistProcess(command, { cwd: folder.path });
    await first.says(/Deploying .* to 60 interviews \(20 respondents × 3\), played by/);
    while (slow.requests().requests.filter(({ succeeded }) => succeeded > 0).length < 130)
      await new Promise((resolve) => setImmediate(resolve));
    first.kill('SIGKILL');
    await first.finished;
    await slow.close();

    const simulator = await startSimulator({ seed: 3, port });
    const second = await runPanelist(command, { cwd: folder.path });
    expect(second.exitCode, second.err).toBe(0);
    const [, done, replies] =
      /Going on with .* (\d+) of 60 interviews are done, and (\d+) replies/.exec(second.err) ?? [];
    expect(Number(replies), second.err).toBeGreaterThan(60);
    expect(Number(done)).toBeLessThan(60);
    expect(second.out).toContain(`${replies} answers from the store`);
    expect(second.out).toContain('60 of 60 interviews held (20 respondents × 3), 0 failed');
    expect(second.err).not.toContain('Joining');
    await simulator.close();
  });

  it('drains on Ctrl-C, explains how to continue, and continues', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3, latency: { minMs: 100, maxMs: 200 } });
    const command = [
      ...deploy(await audienceFile(folder.path, 40), '--model', 'openai-compatible/simulator'),
      ...['--base-url', simulator.url, '--max-concurrency', '4'],
    ];
    const process = new PanelistProcess(command, { cwd: folder.path });
    await process.says(/Deploying/);
    process.kill('SIGINT');
    await process.says(/letting the calls in flight finish/);
    const { exitCode, err } = await process.finished;
    expect(exitCode).toBe(130);
    const taskId = /panelist tasks resume (task_\w+)/.exec(err)?.[1] ?? '';
    const shown = await runPanelist(['tasks', 'show', taskId, '--json'], { cwd: folder.path });
    expect(JSON.parse(shown.out)).toMatchObject({ status: 'interrupted', totalCount: 40 });

    const resumed = await runPanelist(['tasks', 'resume', taskId, '--json'], { cwd: folder.path });
    expect(resumed.exitCode, resumed.err).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ taskId, status: 'completed', successCount: 40 });
    for (const { succeeded } of simulator.requests().requests) expect(succeeded).toBe(1);
    await simulator.close();
  });

  it('stops immediately on the second Ctrl-C', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ latency: { minMs: 60_000, maxMs: 60_000 } });
    const process = new PanelistProcess(
      [
        ...deploy(await audienceFile(folder.path, 4), '--model', 'openai-compatible/simulator'),
        ...['--base-url', simulator.url],
      ],
      { cwd: folder.path },
    );
    await process.says(/Deploying/);
    process.kill('SIGINT');
    await process.says(/in flight finish/);
    process.kill('SIGINT');
    const { exitCode, err } = await process.finished;
    expect(exitCode).toBe(130);
    // Printed only after the drain, which takes 30 s here.
    expect(err).not.toContain('Stopped with');
    await simulator.close();
  });
});
