import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PanelistProcess } from '../panelist-process.ts';
import { describeInBrowser, expectAccessible, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';

const MARKUP = `<img src=x onerror="alert('shown')">`;
const COUNT = 300;
const survey = {
  title: 'Lunch',
  elements: [
    {
      type: 'radiogroup',
      name: 'where',
      title: 'Where?',
      choices: ['home', MARKUP],
    },
    { type: 'rating', name: 'like', title: 'How do you like it?', rateMax: 5 },
    { type: 'comment', name: 'why', title: 'Why?' },
  ],
};
const people = Array.from({ length: COUNT }, (_, index) => {
  const town = index % 3 === 0 ? 'Bath' : 'York';
  return `p${index},${town},"Likes ${MARKUP.replaceAll('"', '""')} and \u202eevil"`;
});

let server: PageServer;
const tasks: string[] = [];

async function post(path: string, body: unknown): Promise<{ taskId: string }> {
  const headers = { 'Panelist-Request': '1', 'Content-Type': 'application/json' };
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return (await response.json()) as { taskId: string };
}

async function finished(page: Page, taskId: string): Promise<void> {
  await page.goto(`${server.url}/tasks/${taskId}`);
  await page.locator('[data-status]', { hasText: 'Finished' }).first().waitFor();
}

const grid = (page: Page) => page.getByRole('grid');
/** The respondent of a row, from 0. */
async function keyOf(page: Page, row: number): Promise<string> {
  return (
    (await page
      .locator(`[aria-rowindex="${row + 2}"]`)
      .getByRole('rowheader')
      .textContent()) ?? ''
  );
}
/** A machine that is busy with other work takes its time. */
const SLOW = { timeout: 60_000 };
const why = (page: Page) => page.getByRole('complementary', { name: 'Why this answer' });

describeInBrowser('answers on the page', () => {
  beforeAll(async () => {
    server = await PageServer.start();
    const page = await openPage(server.url);
    for (const seed of [1, 2]) {
      const { taskId } = await post('/api/surveys', {
        survey: { name: 'lunch.json', text: JSON.stringify(survey) },
        audience: { name: 'people.csv', text: `id,town,about\n${people.join('\n')}\n` },
        ...{ model: 'simulator', seed, randomizeOptions: true },
      });
      tasks.push(taskId);
      await finished(page, taskId);
    }
    await page.close();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('are a grid that is used by keys: moved in, sorted, and each cell explained', async () => {
    const page = await openPage(`${server.url}/tasks/${tasks[0]}/answers`);
    await page.getByText(`${COUNT} interviews`).waitFor();
    expect(await grid(page).getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
    // Only what is in sight is in the document.
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await grid(page).focus();
    // The keys are quicker than the rows in their new order.
    const { promise: whenMoved, resolve: letRowsCome } = Promise.withResolvers<void>();
    await page.route(/\/answers\?.*sort=/, async (route) => {
      await whenMoved;
      await route.continue();
    });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/answers?sort=answer.like');
    await expect
      .poll(() => page.getByRole('columnheader').nth(2).getAttribute('aria-sort'), SLOW)
      .toBe('ascending');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    letRowsCome();
    await expect.poll(() => keyOf(page, 0), SLOW).toMatch(/^p\d/);
    const first = await keyOf(page, 0);
    await why(page).getByText(first, { exact: true }).waitFor();
    await why(page).getByText('Its hash was computed again and is the recorded one.').waitFor();
    expect(await why(page).locator('img, script').count()).toBe(0);
    await why(page)
      .locator('dd')
      .getByText('Likes <img src=x onerror="alert(\'shown\')"> and \\u202eevil')
      .waitFor();
    // The next of the selection, which isn't the next of the task.
    await page.keyboard.press('j');
    const second = await keyOf(page, 1);
    await why(page).getByText(second, { exact: true }).waitFor();
    expect(page.url()).toContain(`key=${second}`);
    await why(page).getByRole('button', { name: 'Previous interview' }).click();
    await why(page).getByText(first, { exact: true }).waitFor();
    await why(page).press('Escape');
    await why(page).waitFor({ state: 'hidden' });
    expect(page.list).toEqual([]);
    await page.close();
  });

  it('are found, filtered and shown with chosen columns, all of it in the address', async () => {
    const page = await openPage(`${server.url}/tasks/${tasks[0]}/answers`);
    await page.getByRole('searchbox', { name: 'Find' }).fill('bath');
    await page.getByText(`100 of ${COUNT} interviews`).waitFor();
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Where?' });
    await page.getByRole('combobox', { name: 'Condition' }).selectOption('is');
    await page.getByRole('combobox', { name: 'Value' }).selectOption(MARKUP);
    await page.getByRole('button', { name: 'Add filter' }).click();
    const chip = page.getByRole('button', { name: /^Remove the filter Where\? is/ });
    await chip.waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'town' }).check();
    await page.getByRole('checkbox', { name: 'Why?' }).uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await chip.waitFor();
    await expect
      .poll(() => page.getByRole('columnheader').allTextContents(), SLOW)
      .toEqual(['Respondent', 'town', 'Where?', 'How do you like it?']);
    const cells = await page.getByRole('gridcell').allTextContents();
    expect(cells.length).toBeGreaterThan(0);
    for (const [index, text] of cells.entries()) {
      if (index % 3 === 0) expect(text).toBe('Bath');
      if (index % 3 === 1) expect(text).toBe(MARKUP);
    }
    await page.getByRole('searchbox', { name: 'Find' }).fill('nothing like this');
    await page.getByText('No interview matches.').waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    await page.getByText(`${COUNT} interviews`).waitFor();
    expect(page.list).toEqual([]);
    await page.close();
  });

  it.each([
    ['en', 'light', 1_280],
    ['zh', 'dark', 375],
  ] as const)('are for everybody: %s, %s, %d px', async (language, colorScheme, width) => {
    const page = await openPage(`${server.url}/tasks/${tasks[0]}/answers`, {
      ...{ language, colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
    });
    await page.getByRole('gridcell').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('gridcell').first().click();
    await page.getByRole('complementary').getByText('p0').waitFor();
    await expectAccessible(page);
    await page.goto(`${server.url}/compare?task=${tasks[0]}&other=${tasks[1]}`);
    await page.locator('article').first().waitFor();
    await expectAccessible(page);
    expect(page.list).toEqual([]);
    await page.close();
  });

  it('are compared with another run, and with what people said', async () => {
    const page = await openPage(`${server.url}/tasks/${tasks[0]}`);
    await page.getByRole('main').getByRole('link', { name: 'Compare' }).click();
    await page.waitForURL('**/compare?task=*');
    await page.getByText('What differs?').waitFor();
    await page
      .getByRole('region', { name: 'Compared with' })
      .getByLabel('Run')
      .selectOption(tasks[1] as string);
    await page.getByText(`${COUNT} respondents in the first run.`).waitFor();
    expect(await page.locator('article').count()).toBe(2);
    await page.getByText('Not compared: why (free text)').waitFor();
    await page.getByRole('region', { name: 'Compared with' }).getByLabel('Run').selectOption('');
    const humans = `where,like\n${Array.from({ length: 60 }, (_, index) => `${index % 6 ? 'home' : 'elsewhere'},5`).join('\n')}\n`;
    await page.getByLabel('Choose a CSV file').setInputFiles({
      name: 'humans.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(humans),
    });
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText("People's answers: 60.").waitFor();
    // The largest difference comes first.
    expect(await page.locator('table').first().locator('tbody tr').first().textContent()).toMatch(
      /How do you like it\?.*< 0\.001/,
    );
    expect(page.list).toEqual([]);
    await page.close();
  });

  it('are a bundle that opens without a server, with all of it', async () => {
    const out = join(server.folder, 'bundle');
    const written = new PanelistProcess(['results', 'bundle', tasks[0] as string, '--out', out], {
      cwd: server.folder,
    });
    expect(await written.finished).toMatchObject({ exitCode: 0 });
    const page = await openPage(pathToFileURL(join(out, 'index.html')).href);
    await page.getByRole('heading', { name: 'Lunch' }).waitFor();
    await page.locator('article', { hasText: 'Where?' }).getByText(MARKUP).waitFor();
    await page.getByLabel(/^By/).selectOption('town');
    await page.locator('article').getByText('Bath').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Answers', exact: true }).click();
    await page.getByText(`${COUNT} interviews`).waitFor();
    await page.getByRole('searchbox', { name: 'Find' }).fill('bath');
    await page.getByText(`100 of ${COUNT} interviews`).waitFor();
    await grid(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await why(page).getByText('p0', { exact: true }).waitFor();
    await why(page).getByText('Its hash was computed again and is the recorded one.').waitFor();
    await page.keyboard.press('j');
    await why(page).getByText('p3', { exact: true }).waitFor();
    await page.reload();
    await why(page).getByText('p3', { exact: true }).waitFor();
    await expectAccessible(page);
    // axe tries to read the style sheet, which the policy of a bundle refuses.
    const misdeeds = page.list.filter((text) => !text.startsWith('Connecting to'));
    expect(misdeeds.filter((text) => !text.startsWith('request: file:'))).toEqual([]);
    expect(
      page.list.filter((text) => text.startsWith('request: file:') && !text.includes('/bundle/')),
    ).toEqual([]);
    await page.close();
  });
});
