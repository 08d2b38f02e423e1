import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, openPage, openTab } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { prepareExample, sendOut, statusOf } from './prepare-survey.ts';

/** Slow enough to be watched, and to be stopped in the middle. */
const SLOW = 'simulator?latency=150';

let server: PageServer;

/** The figures of a section by their names. */
async function figures(page: Page, section: string): Promise<ReadonlyMap<string, string>> {
  const lists = page
    .locator('section', { has: page.getByRole('heading', { name: section }) })
    .locator('dl > div');
  const texts = await lists.evaluateAll((rows) =>
    rows.map(
      (row) =>
        [row.querySelector('dt')?.textContent ?? '', row.querySelector('dd')?.textContent ?? ''] as const,
    ),
  );
  return new Map(texts);
}

describeInBrowser('a survey on the page', () => {
  beforeAll(async () => {
    server = await PageServer.start({ models: ['simulator', SLOW] });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('is sent out, runs to its end, and shows its distributions as synthetic', async () => {
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 1 });
    await sendOut(page);
    await statusOf(page, 'Finished').waitFor();
    const progress = await figures(page, 'Progress');
    expect([progress.get('Succeeded'), progress.get('Waiting'), progress.get('Total')]).toEqual([
      '8',
      '0',
      '8',
    ]);
    const chart = page.locator('article', { hasText: 'How interested are you in it?' });
    await chart.getByText('8 answers of 8 respondents').waitFor();
    expect(await chart.locator('tbody tr').count()).toBe(5);
    expect(await page.getByText('Synthetic').count()).toBeGreaterThan(0);
    await page.getByLabel(/^By/).selectOption('occupation');
    await chart.getByText('nurse').waitFor();
    expect(page.url()).toContain('by=occupation');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'answers.csv' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^task_\w+-answers\.csv$/);
    expect(page.list).toEqual([]);
  });

  it('goes on when the page is reloaded or closed, with counts that add up', async () => {
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 2, model: SLOW, concurrency: 1 });
    const address = await sendOut(page);
    await statusOf(page, 'Running').waitFor();
    for (let look = 0; look < 5; look += 1) {
      const progress = await figures(page, 'Progress');
      const counts = ['Succeeded', 'Failed', 'In flight', 'Waiting'].map((name) =>
        Number(progress.get(name)),
      );
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(8);
      await page.reload();
      await page.getByRole('heading', { name: 'Progress' }).waitFor();
    }
    await page.close();
    const again = await openPage(address);
    await statusOf(again, 'Finished').waitFor();
    expect((await figures(again, 'Progress')).get('Succeeded')).toBe('8');
    await again.goto(`${server.url}/?search=${address.split('/').at(-1)}`);
    await again.getByRole('row').nth(1).waitFor();
    expect(await again.getByRole('row').count()).toBe(2);
  });

  it('is one run, however often and wherever Go is pressed', async () => {
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 3, model: SLOW, concurrency: 1 });
    // The same tab's draft, in another tab.
    const other = await openTab(page, `${server.url}/new`);
    await prepareExample(other, { seed: 3, model: SLOW, concurrency: 1 });
    const button = page.getByRole('button', { name: 'Go' });
    await button.dblclick();
    await page.waitForURL('**/tasks/*');
    expect(await sendOut(other)).toBe(page.url());
    await other.getByText('Joined the run that is under way.').waitFor();
    expect([...page.list, ...other.list]).toEqual([]);
  });

  it('is paused, resumed and cancelled, and asks before it ends for good', async () => {
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 4, model: SLOW, concurrency: 1 });
    await sendOut(page);
    await page.getByRole('button', { name: /^Pause/ }).click();
    await statusOf(page, 'Paused').waitFor();
    await page.getByRole('button', { name: /^Resume/ }).click();
    await statusOf(page, 'Running').waitFor();
    await page.getByRole('button', { name: /^Cancel: / }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel this task for good?' });
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await statusOf(page, 'Running').count()).toBe(1);
    await page.getByRole('button', { name: /^Cancel: / }).click();
    await dialog.getByRole('button', { name: 'Cancel the task' }).click();
    await statusOf(page, 'Cancelled').waitFor();
    await page.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(`${server.url}/`);
    expect(page.list).toEqual([]);
  });

  it('has its limits changed while it runs, and refuses what is none', async () => {
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 5, model: SLOW, concurrency: 1 });
    await sendOut(page);
    const change = page.getByRole('button', { name: 'Change limits' });
    // Until the page has settled, the fields may be made anew: what was typed then is gone.
    const problem = page.getByText('Enter a whole number of at least 1, or nothing.');
    await expect
      .poll(
        async () => {
          await page.getByLabel('Interviews at once').fill('1.5');
          return problem.count();
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(1);
    expect(await change.isEnabled()).toBe(false);
    await page.getByLabel('Interviews at once').fill('');
    await page.getByLabel('Tokens in all').fill('1');
    await change.click();
    await page.getByText('The limits are changed.').waitFor();
    await statusOf(page, 'Paused').waitFor();
    await page.reload();
    await page.getByText('It has reached its token limit.').waitFor();
    await page.getByLabel('Tokens in all').fill('');
    await change.click();
    await page.getByText('The limits are changed.').waitFor();
    await page.getByRole('button', { name: /^Resume/ }).click();
    await statusOf(page, 'Finished').waitFor();
    expect(page.list).toEqual([]);
  });
});
