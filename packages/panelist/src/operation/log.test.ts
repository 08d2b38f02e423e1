import { expect, it } from 'vitest';
import { createLog, loggingObserver } from './log.ts';

function recording(level: 'debug' | 'info' = 'info', env: Record<string, string> = {}) {
  let text = '';
  const log = createLog({
    level,
    env,
    destination: {
      write: (line: string) => {
        text += line;
      },
    },
  });
  return {
    log,
    text: () => text,
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

const item = { job: 'survey', taskId: 'task_1', itemKey: 'ann', attempt: 0 };

it('logs what becomes of tasks and items, with task, item and attempt', () => {
  const { log, lines } = recording();
  const observer = loggingObserver(log);
  observer.taskBegan?.({ job: 'survey', taskId: 'task_1' });
  observer.itemBegan?.(item);
  observer.itemBegan?.({ ...item, attempt: 2 });
  observer.itemEnded?.({ ...item, attempt: 2 }, { how: 'failed', elapsedMs: 12.4, error: new Error('no') });
  observer.itemEnded?.(item, { how: 'succeeded', elapsedMs: 1 });
  expect(lines()).toMatchObject([
    { level: 'info', msg: 'task picked up', taskId: 'task_1', job: 'survey' },
    { level: 'warn', msg: 'item taken over', taskId: 'task_1', itemKey: 'ann', attempt: 2 },
    {
      level: 'warn',
      msg: 'item failed',
      itemKey: 'ann',
      attempt: 2,
      elapsedMs: 12,
      error: { message: 'no' },
    },
  ]);
});

it('has no key, password or login in it, wherever they are', () => {
  const env = {
    OPENAI_API_KEY: 'key-of-the-account-1',
    PGPASSWORD: 'password-of-ours',
    PANELIST_TOKEN: 'token-of-the-page',
    HOME: '/home/ann',
  };
  const { log, text, lines } = recording('debug', env);
  const said = 'refused key-of-the-account-1 at postgres://ann:hush-hush@db/x, Bearer abcdefghijklmnop1234';
  const error = Object.assign(new Error(said), { code: 'STORE_BUSY' });
  log.info({ error, list: [said], deep: { a: { b: said } }, where: '/home/ann' }, said);
  log.error(error, 'password-of-ours token-of-the-page');
  for (const secret of [
    'key-of-the-account-1',
    'hush-hush',
    'password-of-ours',
    'token-of-the',
    'abcdefghijklm',
  ])
    expect(text()).not.toContain(secret);
  expect(lines()[0]).toMatchObject({ where: '/home/ann', error: { code: 'STORE_BUSY' } });
  log.info({ text: 'x'.repeat(1_000_000) });
  expect(text().length).toBeLessThan(10_000);
});
