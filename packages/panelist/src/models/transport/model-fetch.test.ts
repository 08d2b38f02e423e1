import { type AddressInfo, createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { classify, ErrorHandler, TimeoutError } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveLocally } from '../testing/local-server.ts';
import { modelFetch } from './model-fetch.ts';
import { NO_PROXIES } from './proxy-settings.ts';

const send = modelFetch(NO_PROXIES);

async function failure(url: string): Promise<Error & { code: string }> {
  return send(url).then(
    () => Promise.reject(new Error('it was read')),
    (error: Error & { code: string }) => error,
  );
}

describe('a body', () => {
  it('is read up to its limit, even if it never ends', async () => {
    let sent = 0;
    const url = await serveLocally((_, response) => {
      const write = (): void => {
        while (!response.destroyed) {
          sent += 100_000;
          if (!response.write(' '.repeat(100_000))) break;
        }
      };
      response.on('drain', write);
      write();
    });
    expect(await failure(url)).toMatchObject({ code: 'REPLY_TOO_LARGE' });
    expect(sent).toBeLessThan(40_000_000);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('is measured after decompression: %s', async (encoding, compress) => {
    const encoded = async (body: Buffer): Promise<string> => {
      const compressed = compress(body);
      expect(compressed.length).toBeLessThan(1_000_000);
      return serveLocally((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding });
        response.end(compressed);
      });
    };
    expect(await failure(await encoded(Buffer.alloc(30_000_000, ' ')))).toMatchObject({
      code: 'REPLY_TOO_LARGE',
    });
    expect(await (await send(await encoded(Buffer.from('{"a":"é"}')))).json()).toEqual({ a: 'é' });
  });

  it('that cannot be decompressed is the server’s failure', async () => {
    const url = await serveLocally((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end('{}');
    });
    const error = await failure(url);
    expect(error).toMatchObject({ code: 'REPLY_NOT_JSON', message: expect.stringContaining('decompressed') });
    expect(classify(error).verdict).toBe('retry');
  });

  it('that breaks off is the network’s failure', async () => {
    const url = await serveLocally((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{');
      setImmediate(() => response.destroy());
    });
    expect(classify(await failure(url))).toMatchObject({ kind: 'network', verdict: 'retry' });
  });

  it('that drips is cut off by the time limit of the attempt', async () => {
    const clock = new VirtualClock();
    const hasBegun = Promise.withResolvers<void>();
    const hasEnded = Promise.withResolvers<void>();
    const url = await serveLocally((_, response) => {
      response.on('close', hasEnded.resolve);
      response.write('{', () => hasBegun.resolve());
    });
    const handler = new ErrorHandler({ clock, attemptTimeoutMs: 30_000, maxRetries: 0 });
    let received: Promise<Response> | undefined;
    const call = handler.withRetry(({ signal }) => {
      received = send(url, { signal });
      return received;
    });
    const outcomes = Promise.allSettled([call, hasBegun.promise.then(() => received)]);
    await hasBegun.promise;
    await clock.advance(30_000);
    const timedOut = { status: 'rejected', reason: expect.any(TimeoutError) };
    // It is not only given up: its reader learns why, and the connection is closed.
    expect(await outcomes).toEqual([timedOut, timedOut]);
    await hasEnded.promise;
  });

  it('is rejected if nested too deeply, ignoring brackets in texts', async () => {
    const deep = await serveLocally((_, response) =>
      response.end(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    );
    expect(await failure(deep)).toMatchObject({ code: 'REPLY_TOO_DEEP' });
    const text = JSON.stringify({ text: `"\\${'['.repeat(1_000)}` });
    const flat = await serveLocally((_, response) => response.end(text));
    expect(await (await send(flat)).text()).toBe(text);
  });

  it.each([
    [
      'a web page',
      'text/html',
      '<!DOCTYPE html><title>Welcome</title>',
      /HTTP 200 with text\/html, beginning "<!DOCTYPE.*\/v1\?$/,
    ],
    ['nothing', 'application/json', '', /HTTP 200 with an empty body\.$/],
    ['an unfinished text', 'application/json', `"${'\\"'.repeat(1_000_000)}`, /beginning "\\"\\\\\\"/],
    ['a text', 'text/plain', 'busy\nnow', /text\/plain, beginning "busy now"\.$/],
  ])('that is not JSON is quoted: %s', async (_, type, body, message) => {
    const url = await serveLocally((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
    const error = await failure(url);
    expect(error).toMatchObject({ code: 'REPLY_NOT_JSON', message: expect.stringMatching(message) });
    expect(classify(error).verdict).toBe('retry');
  });

  it('of an error is returned unchanged', async () => {
    const url = await serveLocally((_, response) => {
      response.writeHead(429, { 'retry-after': '7' });
      response.end('slow down');
    });
    const response = await send(url);
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
      429,
      '7',
      'slow down',
    ]);
  });
});

describe('a status', () => {
  it.each([
    ['999 Request denied', 599],
    ['503 \u4e2d\u6587', 503],
    ['500', 500],
  ])('that is invalid counts as a failure of the server: %s', async (line, status) => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 ${line}\r\ncontent-length: 2\r\n\r\n{}`));
    });
    onTestFinished(() => {
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const response = await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(response.status).toBe(status);
  });
});

describe('headers', () => {
  it('are only those about waiting, bounded and in ASCII', async () => {
    const url = await serveLocally((_, response) => {
      response.writeHead(200, [
        ...['content-type', 'application/json'],
        ...['retry-after', '7'],
        ...['x-ratelimit-remaining-requests', '3'],
        ...['anthropic-ratelimit-tokens-reset', Buffer.from('中 x').toString('latin1')],
        ...['x-request-id', 'r'.repeat(5_000)],
        ...['set-cookie', 'a=b'],
      ]);
      response.end('{}');
    });
    expect(Object.fromEntries((await send(url)).headers)).toEqual({
      'content-type': 'application/json',
      'retry-after': '7',
      'x-ratelimit-remaining-requests': '3',
      'anthropic-ratelimit-tokens-reset': 'x',
      'x-request-id': 'r'.repeat(200),
    });
  });
});

describe('a redirect', () => {
  it('to the same server is not followed', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serveLocally((request, response) => {
      asked.push(request.url);
      response.writeHead(308, { location: '/elsewhere' }).end('x'.repeat(1_000_000));
    });
    const error = await failure(url);
    expect(error).toMatchObject({
      code: 'REPLY_REDIRECTED',
      message: expect.stringContaining('another address'),
    });
    expect(classify(error).verdict).toBe('never');
    expect(asked).toEqual(['/']);
  });
});
