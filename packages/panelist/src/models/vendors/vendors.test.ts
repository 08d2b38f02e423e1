import { text } from 'node:stream/consumers';
import { classify } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { AiSdkModel } from '../ai-sdk-model.ts';
import { serveLocally } from '../testing/local-server.ts';
import { modelFetch } from '../transport/model-fetch.ts';
import { NO_PROXIES } from '../transport/proxy-settings.ts';
import { vendors } from './registry.ts';

const KEY = 'a-very-secret-key';
const PROMPT = 'What only this provider may read.';

/** Asks one of the vendor's models at an address; resolves to why it failed. */
async function failureAt(vendor: string, baseURL: string): Promise<Error> {
  const model = await vendors[vendor]!.open('some-model', {
    apiKey: KEY,
    baseURL,
    fetch: modelFetch(NO_PROXIES),
  });
  const request = { messages: [{ role: 'user', content: PROMPT }], replySchema: null } as const;
  return new AiSdkModel(`${vendor}/some-model`, model)
    .reply(request, { signal: new AbortController().signal })
    .then(
      () => Promise.reject(new Error('it replied')),
      (error: Error) => error,
    );
}

const cases = Object.keys(vendors).flatMap((vendor) =>
  [301, 302, 303, 307, 308].map((status) => [vendor, status] as const),
);

describe('a vendor', () => {
  it.each(cases)('%s sends neither key nor prompt to the target of a %d', async (vendor, status) => {
    const elsewhere: string[] = [];
    const other = await serveLocally(async (request, response) => {
      elsewhere.push(JSON.stringify(request.headers) + (await text(request)));
      response.end('{}');
    });
    const sent: string[] = [];
    const first = await serveLocally(async (request, response) => {
      sent.push(JSON.stringify(request.headers) + (await text(request)));
      response.writeHead(status, { location: `${other}${request.url}` }).end();
    });
    const error = await failureAt(vendor, `${first}/v1`);
    expect(error).toMatchObject({ code: 'REPLY_REDIRECTED', message: expect.stringContaining(other) });
    expect(classify(error).verdict).toBe('never');
    expect(sent).toEqual([expect.stringContaining(KEY)]);
    expect(sent[0]).toContain(PROMPT);
    expect(elsewhere).toEqual([]);
  });
});
