import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type StartThread, WorkThreads } from './work-threads.ts';

/** A thread that does what its input says. */
const PROGRAM = `
const { parentPort: port } = require('node:worker_threads');
port.on('message', ({ type, id, input }) => {
  if (type !== 'run') return;
  const { does } = input;
  if (does === 'spin') for (;;);
  if (does === 'eat') { const all = []; for (;;) all.push(new Array(1e5).fill(id)); }
  if (does === 'parts') return port.postMessage({ type: 'part', id, part: new Uint8Array(9) });
  if (does === 'wait') return;
  if (does === 'fail') return port.postMessage({ type: 'error', id, error: { of: 'panelist', code: 'SURVEY_INVALID', message: 'no' } });
  port.postMessage({ type: 'value', id, value: does });
});
`;

const started: Worker[] = [];
const start: StartThread = () => {
  const worker = new Worker(PROGRAM, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 32 } });
  started.push(worker);
  return worker;
};

const threads: WorkThreads[] = [];
function make(): WorkThreads {
  const made = new WorkThreads({ database: '', prices: undefined }, start);
  threads.push(made);
  return made;
}
const does = (what: string): never => ({ does: what }) as never;

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(threads.splice(0).map((each) => each.close()));
  started.length = 0;
});

describe('a thread', () => {
  it('is started once for a lane, when it is needed', async () => {
    const made = make();
    expect(started).toHaveLength(0);
    expect(await made.run('checkSurvey', does('a'))).toBe('a');
    expect(await made.run('checkSurvey', does('b'))).toBe('b');
    expect(started).toHaveLength(1);
    expect(await made.run('spending', does('c'))).toBe('c');
    expect(started).toHaveLength(2);
  });

  it('ends when it has had nothing to do for half a minute, but for the one that remembers answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const made = make();
    await made.run('checkSurvey', does('a'));
    await made.run('spending', does('b'));
    const ended = started.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    await vi.advanceTimersByTimeAsync(29_000);
    await made.run('checkSurvey', does('c'));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(started.map(({ threadId }) => threadId > 0)).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(1_001);
    await ended[0];
    expect(started[1]!.threadId).toBeGreaterThan(0);
    expect(await made.run('checkSurvey', does('d'))).toBe('d');
    expect(started).toHaveLength(3);
  });

  it('passes an error on with its code', async () => {
    await expect(make().run('checkSurvey', does('fail'))).rejects.toMatchObject({
      name: 'PanelistError',
      code: 'SURVEY_INVALID',
    });
  });

  it('that takes too long is killed with its job, and the next job gets a new one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const made = make();
    const endless = made.run('checkSurvey', does('spin'));
    const next = made.run('checkSurvey', does('next'));
    const refused = expect(endless).rejects.toMatchObject({ code: 'THREAD_TIMEOUT' });
    vi.advanceTimersByTime(30_001);
    await refused;
    vi.useRealTimers();
    expect(await next).toBe('next');
    expect(started).toHaveLength(2);
  });

  it('that takes too much memory ends alone, and the next job gets a new one', async () => {
    const made = make();
    const hungry = made.run('checkSurvey', does('eat'));
    const next = made.run('checkSurvey', does('next'));
    await expect(hungry).rejects.toMatchObject({
      code: 'THREAD_STOPPED',
      message: expect.stringContaining('memory'),
    });
    expect(await next).toBe('next');
  });

  it('of strangers’ files has one job at a time', async () => {
    const made = make();
    const first = made.run('checkSurvey', does('wait'));
    const second = made.run('checkSurvey', does('second'));
    const either = await Promise.race([second, made.run('spending', does('other lane'))]);
    expect(either).toBe('other lane');
    first.catch(() => {});
    second.catch(() => {});
  });

  it('is not given a job whose request has ended', async () => {
    const made = make();
    const abort = new AbortController();
    const waiting = made.run('checkSurvey', does('wait'));
    waiting.catch(() => {});
    const withdrawn = made.run('checkSurvey', does('x'), { signal: abort.signal });
    abort.abort(new Error('gone'));
    await expect(withdrawn).rejects.toThrow('gone');
  });

  it('cuts off a reader that takes nothing of a file for a minute, and not one that waits for the next part', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reader = make().stream('answerFile', does('parts')).getReader();
    expect((await reader.read()).value).toHaveLength(9);
    const waits = reader.read();
    await vi.advanceTimersByTimeAsync(59_999);
    const stalled = make().stream('answerFile', does('parts')).getReader();
    await stalled.read();
    // Nothing is asked for: the thread's next part would wait.
    const ended = expect(stalled.closed).rejects.toMatchObject({ code: 'SERVER_BUSY' });
    await vi.advanceTimersByTimeAsync(60_001);
    await ended;
    waits.catch(() => {});
  });

  it('has a bounded queue', async () => {
    const made = make();
    const jobs = Array.from({ length: 202 }, () => made.run('checkSurvey', does('wait')));
    for (const job of jobs.slice(0, -1)) job.catch(() => {});
    await expect(jobs.at(-1)).rejects.toMatchObject({ code: 'SERVER_BUSY' });
  });
});
