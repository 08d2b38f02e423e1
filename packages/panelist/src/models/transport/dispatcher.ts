import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { ProxySettings } from './proxy-settings.ts';

/**
 * Silence before or within a reply, milliseconds. Only a last resort, for callers without a limit of their own: the
 * limit of an attempt is shorter and covers the whole reply.
 */
const LONGEST_SILENCE_MS = 600_000;

const dispatchers = new Map<string, Dispatcher>();

/**
 * What all calls of this process go through, one for each set of proxies. It opens as many connections to a server as
 * there are calls at once, and keeps them alive between calls: for as long as the server says, or 4 s, since some close
 * them after 5. Idle ones do not keep the process from ending.
 */
export function dispatcherFor(proxies: ProxySettings): Dispatcher {
  const key = JSON.stringify(proxies);
  const known = dispatchers.get(key);
  if (known !== undefined) return known;
  // All three are given, or it would read `process.env` by itself.
  const dispatcher = new EnvHttpProxyAgent({
    ...proxies,
    // A call is one connection: over HTTP/2 they would share one, and fail with it.
    allowH2: false,
    proxyTls: { allowH2: false },
    headersTimeout: LONGEST_SILENCE_MS,
    bodyTimeout: LONGEST_SILENCE_MS,
  });
  dispatchers.set(key, dispatcher);
  return dispatcher;
}
