import { expect, it } from 'vitest';
import { describeInBrowser, expectAccessible, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { prepareExample, sendOut, statusOf } from './prepare-survey.ts';

const FULL = 'a-token-of-the-operator';
const READ = 'a-token-of-a-reader-only';

describeInBrowser('a server with tokens', () => {
  it('asks for one, and shows a reader everything without what changes it', async () => {
    await using server = await PageServer.start({ env: { PANELIST_TOKEN: FULL, PANELIST_READ_TOKEN: READ } });
    const page = await openPage(`${server.url}/new`);
    await page.getByLabel('Token').fill('not-the-token-at-all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is not valid.').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Token').fill(FULL);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await prepareExample(page, { seed: 1 });
    const address = await sendOut(page);
    await statusOf(page, 'Finished').waitFor();
    expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Language and colours' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.getByLabel('Token').fill(READ);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await statusOf(page, 'Finished').waitFor();
    expect(page.url()).toBe(address);
    await page.getByText('Read only').waitFor();
    expect(await page.getByRole('button', { name: /^(?:Delete|Pause|Cancel|Retry)/ }).count()).toBe(0);
    await page.goto(`${server.url}/new`);
    await page.getByText('You may look at everything here, and start nothing.').waitFor();
    expect(await page.getByRole('button', { name: 'Go' }).count()).toBe(0);
    expect(page.list).toEqual([]);
  });

  it('shows a run to who has a link to it, and nothing else', async () => {
    await using server = await PageServer.start({ env: { PANELIST_TOKEN: FULL } });
    const page = await openPage(`${server.url}/new`);
    await page.getByLabel('Token').fill(FULL);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await prepareExample(page, { seed: 1 });
    const address = await sendOut(page);
    await statusOf(page, 'Finished').waitFor();
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this run' });
    await dialog.getByLabel('Valid for').selectOption('1 day');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const link = await dialog.getByLabel('The link').inputValue();
    await expectAccessible(page);

    const guest = await openPage(link);
    await guest.waitForURL(address);
    await guest.locator('article').getByText('8 answers of 8').first().waitFor();
    await guest.getByText('Read only').waitFor();
    expect(await guest.getByRole('link', { name: 'Tasks' }).count()).toBe(0);
    expect(await guest.getByRole('button', { name: /^(?:Delete|Share|Search)/ }).count()).toBe(0);
    expect(guest.list).toEqual([]);

    const late = await openPage(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
    await late.getByText('This link is not valid any more. Ask for another one.').waitFor();
  });
});
