import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type TestServer, testServer } from './testing/test-server.ts';

let at: TestServer;
beforeAll(async () => {
  at = await testServer({ env: { PANELIST_TOKEN: 'a-token-of-some-length' } });
});
/** Until the process that runs tasks has started. */
const soon = { timeout: 60_000, interval: 100 };
afterAll(() => at[Symbol.asyncDispose]());

const authorized = { headers: { Authorization: 'Bearer a-token-of-some-length' } };

it('lists the process that runs tasks, as soon as it is ready', async () => {
  const workers = await vi.waitFor(async () => {
    const found = await at.json('/api/workers', authorized);
    expect(found.workers).not.toEqual([]);
    return found.workers;
  }, soon);
  expect(workers).toEqual([
    expect.objectContaining({
      role: 'server',
      pid: at.server.runProcesses[0],
      state: 'working',
      inFlight: 0,
      taskIds: [],
      jobs: null,
      startedAt: expect.stringMatching(/^\d{4}-/),
    }),
  ]);
  expect((await at.request('/api/workers')).status).toBe(401);
});

it('answers probes without a login, and metrics with one', async () => {
  for (const path of ['/livez', '/readyz']) {
    const response = await fetch(`${at.server.url}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/plain');
  }
  expect((await at.request('/metrics')).status).toBe(401);
  const text = await vi.waitFor(async () => {
    const response = await at.request('/metrics', authorized);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    const all = await response.text();
    expect(all).toContain('panelist_items_in_flight 0\n');
    return all;
  }, soon);
  expect(text).toContain('process_resident_memory_bytes');
});
