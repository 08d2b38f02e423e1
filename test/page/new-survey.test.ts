import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPanelist } from '../panelist-process.ts';
import { describeInBrowser, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';

let server: PageServer;

describeInBrowser('a new survey', () => {
  beforeAll(async () => {
    server = await PageServer.start();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('is checked as it is typed: a problem leads to its line, and a completion writes what is missing', async () => {
    const page = await openPage(`${server.url}/new`);
    const editor = page.getByRole('textbox', { name: 'Survey as SurveyJS JSON' });
    await editor.click();
    // The editor closes brackets and quotes by itself.
    await page.keyboard.insertText(
      '{\n  "title": "Trams",\n  "elements": [\n    { "type": "radio", "name": "q" },\n    { "type": "text", "name": "w", "visibleIf": "{q" }\n  ]\n}',
    );
    await page.getByText(/^\d problems?$/).waitFor();
    await page.getByRole('button', { name: 'Line 4' }).click();
    expect(await page.evaluate('document.activeElement.shadowRoot !== null')).toBe(true);
    // A further element: the completion knows the types that there are.
    await page.keyboard.press('End');
    await page.keyboard.type('{ "type": ');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: 'imagepicker' }).click();
    await expect.poll(() => editor.textContent()).toContain('{ "type": "imagepicker"}');
    expect(page.list).toEqual([]);
  });

  it('is still there after a reload, and sends nothing by itself', async () => {
    const page = await openPage(`${server.url}/new`);
    await page.getByRole('button', { name: 'Use the built-in example' }).click();
    await page.getByText('8 respondents').waitFor();
    await page.reload();
    await page.getByText('Valid: 5 questions on 2 pages.').waitFor();
    await page.getByText('8 respondents').waitFor();
    const { tasks } = (await (await fetch(`${server.url}/api/tasks`)).json()) as {
      readonly tasks: readonly unknown[];
    };
    expect(tasks).toEqual([]);
  });

  it('takes an audience that is too long to show, and says what is wrong with one', async () => {
    const page = await openPage(`${server.url}/new`);
    await page.getByRole('button', { name: 'Use the built-in example' }).click();
    await page.getByLabel('Audience as CSV or JSONL').fill('id,id\n1,2');
    await page.getByText('two columns are named "id"').waitFor();
    expect(await page.getByRole('button', { name: 'Go' }).isEnabled()).toBe(false);
    const rows = Array.from({ length: 20_000 }, (_, index) => `p${index},somebody of the neighbourhood`);
    await page.getByLabel('Choose an audience file…').setInputFiles({
      name: 'long.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`id,about\n${rows.join('\n')}`),
    });
    await page.getByText('20,000 respondents').waitFor();
    await page.getByText(/long\.csv, .* is sent ahead/).waitFor();
    await page.getByRole('button', { name: 'Go' }).and(page.locator(':enabled')).waitFor();
    expect(page.list).toEqual([]);
  });

  it('that the command line sends out shows in the list by itself', async () => {
    const page = await openPage(`${server.url}/`);
    await page.getByRole('heading', { name: 'No tasks yet' }).waitFor();
    await runPanelist(['init'], { cwd: server.folder });
    await runPanelist(
      ['survey', 'deploy', 'survey.json', '--audience', 'audience.csv', '--model', 'simulator'],
      { cwd: server.folder },
    );
    await page.getByRole('link', { name: 'A café in the library' }).waitFor();
    await page.locator('[data-status]', { hasText: 'Finished' }).waitFor();
    expect(page.list).toEqual([]);
  });
});
