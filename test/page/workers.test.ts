import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPostgresDatabase } from '../../packages/toolkit/src/stores/postgres/fixtures/new-database.ts';
import { PanelistProcess } from '../panelist-process.ts';
import { describeInBrowser, expectAccessible, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { prepareExample, sendOut, statusOf } from './prepare-survey.ts';

/** Answers nobody while the tests run. */
const SLOW = 'simulator?latency=300000';
/** Of a worker that ends. The page looks every five seconds. */
const DRAIN_SECONDS = 15;
const people = Array.from({ length: 500 }, (_, index) => `p${index},nurse`);

let database: string;
let server: PageServer;
/** The address of a survey that is run. */
let running: string;
const workers: PanelistProcess[] = [];

async function startWorker(): Promise<PanelistProcess> {
  const args = [
    ...['worker', '--database', database, '--max-concurrency', '3', '--jobs', 'survey'],
    ...['--drain-seconds', String(DRAIN_SECONDS)],
  ];
  const worker = new PanelistProcess(args, { cwd: server.folder });
  workers.push(worker);
  await worker.says(/"started"/);
  return worker;
}

const listed = (page: Page, { pid }: { readonly pid: number }) =>
  page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`\\b${pid}\\b`) });

describeInBrowser('the page Workers', () => {
  beforeAll(async () => {
    database = await newPostgresDatabase();
    server = await PageServer.start({ models: [SLOW], database });
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 1 });
    await page.getByLabel('Audience as CSV or JSONL').fill(`id,occupation\n${people.join('\n')}`);
    await page.getByText('500 respondents').waitFor();
    running = new URL(await sendOut(page)).pathname;
    await statusOf(page, 'Running').waitFor();
    await page.close();
  });

  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await server.kill();
    await server[Symbol.asyncDispose]();
  });

  it('names the processes that are at work, and leads to what they do', async () => {
    const worker = await startWorker();
    const page = await openPage(server.url);
    await page.getByRole('link', { name: 'Workers' }).click();
    const entry = listed(page, worker);
    await entry.getByText('3 of 3 in flight · works on survey').waitFor();
    expect(await entry.textContent()).toMatch(/^.+Working.*Worker · process \d+ · version /);
    await page.getByRole('listitem').filter({ hasText: 'Server · process' }).getByText('Working').waitFor();
    await entry.getByRole('link', { name: /^task_/ }).click();
    await page.waitForURL(`**${running}`);
    await statusOf(page, 'Running').waitFor();
    expect(page.list).toEqual([]);
  });

  it('says which process is gone and which finishes, and shows none that has ended', async () => {
    const [killed, ended] = [await startWorker(), await startWorker()];
    const page = await openPage(`${server.url}/workers`);
    await listed(page, killed).getByText('3 of 3 in flight').waitFor();
    await listed(page, ended).getByText('3 of 3 in flight').waitFor();
    killed.kill('SIGKILL');
    ended.kill('SIGTERM');
    await killed.finished;
    await listed(page, ended).getByText('Finishing').waitFor();
    const client = new pg.Client(database);
    await client.connect();
    // As if it was half a minute later.
    await client.query('update workers set seen_at = seen_at - 30000 where pid = $1', [killed.pid]);
    await client.end();
    await listed(page, killed).getByText('Gone').waitFor();
    await listed(page, ended).waitFor({ state: 'detached' });
    expect(page.list).toEqual([]);
  });

  it.each([
    ['en', 'light', 1_280],
    ['zh', 'dark', 375],
  ] as const)('is for everybody: %s, %s, %d px', async (language, colorScheme, width) => {
    const worker = await startWorker();
    const page = await openPage(`${server.url}/workers`, {
      ...{ language, colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    });
    await listed(page, worker).getByRole('link').waitFor();
    await expectAccessible(page);
    expect(page.list).toEqual([]);
  });
});
