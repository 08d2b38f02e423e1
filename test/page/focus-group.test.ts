import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, openPage, openTab } from './open-browser.ts';
import { PageServer } from './page-server.ts';

/** Slow enough to be watched, and to be stopped in the middle. */
const SLOW = 'simulator?latency=400-900';
const NEVER = 'simulator?latency=600000';
const EVIL = '<img src=x onerror=alert(1)>';

let server: PageServer;

beforeAll(async () => {
  server = await PageServer.start({ models: ['simulator', SLOW, NEVER] });
});

afterAll(() => server.stop());

/** Opens a group through the API, as a program that embeds the server does. */
async function opened(focusGroupId: string, more: object = {}): Promise<string> {
  const response = await fetch(`${server.url}/api/focus-groups`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Panelist-Request': '1' },
    body: JSON.stringify({
      focusGroupId,
      guide: {
        name: 'trams.yaml',
        text: 'title: Trams\nparticipants: {}\nrounds:\n  - message: What about trams?\n  - message: And buses?\n',
      },
      audience: { name: 'people.csv', text: `id,name,age\n1,${EVIL}\u202elive,34\n2,Bo Berg,67\n3,Ada,23\n` },
      model: 'simulator',
      ...more,
    }),
  });
  expect(response.status, await response.text()).toBe(200);
  return `${server.url}/groups/${focusGroupId}`;
}

const transcript = (page: Page): Locator => page.getByRole('region', { name: 'Transcript' });
const host = (page: Page): Locator => page.getByRole('textbox', { name: 'Say something to the group' });
const state = (page: Page, text: string): Locator => page.locator('[data-status]', { hasText: text }).first();
const rounds = (page: Page): Locator =>
  transcript(page).locator('ol > li', { has: page.locator('[data-host]') });

