import { expect, it } from 'vitest';
import { describeInBrowser, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { sendOut, statusOf } from './prepare-survey.ts';

const MARKUP = `<img src=x onerror="alert('shown')">`;
/** Markup in a survey is left out, so it comes as entities, which are read. */
const ENTITIES = MARKUP.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const BIDI = 'left\u202Etfel\u2066';

const survey = {
  title: `Survey ${ENTITIES}`,
  logo: 'https://elsewhere.example/logo.png',
  completedHtml: MARKUP,
  pages: [
    {
      elements: [
        { type: 'html', name: 'h', html: `<script>alert('script')</script>${MARKUP}` },
        { type: 'image', name: 'i', imageLink: 'https://elsewhere.example/x.png' },
        {
          type: 'radiogroup',
          name: 'q',
          title: `Question **bold** [link](javascript:alert('link')) ${ENTITIES} ${BIDI}`,
          choices: [ENTITIES, 'plain'],
        },
        { type: 'comment', name: 'why', title: 'Why?' },
      ],
    },
  ],
};
const audience = `id,name,about\n1,"${MARKUP.replaceAll('"', '""')}","${BIDI} <script>alert('persona')</script>"\n2,plain,plain\n`;

describeInBrowser('texts of strangers', () => {
  it('are text everywhere: in the preview, in lists, in distributions and in the search', async () => {
    await using server = await PageServer.start();
    const page = await openPage(`${server.url}/new`);
    await page.getByLabel('Choose a survey file…').setInputFiles({
      name: `${'x'.repeat(300)}.json`,
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(survey)),
    });
    await page.getByLabel('Choose an audience file…').setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(audience),
    });
    await page.locator('summary', { hasText: 'Settings' }).click();
    await page.getByLabel('Leave out what cannot be asked').check();
    await page.getByText(/Valid: \d questions on 1 pages\./).waitFor();
    await page.getByRole('tab', { name: 'Preview' }).click();
    const preview = page.getByRole('region', { name: 'The survey as a person would see it' });
    await preview.getByText('plain').waitFor();
    expect(await preview.locator('img, iframe, script, a').count()).toBe(0);
    expect(await preview.textContent()).toContain(ENTITIES);
    await page.getByText('The first request').click();

    await sendOut(page);
    await statusOf(page, 'Finished').waitFor();
    await page.getByRole('heading', { name: `Survey ${MARKUP}` }).waitFor();
    await page.locator('article').getByText('2 answers of 2').first().waitFor();
    await page.getByLabel(/^By/).selectOption('name');
    await page.getByRole('columnheader', { name: MARKUP }).first().waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('img');
    await page
      .getByRole('option', { name: /onerror/ })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${server.url}/`);
    await page.getByRole('link', { name: `Survey ${MARKUP}` }).waitFor();
    expect(page.list).toEqual([]);
  });

  it('in an address or from a broken server leave the page standing', async () => {
    await using server = await PageServer.start();
    for (const path of [
      '/tasks/task_unknown',
      `/tasks/${encodeURIComponent(MARKUP)}`,
      `/?search=${encodeURIComponent(MARKUP)}&kind=nonsense&after=${encodeURIComponent('1:../..')}`,
      '/nowhere/at/all',
    ]) {
      const page = await openPage(`${server.url}${path}`);
      await page
        .getByRole('alert')
        .or(page.getByText('Page not found'))
        .or(page.getByText('No task matches'))
        .first()
        .waitFor();
      await page.getByRole('link', { name: 'Tasks', exact: true }).click();
      await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor();
      expect(page.list).toEqual([]);
      await page.close();
    }
  });
});
