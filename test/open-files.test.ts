import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;
const RESPONDENTS = 150;

describe.skipIf(process.platform === 'win32')('a low limit of open files', () => {
  it('pauses the task, advises what to do, and records no failure', async () => {
    await using folder = await temporaryFolder();
    const people = Array.from({ length: RESPONDENTS }, (_, index) => `P${index},${18 + (index % 60)}`);
    await writeFile(join(folder.path, 'people.csv'), `id,age\n${people.join('\n')}\n`);
    const simulator = await startSimulator({ seed: 5, latency: { minMs: 300, maxMs: 400 } });
    const options = { cwd: folder.path };
    const limited = await runPanelist(
      [
        ...['survey', 'deploy', SURVEY, '--audience', 'people.csv', '--model', 'openai-compatible/simulator'],
        ...['--base-url', simulator.url, '--database', 'run.db', '--max-concurrency', '150', '--out', 'out'],
      ],
      { ...options, openFiles: 64 },
    );
    expect(limited.err).toMatch(/limit of open files is reached \(EMFILE\).*`ulimit -n \d+`.*concurrency/);
    expect(limited.err).toMatch(/\b0 failed\b.*\b0 retries\b/);
    expect(limited.err).not.toContain('failures in a row');
    expect(limited.exitCode).toBe(6);

    const resumed = await runPanelist(['tasks', 'resume', 'last', '--database', 'run.db', '--json'], options);
    await simulator.close();
    expect(resumed.exitCode, resumed.err).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ completedCount: RESPONDENTS, failedCount: 0 });
  });
});