describeInBrowser('a focus group on the page', () => {
  it('is opened from the example, runs by its guide, and is there again after a reload in the middle', async () => {
    const page = await openPage(`${server.url}/groups`);
    await page.getByRole('link', { name: 'New focus group' }).first().click();
    await page.getByRole('button', { name: 'Use the example' }).click();
    await page.getByText('The guide is right.').waitFor();
    await page.getByLabel('Model').selectOption(SLOW);
    const start = page.getByRole('button', { name: 'Run it' });
    await start.and(page.locator(':enabled')).waitFor();
    await start.click();
    await page.waitForURL('**/groups/a-caf*');
    await transcript(page).getByText('When were you last in a library').waitFor();
    await page.locator('[data-status="replied"]').first().waitFor();
    await page.reload();
    await transcript(page).getByText('When were you last in a library').waitFor();
    await state(page, 'Nothing under way').waitFor();
    expect(await rounds(page).count()).toBe(4);
    expect(await page.locator('[data-status="replied"]').count()).toBe(24);
    expect(await page.getByText('Synthetic').count()).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Results' }).click();
    await page.getByText('6 participants, ').first().waitFor();
    expect(page.url()).toContain('view=results');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'report.html' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('fg_a-café-in-the-library.report.html');
    expect(page.list).toEqual([]);
  });

  it('shows what is wrong with a guide, with its line', async () => {
    const page = await openPage(`${server.url}/new-group`);
    const editor = page.getByRole('textbox', { name: 'Guide, YAML or JSON' });
    await editor.fill('title: Trams\nparticipants: {}\nrounds:\n  - mesage: Hello\n');
    await page.getByText('Did you mean "message"?').waitFor();
    await page.getByRole('button', { name: 'Line 4' }).first().click();
    expect(
      await editor.evaluate((element: unknown) => {
        const { value, selectionStart, selectionEnd } = element as {
          readonly value: string;
          readonly selectionStart: number;
          readonly selectionEnd: number;
        };
        return value.slice(selectionStart, selectionEnd);
      }),
    ).toBe('  - mesage: Hello');
    expect(await page.getByRole('button', { name: 'Run it' }).isDisabled()).toBe(true);
  });

  it('is led live: @ names who replies, two presses are one message, and two tabs take turns', async () => {
    const page = await openPage(await opened('live'));
    await host(page).fill('@b');
    await page.getByRole('option', { name: 'Bo Berg' }).waitFor();
    await page.keyboard.press('Enter');
    await host(page).pressSequentially('what about you?');
    const send = page.getByRole('button', { name: 'Say it' });
    await send.evaluate((button: unknown) => {
      (button as { click(): void }).click();
      (button as { click(): void }).click();
    });
    await rounds(page).nth(0).locator('[data-status="replied"]').waitFor();
    expect(await rounds(page).nth(0).locator('[data-status]').count()).toBe(1);
    expect(await rounds(page).nth(0).textContent()).toContain('to Bo Berg');
    const other = await openTab(page, page.url());
    await rounds(other).nth(0).waitFor();
    await host(page).fill('First?');
    await host(other).fill('Second?');
    await page.keyboard.press('Enter');
    await rounds(other).nth(1).locator('[data-status="replied"]').nth(2).waitFor();
    await other.keyboard.press('Enter');
    await rounds(page).nth(2).locator('[data-status="replied"]').nth(2).waitFor();
    // What is typed while a message is sent is the next one.
    await host(page).fill('Third?');
    await page.keyboard.press('Enter');
    await host(page).fill('Fourth?');
    await page.keyboard.press('Enter');
    await rounds(other).nth(4).locator('[data-status="replied"]').nth(2).waitFor();
    expect(await rounds(page).locator('[data-host] p:nth-child(2)').allTextContents()).toEqual([
      'what about you?',
      'First?',
      'Second?',
      'Third?',
      'Fourth?',
    ]);
    expect(await rounds(other).count()).toBe(5);
    expect([...page.list, ...other.list]).toEqual([]);
  });

  it('is polled, and its themes are found', async () => {
    const page = await openPage(await opened('polled', { run: true }));
    await state(page, 'Nothing under way').waitFor();
    await page.getByRole('button', { name: 'Poll' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ask each participant alone' });
    await dialog.getByLabel('The survey, JSON').fill('{"elements": [');
    await dialog.getByRole('button', { name: 'Ask it' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog
      .getByLabel('The survey, JSON')
      .fill('{"elements": [{"type": "boolean", "name": "again", "title": "Again?"}]}');
    await dialog.getByRole('button', { name: 'Ask it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await transcript(page).getByText('3 of 3 answered').waitFor();
    await page.getByRole('link', { name: 'Results' }).click();
    await page.getByText('Again?').waitFor();
    await page.getByText('Found by counting keywords').waitFor();
    await page.getByRole('button', { name: 'Find themes by the model' }).click();
    await page.getByText('Found by simulator').waitFor();
    expect(page.list).toEqual([]);
  });

  it('takes back what nobody has answered, is paused, goes on, and is deleted', async () => {
    const page = await openPage(await opened('slow', { model: NEVER }));
    await host(page).fill('Nobody answers this');
    await page.keyboard.press('Enter');
    await rounds(page).nth(0).getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Nothing was said yet.').waitFor();
    await host(page).fill('Nor this');
    await page.keyboard.press('Enter');
    await rounds(page).nth(0).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Nothing more is asked until somebody resumes it.').waitFor();
    await host(page).fill('And this waits');
    await page.keyboard.press('Enter');
    await page.getByText('to be said').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await state(page, 'Running').waitFor();
    expect(await page.getByText('to be said').count()).toBe(1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
    await state(page, 'Nothing under way').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(`${server.url}/groups`);
    await page.locator('a[href="/groups/live"]').waitFor();
    expect(await page.locator('a[href="/groups/slow"]').count()).toBe(0);
    expect(page.list).toEqual([]);
  });

  it('goes on under an open page when the server is killed and started again', async () => {
    const page = await openPage(await opened('killed', { run: true, model: SLOW }));
    await page.locator('[data-status="replied"]').first().waitFor();
    await server.kill();
    await page.getByText('Reconnecting').waitFor();
    await server.start();
    await page.getByText('The server was restarted').waitFor();
    await state(page, 'Nothing under way').waitFor();
    expect(await rounds(page).count()).toBe(2);
    expect(await page.locator('[data-status="replied"]').count()).toBe(6);
  });

  it('shows hostile names and words as text, in both languages, dark and narrow, for everybody', async () => {
    const guide = {
      name: 'evil.json',
      text: JSON.stringify({
        title: `${EVIL}\u202e title`,
        participants: {},
        rounds: [
          { message: `<script>alert(2)</script>\u202e ${EVIL}`, stimulus: '**bold** http://x.example' },
        ],
      }),
    };
    const address = await opened('evil', { guide, run: true });
    for (const [language, colorScheme, width] of [
      ['en', 'light', 1_280],
      ['zh', 'dark', 375],
    ] as const) {
      const page = await openPage(address, { language, colorScheme, viewport: { width, height: 800 } });
      await page.locator('[data-status="replied"]').nth(2).waitFor();
      expect(await page.getByText(EVIL).count()).toBeGreaterThan(2);
      expect(await page.locator('img, a[href*="x.example"], main script').count()).toBe(0);
      await expectAccessible(page);
      await page.goto(`${address}?view=results`);
      await page.locator('h2').nth(3).waitFor();
      await expectAccessible(page);
      await page.goto(`${server.url}/groups`);
      await page.getByText('evil', { exact: true }).waitFor();
      await expectAccessible(page);
      await page.goto(`${server.url}/new-group`);
      await page.locator('textarea').waitFor();
      await expectAccessible(page);
      expect(page.list).toEqual([]);
    }
  });
});
