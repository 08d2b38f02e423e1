import { createRoute, z } from '@hono/zod-openapi';
import { PanelistError } from '../../panelist-error.ts';
import type { Access } from '../access/access.ts';
import type { ServerContext } from '../context.ts';
import { taskIdText } from '../schemas/tasks.ts';
import { answers, jsonBody, resource } from './route-parts.ts';

const MAX_DAYS = 90;

const share = createRoute({
  method: 'post',
  path: '/shares',
  operationId: 'shareTask',
  tags: ['shares'],
  summary: 'Make a read-only link to one task, which expires',
  description: 'It ends with the server, unless the operator sets PANELIST_SHARE_KEY.',
  request: {
    body: jsonBody(
      z.strictObject({ taskId: taskIdText, days: z.number().positive().max(MAX_DAYS).default(7) }),
    ),
  },
  responses: answers(
    z.object({ path: z.string(), expiresAt: z.string() }).openapi('ShareLink'),
    'The path of the page, to append to the address of the server.',
  ),
});

export function shareRoutes({ views }: ServerContext, access: Access) {
  return resource().openapi(share, async (c) => {
    const { taskId, days } = c.req.valid('json');
    const [task] = await views.find([taskId]);
    if (task === undefined)
      throw new PanelistError('TASK_NOT_FOUND', `There is no task ${JSON.stringify(taskId)}.`);
    const { token, expiresAt } = access.share(taskId, days * 86_400_000);
    // After the hash, which a browser sends to nobody: it stays out of logs and of Referer.
    return c.json({ path: `/share#${token}`, expiresAt }, 200);
  });
}
