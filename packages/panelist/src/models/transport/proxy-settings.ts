import { PanelistError } from '../../panelist-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxies that the environment sets; an empty text if it sets none. */
export interface ProxySettings {
  /** For `http://` addresses, and for `https://` if there is no `httpsProxy`. */
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Hosts that are reached directly, as `NO_PROXY` lists them. */
  readonly noProxy: string;
}

export const NO_PROXIES: ProxySettings = { httpProxy: '', httpsProxy: '', noProxy: '' };

/**
 * Reads `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. The lower-case names come first, as in curl; an empty one overrides the
 * other.
 *
 * @throws PanelistError `USAGE` for a proxy that is not an HTTP proxy's address
 */
export function readProxySettings(env: Environment): ProxySettings {
  return {
    httpProxy: proxyAddress('HTTP_PROXY', env),
    httpsProxy: proxyAddress('HTTPS_PROXY', env),
    noProxy: (env.no_proxy ?? env.NO_PROXY ?? '').trim(),
  };
}

/** The passwords of the proxies, for what must not appear anywhere. */
export function proxyPasswords({ httpProxy, httpsProxy }: ProxySettings): string[] {
  return [httpProxy, httpsProxy].flatMap((address) => {
    const password = URL.parse(address)?.password ?? '';
    return password === '' ? [] : [password, decodeURIComponent(password)];
  });
}

function proxyAddress(name: string, env: Environment): string {
  const lower = name.toLowerCase();
  const value = (env[lower] ?? env[name] ?? '').trim();
  if (value === '') return '';
  // Without a scheme it is an HTTP proxy, as in curl.
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`);
  if (url === null || !/^https?:$/.test(url.protocol) || !isDecodable(url)) {
    throw new PanelistError(
      'USAGE',
      `${env[lower] === undefined ? name : lower} must be the address of an HTTP proxy such as http://proxy.example:8080. Its value is not repeated here, since it may hold a password. Correct it, or unset it.`,
    );
  }
  return url.href;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}
