import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { AccessEnv } from '../access/access.ts';
import { ServerError } from '../errors/server-error.ts';
import { problemResponses } from '../schemas/problem-responses.ts';

/** An app of one resource. What doesn't fit its schemas is refused with the place of each fault. */
export function resource(): OpenAPIHono<AccessEnv> {
  return new OpenAPIHono<AccessEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const faults = result.error.issues
        .slice(0, 20)
        .map(({ path, message }) => `${path.length === 0 ? result.target : path.join('.')}: ${message}`);
      throw new ServerError('REQUEST_INVALID', `The request is not valid. ${faults.join('; ')}`);
    },
  });
}

/** The answers of a route: its own, and problems. */
export function answers<Schema extends z.ZodType>(schema: Schema, description: string) {
  return {
    200: { description, content: { 'application/json': { schema } } },
    ...problemResponses,
  } as const;
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}
