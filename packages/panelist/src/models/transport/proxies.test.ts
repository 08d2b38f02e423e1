import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { classify } from '@panelist/toolkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChatReply } from '../chat-model.ts';
import { openModel } from '../open-model.ts';
import { completion, listenLocally, serveJson, serveLocally } from '../testing/local-server.ts';
import { localhostCertificate } from '../testing/localhost-certificate.ts';

const KEY = 'a-very-secret-key';

interface Proxy {
  readonly url: string;
  /** The first line of each request, without the HTTP version. */
  readonly asked: readonly string[];
  readonly headers: readonly IncomingMessage['headers'][];
}

/** A proxy that passes on what it is asked, by absolute address and by CONNECT, or answers everything with `status`. */
async function startProxy(status?: number): Promise<Proxy> {
  const asked: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    headers.push(incoming.headers);
    if (status !== undefined) {
      outgoing.writeHead(status).end();
      return;
    }
    const onward = httpRequest(incoming.url ?? '', { method: incoming.method, headers: incoming.headers });
    onward.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    headers.push(incoming.headers);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const onward = connect(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onTestFinished(() => {
      onward.destroy();
    });
  });
  return { url: await listenLocally(server), asked, headers };
}

/** Serves a completion over HTTPS as `localhost`, which this process trusts until the test ends. */
async function serveSecurely(): Promise<{
  readonly host: string;
  readonly received: IncomingMessage['headers'][];
}> {
  const received: IncomingMessage['headers'][] = [];
  const server = createHttpsServer(localhostCertificate, (incoming, response) => {
    received.push(incoming.headers);
    incoming.resume();
    response.end(JSON.stringify(completion({ content: 'secure' })));
  });
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, localhostCertificate.cert]);
  onTestFinished(() => setDefaultCACertificates(trusted));
  await listenLocally(server);
  return { host: `localhost:${(server.address() as AddressInfo).port}`, received };
}

async function ask(baseUrl: string, env: Readonly<Record<string, string>>): Promise<ChatReply> {
  const { model } = await openModel('openai-compatible/m', {
    baseUrl,
    env: { ...env, OPENAI_COMPATIBLE_API_KEY: KEY },
  });
  const request = { messages: [{ role: 'user', content: 'x' }], replySchema: null } as const;
  return model.reply(request, { signal: new AbortController().signal });
}

const failureOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: Error) => error,
  );

