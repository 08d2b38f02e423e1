import { createRoute, z } from '@hono/zod-openapi';
import { VERSION } from '../../version.ts';
import type { Access } from '../access/access.ts';
import type { ServerContext } from '../context.ts';
import { answers, jsonBody, resource } from './route-parts.ts';

const session = z
  .object({
    /** `null` until somebody has logged in. */
    user: z.string().nullable(),
    role: z.enum(['full', 'read']).nullable(),
    /** The only task that a shared link shows. */
    taskId: z.string().nullable(),
    needsLogin: z.boolean(),
    /** Whether there is a login to end. */
    canLogOut: z.boolean(),
    version: z.string(),
    /** Another one after a restart of the server. */
    instance: z.string(),
  })
  .openapi('Session');

const read = createRoute({
  method: 'get',
  path: '/session',
  operationId: 'readSession',
  tags: ['session'],
  summary: 'Who asks, and what they may',
  responses: answers(session, 'The session.'),
});

const login = createRoute({
  method: 'post',
  path: '/session',
  operationId: 'login',
  tags: ['session'],
  summary: 'Log in with a token, or with that of a shared link',
  request: { body: jsonBody(z.strictObject({ token: z.string().min(1).max(500) })) },
  responses: answers(session, 'The session; a cookie holds it.'),
});

const logout = createRoute({
  method: 'delete',
  path: '/session',
  operationId: 'logout',
  tags: ['session'],
  summary: 'Log out',
  responses: answers(session, 'The session.'),
});

export function sessionRoutes({ instance }: ServerContext, access: Access) {
  const view = (user: ReturnType<Access['userOf']>): z.infer<typeof session> => ({
    user: user?.name ?? null,
    role: user?.role ?? null,
    taskId: user?.taskId ?? null,
    needsLogin: user === undefined,
    canLogOut: user !== undefined && access.needsLogin,
    version: VERSION,
    instance,
  });
  return resource()
    .openapi(read, (c) => c.json(view(access.userOf(c)), 200))
    .openapi(login, (c) => c.json(view(access.login(c, c.req.valid('json').token)), 200))
    .openapi(logout, (c) => {
      access.logout(c);
      return c.json(view(access.needsLogin ? undefined : access.userOf(c)), 200);
    });
}
