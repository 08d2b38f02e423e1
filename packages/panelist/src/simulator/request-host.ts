import { isIP } from 'node:net';

/**
 * Whether a request's `Host` header is `localhost`, an IP address, or the name that the simulator listens on. A web page
 * can have a name of its own resolve to this machine, and would then reach the simulator under that name.
 */
export function isAllowedHost(header: string | undefined, listensOn: string): boolean {
  // Only HTTP/1.0, which no browser speaks, leaves it out.
  if (header === undefined) return true;
  const name = header
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name === listensOn.toLowerCase() || isIP(name) !== 0;
}
