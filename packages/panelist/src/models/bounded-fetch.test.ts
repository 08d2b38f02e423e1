import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { classify } from '@panelist/toolkit';
import { afterEach, describe, expect, it } from 'vitest';
import { boundedFetch } from './bounded-fetch.ts';
import { openModel } from './model-registry.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refusal(url: string): Promise<Error & { code: string }> {
  return boundedFetch()(url).then(
    () => Promise.reject(new Error('it was read')),
    (error: Error & { code: string }) => error,
  );
}

describe('a body', () => {
  it('is read no further than its bound, though it never ends', async () => {
    let sent = 0;
    const url = await serve((_, response) => {
      const write = (): void => {
        while (!response.destroyed) {
          sent += 100_000;
          if (!response.write(' '.repeat(100_000))) break;
        }
      };
      response.on('drain', write);
      write();
    });
    expect(await refusal(url)).toMatchObject({ code: 'REPLY_TOO_LARGE' });
    expect(sent).toBeLessThan(40_000_000);
  });

  it('counts as it is decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, ' '));
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await refusal(url)).toMatchObject({ code: 'REPLY_TOO_LARGE' });
  });

  it('is refused where it is nested without end, brackets in texts aside', async () => {
    const deep = await serve((_, response) => response.end(`${'['.repeat(100_000)}${']'.repeat(100_000)}`));
    expect(await refusal(deep)).toMatchObject({ code: 'REPLY_TOO_DEEP' });
    const text = JSON.stringify({ text: `"\\${'['.repeat(1_000)}` });
    const flat = await serve((_, response) => response.end(text));
    expect(await (await boundedFetch()(flat)).text()).toBe(text);
  });

  it.each([
    [
      'a web page',
      'text/html',
      '<!DOCTYPE html><title>Welcome</title>',
      /HTTP 200 with text\/html, beginning "<!DOCTYPE.*\/v1\?$/,
    ],
    ['nothing', 'application/json', '', /HTTP 200 with an empty body\.$/],
    ['a text', 'text/plain', 'busy\nnow', /text\/plain, beginning "busy now"\.$/],
  ])('that is not JSON is quoted: %s', async (_, type, body, message) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
    const error = await refusal(url);
    expect(error).toMatchObject({ code: 'REPLY_NOT_JSON', message: expect.stringMatching(message) });
    expect(classify(error).verdict).toBe('retry');
  });

  it('of an error comes back as it was sent', async () => {
    const url = await serve((_, response) => {
      response.writeHead(429, { 'retry-after': '7' });
      response.end('slow down');
    });
    const response = await boundedFetch()(url);
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
      429,
      '7',
      'slow down',
    ]);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 307, 308])('is not followed, and not tried again: %d', async (status) => {
    const asked: string[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(JSON.stringify(request.headers));
      response.end('{}');
    });
    const url = await serve((_, response) => {
      response.writeHead(status, { location: `${elsewhere}/v1/chat/completions` });
      response.end();
    });
    const { model } = await openModel('openai-compatible/m', {
      baseUrl: url,
      env: { OPENAI_COMPATIBLE_API_KEY: 'secret-key' },
    });
    const request = { messages: [{ role: 'user', content: 'x' }], replySchema: null } as const;
    const error = await model
      .reply(request, { signal: new AbortController().signal })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'REPLY_REDIRECTED', message: expect.stringContaining(elsewhere) });
    expect(classify(error).verdict).toBe('never');
    expect(asked).toEqual([]);
  });
});
