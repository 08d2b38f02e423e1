import type { MiddlewareHandler } from 'hono';
import { ServerError } from '../errors/server-error.ts';

/** What a form of another page cannot send, and a script of one only after the server has agreed, which it never does. */
export const MARKER = 'Panelist-Request';

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export interface OriginRules {
  /** Exact, as in `Host`: `127.0.0.1:4500`, `localhost:4500`, `survey.example.org`. */
  readonly hosts: readonly string[];
}

/**
 * Refuses requests under another name than the server's own (DNS rebinding), of another page's origin, and changes without
 * the marker and a content type that only a script can send.
 *
 * @throws ServerError `ORIGIN_REFUSED`, `MARKER_MISSING`, `CONTENT_TYPE`
 */
export function checkOrigin({ hosts }: OriginRules): MiddlewareHandler {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return async (c, next) => {
    const host = c.req.header('Host')?.toLowerCase();
    if (host === undefined || !allowed.has(host))
      throw new ServerError(
        'ORIGIN_REFUSED',
        'The server does not answer under this name. Its operator can add one with --host-name.',
      );
    const origin = c.req.header('Origin');
    if (origin !== undefined && !isOwn(origin, host))
      throw new ServerError('ORIGIN_REFUSED', 'The request comes from a page of another server.');
    const site = c.req.header('Sec-Fetch-Site');
    // Another port of this machine is of the same site.
    if ((site === 'cross-site' || site === 'same-site') && c.req.path.startsWith('/api/'))
      throw new ServerError('ORIGIN_REFUSED', 'The request comes from a page of another server.');
    if (CHANGES.has(c.req.method)) {
      if (c.req.header(MARKER) !== '1')
        throw new ServerError(
          'MARKER_MISSING',
          `A request that changes something needs the header ${MARKER}: 1.`,
        );
      checkContentType(c.req.header('Content-Type'));
    }
    await next();
  };
}

function isOwn(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`;
}

function checkContentType(header: string | undefined): void {
  const type = header?.split(';')[0]?.trim().toLowerCase();
  // A request without a body may have none.
  if (type === undefined || type === 'application/json' || type === 'application/octet-stream') return;
  throw new ServerError(
    'CONTENT_TYPE',
    'The content type must be application/json, or application/octet-stream for a file.',
  );
}
