import { OpenAPIHono } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { problemResponses } from '../errors/problem-details.ts';
import { Access, type AccessEnv } from './access.ts';
import { checkOrigin } from './request-origin.ts';
import { Sessions, ShareLinks } from './sessions.ts';
import { Users } from './users.ts';

const FULL = 'full-token-of-the-operator';
const READ = 'read-token-of-a-colleague';
const HOST = '127.0.0.1:4500';

function app(env: Readonly<Record<string, string>> = {}, now: () => number = Date.now) {
  const access = new Access({
    users: Users.fromEnvironment(env),
    sessions: new Sessions(now),
    shares: new ShareLinks(Buffer.from('key'), now),
    isHttps: false,
    cookie: () => 'session',
  });
  const hono = new OpenAPIHono<AccessEnv>();
  hono.onError(problemResponses(() => {}));
  hono.use(checkOrigin({ hosts: [HOST, 'localhost:4500'] }));
  hono.use('/api/*', access.check);
  hono.post('/api/session', async (c) => {
    const { token } = await c.req.json();
    return c.json(access.login(c, token));
  });
  hono.all('*', (c) => c.json({ user: c.get('user') }));
  const request = (path: string, { headers = {}, ...init }: RequestInit = {}) =>
    hono.request(`http://${HOST}${path}`, { ...init, headers: { Host: HOST, ...headers } });
  const login = (token: string) =>
    request('/api/session', {
      method: 'POST',
      headers: { 'Panelist-Request': '1', 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
    });
  return { access, request, login };
}

const change = { method: 'POST', headers: { 'Panelist-Request': '1', 'Content-Type': 'application/json' } };
const codeOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { readonly code: string }).code,
];

describe('the origin of a request', () => {
  it.each(['evil.example', '127.0.0.1', '127.0.0.1:4501', `${HOST}.evil.example`, ''])(
    'must be under a name of the server: %j is refused, also for reading and for the page',
    async (host) => {
      const { request } = app();
      for (const path of ['/api/tasks', '/', '/api/events'])
        expect(await codeOf(await request(path, { headers: { Host: host } }))).toEqual([
          403,
          'ORIGIN_REFUSED',
        ]);
    },
  );

  it.each(['http://evil.example', 'null', `http://${HOST}.evil.example`, 'http://127.0.0.1:4501'])(
    'must not be a page of another server: %s',
    async (origin) => {
      const { request } = app();
      const headers = { ...change.headers, Origin: origin };
      expect(await codeOf(await request('/api/tasks', { headers }))).toEqual([403, 'ORIGIN_REFUSED']);
      expect(await codeOf(await request('/api/tasks', { ...change, headers }))).toEqual([
        403,
        'ORIGIN_REFUSED',
      ]);
    },
  );

  it('may be the page of the server itself, and a program without one', async () => {
    const { request } = app();
    expect((await request('/api/tasks', { headers: { Origin: `http://${HOST}` } })).status).toBe(200);
    expect((await request('/api/tasks')).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'is proved for %s by a header that a form of another page cannot send',
    async (method) => {
      const { request } = app();
      expect(await codeOf(await request('/api/tasks', { method }))).toEqual([403, 'MARKER_MISSING']);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
      ])
        expect(
          await codeOf(
            await request('/api/tasks', {
              method,
              headers: { 'Panelist-Request': '1', 'Content-Type': type },
            }),
          ),
        ).toEqual([415, 'CONTENT_TYPE']);
      expect((await request('/api/tasks', { ...change, method })).status).toBe(200);
    },
  );
});

describe('a server without tokens', () => {
  it('knows everybody as its operator: only this machine can reach it', async () => {
    const { request } = app();
    expect(await (await request('/api/tasks')).json()).toEqual({ user: { name: 'operator', role: 'full' } });
  });
});

