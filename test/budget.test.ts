import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;
const RESIDENTS = new URL('../examples/residents.csv', import.meta.url).pathname;

function deploy(simulator: Simulator, ...more: string[]): string[] {
  const model = ['--model', 'openai-compatible/simulator', '--base-url', simulator.url];
  return ['survey', 'deploy', SURVEY, '--audience', RESIDENTS, ...model, '--json', ...more];
}

async function priceFile(folder: string): Promise<string> {
  const path = join(folder, 'prices.yaml');
  await writeFile(path, 'models:\n  openai-compatible/*: { input: 1, output: 10 }\n');
  return path;
}

describe('panelist survey deploy', () => {
  it('pauses at --max-cost, makes no call with the same limit, and continues with a higher one', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3 });
    const prices = await priceFile(folder.path);
    const run = (maxCost: string) =>
      runPanelist(deploy(simulator, '--limit', '12', '--prices', prices, '--max-cost', maxCost), {
        cwd: folder.path,
      });
    const first = await run('0.02');
    expect(first.exitCode, first.err).toBe(6);
    const { usage, ...result } = JSON.parse(first.out);
    expect(result).toMatchObject({ status: 'paused', failedCount: 0, tabulation: null });
    expect(result.costUsd).toBeCloseTo((usage.inputTokens + 10 * usage.outputTokens) / 1e6, 9);
    expect(result.costUsd).toBeGreaterThan(0.01);
    expect(result.costUsd).toBeLessThanOrEqual(0.02);
    expect(first.err).toMatch(
      /budget is exhausted: \$0\.01\d* of \$0\.02 .* A higher limit goes on[\s\S]*--max-cost/,
    );
    expect(first.err).toMatch(/\d+ of 12 are done and stored/);
    const { total } = simulator.requests();

    const again = await run('0.02');
    expect(again.exitCode).toBe(6);
    expect(JSON.parse(again.out)).toMatchObject({ taskId: result.taskId, costUsd: 0 });
    expect(again.err).toContain('of it by earlier runs');
    expect(simulator.requests().total).toBe(total);

    const higher = await run('1');
    expect(higher.exitCode, higher.err).toBe(0);
    expect(JSON.parse(higher.out)).toMatchObject({ taskId: result.taskId, status: 'completed' });
    expect(simulator.requests().requests.every(({ succeeded }) => succeeded === 1)).toBe(true);
    await simulator.close();
  });

  it('counts the spending of a killed run', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3, latency: { minMs: 20, maxMs: 60 } });
    const command = deploy(simulator, '--max-tokens', '150000', '--max-concurrency', '10');
    const killed = new PanelistProcess(command, { cwd: folder.path });
    await killed.until(() => simulator.requests().total >= 60);
    killed.kill('SIGKILL');
    expect((await killed.finished).exitCode).toBeNull();
    const { total } = simulator.requests();
    const next = await runPanelist(command, { cwd: folder.path });
    expect(next.exitCode, next.err).toBe(6);
    const [, spent, earlier] = /: (\d+) of 150000 tokens are spent \((\d+) of it/.exec(next.err) ?? [];
    const { usage } = JSON.parse(next.out);
    expect(Number(spent)).toBe(Number(earlier) + usage.inputTokens + usage.outputTokens);
    expect(Number(spent)).toBeLessThanOrEqual(150_000);
    // All but the ten that were in flight.
    expect(Number(earlier) / Number(spent)).toBeGreaterThan(
      (0.5 * (total - 10)) / simulator.requests().total,
    );
    await simulator.close();
  });

  it.each([
    [['--max-cost', '1'], 2, 'PRICE_UNKNOWN', '--prices'],
    [['--max-cost', '1', '--prices', 'none.json'], 3, 'FILE_NOT_FOUND', 'none.json'],
    [['--max-cost', 'much'], 2, 'USAGE', 'from 0 to'],
  ])('asks nothing with %j', async (flags, exitCode, code, detail) => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3 });
    for (const dry of [[], ['--dry-run']]) {
      const refused = await runPanelist(deploy(simulator, ...flags, ...dry), { cwd: folder.path });
      expect(refused.exitCode, refused.err).toBe(exitCode);
      const { error } = JSON.parse(refused.err) as {
        error: { code: string; message: string; advice?: string };
      };
      expect(error.code).toBe(code);
      expect(`${error.message}\n${error.advice}`).toContain(detail);
    }
    expect(simulator.requests().total).toBe(0);
    await simulator.close();
  });

  it('makes no call, task or file with --dry-run', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3 });
    const dry = await runPanelist(deploy(simulator, '--limit', '40', '--dry-run'), { cwd: folder.path });
    expect(dry.exitCode, dry.err).toBe(0);
    const view = JSON.parse(dry.out);
    expect(view).toMatchObject({ dryRun: true, interviews: 40, costUsd: null });
    expect(view.calls.max).toBeGreaterThanOrEqual(view.calls.min);
    expect(view.first.requests[0].messages.map(({ role }: { role: string }) => role)).toEqual([
      'system',
      'user',
    ]);
    expect(simulator.requests().total).toBe(0);
    expect(await readdir(folder.path)).toEqual([]);

    // A dry run needs neither key nor price.
    const command = ['survey', 'deploy', SURVEY, '--audience', RESIDENTS, '--dry-run', '--model'];
    const text = await runPanelist([...command, 'openai/gpt-4o-mini', '--max-cost', '0.01'], {
      cwd: folder.path,
    });
    expect(text.out).toMatch(
      /Cost: about \$0\.\d+ \(\$0\.\d+ to \$0\.\d+\), at \$0\.15 and \$0\.60 a million/,
    );
    expect(text.out).toMatch(/--max-cost \$0\.01 is enough for about \d+ % of it/);
    expect(text.out).toContain('=== Call 1 of respondent R001: exactly as it would be sent');
    expect(text.out).toContain('=== Call 2 of respondent R001: with earlier answers by the simulator');
    expect(await readdir(folder.path)).toEqual([]);
    await simulator.close();
  });
});
