import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { cutAt } from '../../text/shortened.ts';
import type { AccessEnv } from '../access/access.ts';
import { ServerError } from '../errors/server-error.ts';
import { problemResponses } from '../schemas/problem-responses.ts';

/** A prompt of a preview is shown up to so many characters. */
const MAX_PROMPT_CHARS = 20_000;
/** Findings that a page lists. */
const MAX_FINDINGS = 500;

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

/** The findings of a check that a page lists. */
export function shownFindings<Finding>(findings: readonly Finding[]): Finding[] {
  return findings.slice(0, MAX_FINDINGS);
}

/** The messages of a preview's prompt, each cut to what a page shows. */
export function previewPrompt(
  messages: readonly { readonly role: string; readonly content: string }[],
): { role: string; content: string }[] {
  return messages.map(({ role, content }) => ({ role, content: cutAt(content, MAX_PROMPT_CHARS) }));
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}
