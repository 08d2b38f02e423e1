import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { prepareExample, sendOut, statusOf } from './prepare-survey.ts';

const SLOW = 'simulator?latency=200';
const people = Array.from({ length: 500 }, (_, index) => `p${index},nurse`);

let server: PageServer;
let finished: string;
let running: string;

/** What is opened, and what shows that it is there. */
const views: readonly (readonly [
  name: string,
  path: () => string,
  isThere: (page: Page) => Promise<unknown>,
])[] = [
  ['the tasks', () => '/', (page) => page.getByRole('row').nth(2).waitFor()],
  [
    'a run under way',
    () => running,
    (page) => page.locator('article svg').first().waitFor({ state: 'attached' }),
  ],
  [
    'a run by groups',
    () => `${finished}?by=occupation`,
    (page) => page.locator('article').getByText('nurse').first().waitFor(),
  ],
  ['a new survey', () => '/new', (page) => page.locator('.cm-content').waitFor()],
  ['what is not there', () => '/nowhere', (page) => page.getByRole('heading').first().waitFor()],
];

describeInBrowser('the page', () => {
  beforeAll(async () => {
    server = await PageServer.start({ models: ['simulator', SLOW] });
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 1 });
    finished = new URL(await sendOut(page)).pathname;
    await statusOf(page, 'Finished').waitFor();
    // Of so many people, one after the other, that it runs as long as the tests.
    await page.goto(`${server.url}/new`);
    await prepareExample(page, { seed: 2, model: SLOW, concurrency: 1 });
    await page.getByLabel('Audience as CSV or JSONL').fill(`id,occupation\n${people.join('\n')}`);
    await page.getByText('500 respondents').waitFor();
    running = new URL(await sendOut(page)).pathname;
    await statusOf(page, 'Running').waitFor();
    await page.close();
  });

  afterAll(async () => {
    await server.kill();
    await server[Symbol.asyncDispose]();
  });

  it.each(
    views.flatMap(([name, path, isThere]) => [
      { name, path, isThere, language: 'en', colorScheme: 'light', width: 1_280 } as const,
      { name, path, isThere, language: 'zh', colorScheme: 'dark', width: 375 } as const,
    ]),
  )(
    'shows $name to everybody: $language, $colorScheme, $width px',
    async ({ path, isThere, language, colorScheme, width }) => {
      const page = await openPage(`${server.url}${path()}`, {
        language,
        colorScheme,
        viewport: { width, height: 800 },
        reducedMotion: 'reduce',
      });
      await isThere(page);
      await expectAccessible(page);
      expect(page.list).toEqual([]);
      await page.close();
    },
  );

  it('changes its language and its colours, and remembers both', async () => {
    const page = await openPage(`${server.url}/`);
    await page.getByRole('button', { name: 'Language and colours' }).click();
    await page.getByLabel('中文').check();
    await page.getByRole('heading', { name: '任务' }).waitFor();
    await page.getByLabel('深色').check();
    const color = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await color();
    await page.reload();
    await page.getByRole('heading', { name: '任务' }).waitFor();
    expect(await color()).toBe(dark);
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
  });

  it('is used with the keyboard alone: skip link, search, and focus on the heading of the next page', async () => {
    const page = await openPage(`${server.url}/`);
    await page.getByRole('row').nth(2).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).waitFor();
    await page.keyboard.type('café');
    await page
      .getByRole('option', { name: /café in the library/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/tasks/*');
    await expect.poll(() => focused(page)).toBe('A café in the library');
  });

  it('has the state of the list in its address', async () => {
    const page = await openPage(`${server.url}/`);
    await page.getByLabel('Status').selectOption('completed');
    await page.waitForURL('**/?status=completed');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByLabel('Search').fill('no such thing');
    await page.getByText('No task matches this filter.').waitFor();
    await page.reload();
    await page.getByText('No task matches this filter.').waitFor();
    expect(await page.getByLabel('Search').inputValue()).toBe('no such thing');
    await page.getByRole('link', { name: 'Show all' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(3);
  });
});

const focused = (page: Page) => page.evaluate('document.activeElement.textContent.trim()');