describe('a server with tokens', () => {
  const env = { PANELIST_TOKEN: FULL, PANELIST_READ_TOKEN: READ };

  it('answers nothing without one but the login itself', async () => {
    const { request } = app(env);
    for (const path of ['/api/tasks', '/api/events', '/api/tasks/task_1/answers', '/api/models'])
      expect(await codeOf(await request(path))).toEqual([401, 'LOGIN_REQUIRED']);
    expect((await request('/api/openapi.json')).status).toBe(200);
    expect((await request('/')).status).toBe(200);
  });

  it('opens a session whose cookie no script can read and no other page can use', async () => {
    const { request, login } = app(env);
    const cookie = (await login(FULL)).headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly(;|$)/);
    expect(cookie).toMatch(/; SameSite=Strict(;|$)/);
    expect(cookie).not.toContain(FULL);
    const headers = { Cookie: cookie.split(';')[0]! };
    expect(await (await request('/api/tasks', { headers })).json()).toMatchObject({ user: { role: 'full' } });
    const made = headers.Cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await request('/api/tasks', { headers: { Cookie: made } })).status).toBe(401);
  });

  it('takes a token in the header Authorization, as a program sends it', async () => {
    const { request } = app(env);
    const headers = { Authorization: `Bearer ${FULL}` };
    expect((await request('/api/tasks', { headers })).status).toBe(200);
    expect((await request('/api/tasks', { headers: { Authorization: `Bearer ${FULL}x` } })).status).toBe(401);
  });

  it('lets a reader read, and change nothing, whatever the path', async () => {
    const { request } = app(env);
    const headers = { Authorization: `Bearer ${READ}` };
    expect((await request('/api/tasks', { headers })).status).toBe(200);
    for (const [method, path] of [
      ['POST', '/api/surveys'],
      ['POST', '/api/surveys/check'],
      ['DELETE', '/api/tasks/task_1'],
      ['PATCH', '/api/tasks/task_1/limits'],
      ['POST', '/api/shares'],
      ['PUT', '/api/anything'],
    ] as const)
      expect(
        await codeOf(await request(path, { method, headers: { ...change.headers, ...headers } })),
      ).toEqual([403, 'READ_ONLY']);
  });

  it('makes an address wait after five failed logins, also one with the right token then', async () => {
    let now = 1_000_000;
    const { login } = app(env, () => now);
    for (let count = 0; count < 5; count++)
      expect(await codeOf(await login('a wrong token, again'))).toEqual([401, 'LOGIN_FAILED']);
    expect(await codeOf(await login(FULL))).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    now += 60_001;
    expect((await login(FULL)).status).toBe(200);
  });

  it('ends a session after twelve hours', async () => {
    let now = 1_000_000;
    const { request, login } = app(env, () => now);
    const headers = { Cookie: (await login(FULL)).headers.get('Set-Cookie')!.split(';')[0]! };
    now += 12 * 3_600_000 - 1;
    expect((await request('/api/tasks', { headers })).status).toBe(200);
    now += 2;
    expect((await request('/api/tasks', { headers })).status).toBe(401);
  });
});

describe('a shared link', () => {
  it('shows its own task and nothing else, until it expires', async () => {
    let now = 1_000_000;
    const { access, request, login } = app({ PANELIST_TOKEN: FULL }, () => now);
    const { token } = access.share('task_1', 60_000);
    const headers = { Cookie: (await login(token)).headers.get('Set-Cookie')!.split(';')[0]! };
    for (const path of ['/api/tasks/task_1', '/api/tasks/task_1/answers'])
      expect((await request(path, { headers })).status).toBe(200);
    for (const path of [
      '/api/tasks',
      '/api/tasks/task_2',
      '/api/tasks/task_11',
      '/api/focus-groups',
      '/api/models',
    ])
      expect(await codeOf(await request(path, { headers }))).toEqual([403, 'READ_ONLY']);
    const changed = { method: 'DELETE', headers: { ...change.headers, ...headers } };
    expect((await request('/api/tasks/task_1', changed)).status).toBe(403);
    now += 60_001;
    expect((await request('/api/tasks/task_1', { headers })).status).toBe(401);
    expect((await login(token)).status).toBe(401);
  });

  it('cannot be changed to another task or a later end', async () => {
    const { access, login } = app({ PANELIST_TOKEN: FULL });
    const { token } = access.share('task_1', 60_000);
    const [, until = '', signature = ''] = token.split('.');
    for (const forged of [
      `task_2.${until}.${signature}`,
      `task_1.${Number(until) + 1}.${signature}`,
      'x',
      '..',
    ])
      expect((await login(forged)).status).toBe(401);
  });
});

describe('users', () => {
  it('change their own tasks only, where there are several', () => {
    const several = app({
      PANELIST_USERS: 'ann:full:the-token-of-ann-1,bob:full:the-token-of-bob-1,eve:read:the-token-of-eve-1',
    });
    const user = { name: 'ann', role: 'full' } as const;
    expect(() => several.access.checkOwner(user, 'ann')).not.toThrow();
    expect(() => several.access.checkOwner(user, null)).not.toThrow();
    expect(() => several.access.checkOwner(user, 'bob')).toThrow('belongs to bob');
    expect(() => app({ PANELIST_TOKEN: FULL }).access.checkOwner(user, 'bob')).not.toThrow();
  });

  it.each([
    { PANELIST_TOKEN: 'short' },
    { PANELIST_USERS: 'ann:admin:the-token-of-ann-1' },
    { PANELIST_USERS: 'ann' },
  ])('are refused without repeating a token: %o', (env) => {
    expect(() => Users.fromEnvironment(env)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.not.stringContaining('short,') }),
    );
  });
});
