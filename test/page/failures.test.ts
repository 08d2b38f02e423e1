import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startSimulator } from '../../packages/panelist/src/simulator/server.ts';
import { describeInBrowser, expectAccessible, openPage } from './open-browser.ts';
import { PageServer } from './page-server.ts';
import { prepareExample, sendOut, statusOf } from './prepare-survey.ts';

/** A provider that refuses to answer for some people, until it is repaired. */
async function brokenProvider(refused: RegExp) {
  const simulator = await startSimulator({ seed: 1 });
  const state = { isBroken: true };
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    if (state.isBroken && refused.test(body)) {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'No answers for cooks.', code: 'no_cooks' } }));
      return;
    }
    const answer = await fetch(`${simulator.url}${(request.url ?? '').replace(/^\/v1/, '')}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    repair: () => {
      state.isBroken = false;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await simulator.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

describeInBrowser('what failed', () => {
  it('is grouped by cause, and those of one cause are tried again', async () => {
    await using provider = await brokenProvider(/bus driver|cook/);
    await using server = await PageServer.start({
      models: [`openai-compatible/broken=${provider.url}`],
      env: { OPENAI_COMPATIBLE_API_KEY: 'a-key-of-the-test' },
    });
    const page = await openPage(`${server.url}/new`);
    await prepareExample(page, { seed: 1 });
    await sendOut(page);
    const retry = page.getByRole('button', { name: 'Retry these 2' });
    await retry.waitFor();
    await page.getByText('No answers for cooks.').first().waitFor();
    await expectAccessible(page);
    provider.repair();
    await retry.click();
    await page.getByText('2 interviews are held again.').waitFor();
    const succeeded = page.locator('dl > div', { hasText: 'Succeeded' }).locator('dd');
    await expect.poll(() => succeeded.textContent(), { timeout: 60_000 }).toBe('8');
    await statusOf(page, 'Finished').waitFor();
    expect(await page.content()).not.toContain('a-key-of-the-test');
    expect(page.list).toEqual([]);
  });
});