describe('a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('in %s is used for addresses without TLS', async (name) => {
    const { url, received } = await serveJson(completion({ content: 'fine' }));
    const proxy = await startProxy();
    const login = proxy.url.replace('//', '//me:pass%2Fword@');
    expect(await ask(url, { [name]: login })).toMatchObject({ text: 'fine' });
    expect(proxy.asked).toEqual([`POST ${url}/chat/completions`]);
    const basic = `Basic ${Buffer.from('me:pass/word').toString('base64')}`;
    expect(proxy.headers[0]).toMatchObject({ 'proxy-authorization': basic, authorization: `Bearer ${KEY}` });
    expect(received).toHaveLength(1);
  });

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])(
    'in %s is used as a tunnel for addresses with TLS, and never sees the key',
    async (name) => {
      const { host, received } = await serveSecurely();
      const proxy = await startProxy();
      const login = proxy.url.replace('//', '//me:pass-word@');
      expect(await ask(`https://${host}/v1`, { [name]: login })).toMatchObject({ text: 'secure' });
      expect(proxy.asked).toEqual([`CONNECT ${host}`]);
      expect(JSON.stringify(proxy.headers)).not.toContain(KEY);
      expect(proxy.headers[0]).toHaveProperty('proxy-authorization');
      expect(received).toEqual([expect.objectContaining({ authorization: `Bearer ${KEY}` })]);
      expect(received[0]).not.toHaveProperty('proxy-authorization');
    },
  );

  it('can be named without a scheme, and the lower-case variable has precedence', async () => {
    const { url } = await serveJson(completion({ content: 'fine' }));
    const [proxy, other] = [await startProxy(), await startProxy()];
    await ask(url, { http_proxy: proxy.url.replace('http://', ''), HTTP_PROXY: other.url });
    expect([proxy.asked.length, other.asked.length]).toEqual([1, 0]);
    await ask(url, { http_proxy: '', HTTP_PROXY: other.url });
    expect([proxy.asked.length, other.asked.length]).toEqual([1, 0]);
  });

  it.each([
    ['NO_PROXY', '127.0.0.1', true],
    ['no_proxy', 'example.com, 127.0.0.1', true],
    ['NO_PROXY', '127.0.0.1:PORT', true],
    ['NO_PROXY', '*', true],
    ['NO_PROXY', '127.0.0.1:1', false],
    ['NO_PROXY', 'example.com', false],
  ])('is not used if %s=%s covers the host', async (name, list, isDirect) => {
    const { url, received } = await serveJson(completion({ content: 'fine' }));
    const proxy = await startProxy();
    await ask(url, { HTTP_PROXY: proxy.url, [name]: list.replace('PORT', new URL(url).port) });
    expect(proxy.asked).toHaveLength(isDirect ? 0 : 1);
    expect(received).toHaveLength(1);
  });

  it.each([
    [407, /wants a user name and a password/, 'never'],
    [403, /HTTP 403\. Check HTTPS_PROXY/, 'never'],
    [502, /HTTP 502/, 'retry'],
  ])('that answers %d is named in the error', async (status, message, verdict) => {
    const proxy = await startProxy(status);
    const error = await failureOf(ask('https://localhost:1/v1', { HTTPS_PROXY: proxy.url }));
    expect(error.message).toMatch(message);
    expect(classify(error)).toMatchObject({ status, verdict });
  });

  it('that requires a login is named in the error, also without a tunnel', async () => {
    const proxy = await startProxy(407);
    const error = await failureOf(ask('http://localhost:1/v1', { HTTP_PROXY: proxy.url }));
    expect(error.message).toMatch(/wants a user name and a password/);
    expect(classify(error).verdict).toBe('never');
  });

  it('that is down counts as a failure of the network', async () => {
    for (const scheme of ['http', 'https']) {
      const error = await failureOf(ask(`${scheme}://localhost:1/v1`, { HTTP_PROXY: 'http://127.0.0.1:9' }));
      expect(classify(error)).toMatchObject({ kind: 'network', verdict: 'retry' });
    }
  });

  it.each([
    'socks5://me:pass-word@x:1',
    'http://me:pass-word@',
    'me:pass-word@x:y',
    'http://me:pass-word%@x:1',
  ])('that does not use HTTP is rejected without printing its password: %s', async (address) => {
    const error = await failureOf(ask('http://localhost:1/v1', { HTTPS_PROXY: address }));
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^HTTPS_PROXY must/) });
    expect(error.message).not.toContain('pass-word');
  });

  it('is not used for the simulator', async () => {
    const proxy = await startProxy();
    process.env.HTTP_PROXY = proxy.url;
    onTestFinished(() => {
      delete process.env.HTTP_PROXY;
    });
    const { model, close } = await openModel('simulator');
    const request = { messages: [{ role: 'user', content: 'x' }], replySchema: null } as const;
    await model.reply(request, { signal: new AbortController().signal });
    await close();
    expect(proxy.asked).toEqual([]);
  });

  it('has its password removed from the provider’s replies', async () => {
    const { url } = await serveJson(completion({ content: 'It is pass/word, or pass%2Fword.' }));
    const proxy = await startProxy();
    const reply = await ask(url, { HTTP_PROXY: proxy.url.replace('//', '//me:pass%2Fword@') });
    expect(reply.text).toBe('It is [redacted], or [redacted].');
  });
});

describe('connections', () => {
  it('reach a server on the IPv6 loopback', async ({ skip }) => {
    const served = await serveJson(completion({ content: 'six' }), { host: '::1' }).catch((error: unknown) =>
      skip(`this machine has no IPv6 loopback: ${String(error)}`),
    );
    expect(served.url).toMatch(/^http:\/\/\[::1\]:\d+\/v1$/);
    expect(await ask(served.url, {})).toMatchObject({ text: 'six' });
    const proxy = await startProxy();
    expect(await ask(served.url, { HTTP_PROXY: proxy.url, NO_PROXY: '::1' })).toMatchObject({ text: 'six' });
    expect(proxy.asked).toEqual([]);
  });

  it('are one per concurrent call, and stay open', async () => {
    let connections = 0;
    let atOnce = 0;
    let most = 0;
    const server = createServer((incoming, response) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      incoming.resume().on('end', () =>
        setImmediate(() => {
          atOnce -= 1;
          response.end(JSON.stringify(completion({ content: 'x' })));
        }),
      );
    });
    server.on('connection', () => {
      connections += 1;
    });
    const url = `${await listenLocally(server)}/v1`;
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 20 }, () => ask(url, {})));
    expect(most).toBeGreaterThan(10);
    expect(connections).toBeLessThanOrEqual(20);
  });

  it('that are not accepted end with the call', async () => {
    const controller = new AbortController();
    const hasArrived = Promise.withResolvers<void>();
    const url = await serveLocally(() => hasArrived.resolve());
    const { model } = await openModel('openai-compatible/m', { baseUrl: url, env: {} });
    const request = { messages: [{ role: 'user', content: 'x' }], replySchema: null } as const;
    const failed = failureOf(model.reply(request, { signal: controller.signal }));
    await hasArrived.promise;
    const reason = new Error('called off');
    controller.abort(reason);
    expect(await failed).toBe(reason);
  });
});
