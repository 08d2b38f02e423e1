import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type ProbeSources, probeListener } from './probes.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function ask(sources: Partial<ProbeSources>, path: string, method = 'GET') {
  server = createServer(
    probeListener({
      notReady: async () => null,
      metrics: async () => ({ type: 'text/x-metrics', text: 'a 1\n' }),
      ...sources,
    }),
  );
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  const answer = { status: response.status, type: response.headers.get('content-type') };
  return { ...answer, body: await response.text() };
}

it('says that the process lives, whether it takes work, and what it counts', async () => {
  expect(await ask({}, '/livez')).toMatchObject({ status: 200, body: 'ok\n' });
  expect(await ask({}, '/readyz')).toMatchObject({ status: 200, body: 'ready\n' });
  expect(await ask({ notReady: async () => 'draining' }, '/readyz?verbose')).toMatchObject({
    status: 503,
    body: 'draining\n',
  });
  expect(await ask({}, '/metrics')).toEqual({ status: 200, type: 'text/x-metrics', body: 'a 1\n' });
  expect(await ask({}, '/other')).toMatchObject({ status: 404 });
  expect(await ask({}, '/livez', 'POST')).toMatchObject({ status: 405 });
  expect(await ask({}, '/livez', 'HEAD')).toMatchObject({ status: 200, body: '' });
});

it('tells nothing of an error but its code', async () => {
  const failing = () =>
    Promise.reject(Object.assign(new Error('postgres://ann:hush@db'), { code: 'STORE_BUSY' }));
  expect(await ask({ notReady: failing }, '/readyz')).toMatchObject({ status: 503, body: 'STORE_BUSY\n' });
  const metrics = await ask({ metrics: failing }, '/metrics');
  expect(metrics.status).toBe(503);
  expect(metrics.body).not.toContain('hush');
});
