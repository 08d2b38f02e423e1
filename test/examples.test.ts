import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { getTaskManager, RateLimitError } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { batchGenerateResponses } from '../examples/toolkit/batch-generate-responses.ts';
import { deploySurvey } from '../examples/toolkit/deploy-survey.ts';
import { fanOut } from '../examples/toolkit/throttled-fan-out.ts';

const FOLDER = join(import.meta.dirname, '../examples/toolkit');
const execute = promisify(execFile);

/** Runs a program like a new user, and returns its output; rejects if its exit code is not 0. */
async function output(program: string): Promise<string> {
  const { stdout } = await execute(process.execPath, [join(FOLDER, program)]);
  return stripVTControlCharacters(stdout);
}

/** Refuses the first call of each kind with a very short wait. */
function flaky(): (of: number) => void {
  const seen = new Set<number>();
  return (of) => {
    if (seen.has(of)) return;
    seen.add(of);
    throw new RateLimitError('Slow down.', { retryAfterMs: 1 });
  };
}

/** A permanent error, which is not retried. */
const notFound = Object.assign(new Error('no such person'), { status: 404 });

const programs: Readonly<Record<string, (printed: string) => void>> = {
  'batch-generate-responses.ts': (printed) => {
    const group = JSON.parse(printed);
    expect(group).toMatchObject({ taskKey: 'fg_123', status: 'completed', progressPercentage: 100 });
    expect(group).toMatchObject({ totalCount: 3, successCount: 2, failedCount: 1 });
    expect(group.results).toHaveLength(3);
    expect(group.results).toContainEqual({
      participantId: 2,
      error: 'Error: participant 2 has left the room',
    });
    expect(group.results).toContainEqual({ participantId: 3, content: 'Participant 3 likes it.' });
  },
  'deploy-survey.ts': (printed) => {
    const presses = Array.from(printed.matchAll(/taskId: '(task_\w+)', isNew: (\w+)/g));
    expect(presses.map(([, , isNew]) => isNew)).toEqual(['true', 'false']);
    expect(new Set(presses.map(([, taskId]) => taskId)).size).toBe(1);
    expect(printed).toContain('250 of 250 sent: 100 %');
  },
  'throttled-fan-out.ts': (printed) => {
    const runs = printed.matchAll(/(\d+) answers, (\d+) requests, (\d+) refused, (\d+) before/g);
    const [alone, together] = Array.from(runs, (run) => run.slice(1).map(Number));
    expect(alone?.[0]).toBe(200);
    expect(alone?.[2]).toBeGreaterThan(200);
    expect(together).toEqual([200, 200, 0, 0]);
  },
  'try-toolkit.ts': (printed) => {
    const lines = printed.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      'ConcurrencyManager',
      'ErrorHandler',
      'TaskManager',
      'all good',
    ]);
    for (const seen of ['most at once: 20', 'exponential waits: [1000,2000,4000]', 'the same task: true']) {
      expect(lines).toContain(`  ${seen}`);
    }
  },
};

describe('the programs in examples/toolkit', () => {
  it('all have a test', async () => {
    expect((await readdir(FOLDER)).sort()).toEqual(Object.keys(programs).sort());
  });

  it.for(Object.entries(programs))('%s runs and prints what it promises', async ([program, check]) => {
    check(await output(program));
  });
});

describe('deploySurvey', () => {
  it('sends to everybody once, with retries, even if submitted several times', async () => {
    const refuseFirst = flaky();
    const sent: number[] = [];
    const press = () =>
      deploySurvey('retried', [1, 2, 3], async (surveyId, audienceId) => {
        refuseFirst(audienceId);
        sent.push(audienceId);
        return `${surveyId} ${audienceId}`;
      });
    const [first, second] = await Promise.all([press(), press()]);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.taskId).toBe(first.taskId);
    expect(sent.sort()).toEqual([1, 2, 3]);
    const task = await getTaskManager().getTask(first.taskId);
    expect(task).toMatchObject({ status: 'completed', successCount: 3 });
    expect(task?.results).toContainEqual({ audienceId: 2, status: 'ok' });
  });

  it('fails as a whole if one person cannot be reached, and can then be submitted again', async () => {
    let reachable = false;
    const press = () =>
      deploySurvey('unreachable', [1, 2], async () => {
        if (!reachable) throw notFound;
        return 'sent';
      });
    await expect(press()).rejects.toBe(notFound);
    const [failed] = await getTaskManager().listTasks({ taskKey: 'survey_unreachable' });
    expect(failed).toMatchObject({ status: 'failed', errorMessage: 'Error: no such person' });
    reachable = true;
    expect((await press()).isNew).toBe(true);
  });
});

describe('batchGenerateResponses', () => {
  it('returns every reply and failure, and generates once for the same message', async () => {
    const refuseFirst = flaky();
    const asked: number[] = [];
    const generate = () =>
      batchGenerateResponses('g', [1, 2, 3], 'Well?', async (participantId, hostMessage) => {
        if (participantId === 2) throw notFound;
        refuseFirst(participantId);
        asked.push(participantId);
        return `${participantId}: ${hostMessage}`;
      });
    const [first, second] = await Promise.all([generate(), generate()]);
    expect(first).toMatchObject({ status: 'completed', totalCount: 3, successCount: 2, failedCount: 1 });
    expect(first.results).toContainEqual({ participantId: 3, content: '3: Well?' });
    expect(first.results).toContainEqual({ participantId: 2, error: 'Error: no such person' });
    expect(second.taskId).toBe(first.taskId);
    expect(asked.sort()).toEqual([1, 3]);
  });
});

describe('fanOut', () => {
  it.for([50, 200, 600])(
    '%i calls: one throttle is as fast as the limit allows, with few refusals',
    async (calls) => {
      const { answers, refusals, early, seconds } = await fanOut(calls, true);
      // 300 per minute and a burst of 30; a reply takes 1.5 s.
      const idealSeconds = (calls - 30) / 5 + 1.5;
      expect(answers).toBe(calls);
      expect(early).toBe(0);
      expect(refusals).toBeLessThanOrEqual(0.08 * calls);
      expect(seconds).toBeLessThanOrEqual(1.05 * idealSeconds);
    },
  );

  it('without a throttle most requests are refused', async () => {
    const { answers, refusals, early } = await fanOut(200, false);
    expect(answers).toBe(200);
    expect(refusals).toBeGreaterThan(200);
    expect(early).toBeGreaterThan(200);
  });
});
