import { expect, it } from 'vitest';
import { describeInBrowser, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { prepareExample, sendOut, statusOf } from './prepare-survey.ts';

describeInBrowser('a server that is killed under an open page', () => {
  it('goes on with the run when it is started again, and the page says so and catches up', async () => {
    await using server = await PageServer.start({ models: ['simulator?latency=400'] });
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 1, concurrency: 1 });
    await sendOut(page);
    const succeeded = page.locator('dl > div', { hasText: 'Succeeded' }).locator('dd');
    await expect.poll(() => succeeded.textContent(), { timeout: 60_000 }).toBe('1');
    await server.kill();
    await page.getByText('Reconnecting…').waitFor();
    await server.start();
    await page.getByText('The server was restarted; the run goes on.').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await statusOf(page, 'Finished').waitFor();
    expect(await succeeded.textContent()).toBe('8');
    await page
      .locator('article', { hasText: 'How interested are you in it?' })
      .getByText('8 answers of 8')
      .waitFor();
    expect(page.list.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  });
});
