import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { ServerError } from '../errors/server-error.ts';
import type { Sessions, ShareLinks } from './sessions.ts';
import { OPERATOR, type User, type Users } from './users.ts';

export type AccessEnv = { Variables: { user: User } };

/** What anybody may ask: whether a login is needed, and the page that asks for it. */
const OPEN_PATHS = new Set(['/api/session', '/api/openapi.json']);

export interface AccessOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly shares: ShareLinks;
  /** Whether a browser reaches the server by HTTPS, through a proxy: cookies are then sent over it only. */
  readonly isHttps: boolean;
  /** The name of the session's cookie. Cookies know no port: two servers of one host need two. */
  readonly cookie: () => string;
}

/** Who asks, and what they may. */
export class Access {
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get needsLogin(): boolean {
    return this.#options.users.areKnown;
  }

  /** Whether users may change their own tasks only. */
  get hasOwners(): boolean {
    return this.#options.users.areSeveral;
  }

  /** Sets `user`, and refuses what it may not. */
  readonly check: MiddlewareHandler<AccessEnv> = async (c, next) => {
    const user = this.userOf(c);
    if (user === undefined && !OPEN_PATHS.has(c.req.path))
      throw new ServerError('LOGIN_REQUIRED', 'Log in with a token of the server first.');
    if (user !== undefined) c.set('user', user);
    const isChange = !['GET', 'HEAD'].includes(c.req.method) && c.req.path !== '/api/session';
    if (isChange && user?.role !== 'full')
      throw new ServerError('READ_ONLY', 'You may look at everything here, and change nothing.');
    if (user?.taskId !== undefined && !isOfTask(c.req.path, user.taskId))
      throw new ServerError('READ_ONLY', 'This link shows one task only.');
    await next();
  };

  userOf(c: Context): User | undefined {
    const { users, sessions } = this.#options;
    const found = sessions.find(getCookie(c, this.#options.cookie()));
    if (found !== undefined) return found;
    const bearer = /^Bearer (.+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
    if (bearer !== undefined && users.areKnown) return this.#byToken(c, bearer, 'program');
    return users.areKnown ? undefined : OPERATOR;
  }

  /** @throws ServerError `LOGIN_FAILED`, `TOO_MANY_ATTEMPTS` */
  login(c: Context, token: string): User {
    const shared = this.#options.shares.read(token);
    const user = shared?.user ?? this.#byToken(c, token, 'login');
    const { id, seconds } = this.#options.sessions.open(user, shared?.leftMs);
    setCookie(c, this.#options.cookie(), id, {
      httpOnly: true,
      sameSite: 'Strict',
      secure: this.#options.isHttps,
      path: '/',
      maxAge: seconds,
    });
    return user;
  }

  logout(c: Context): void {
    const id = getCookie(c, this.#options.cookie());
    if (id !== undefined) this.#options.sessions.close(id);
    deleteCookie(c, this.#options.cookie(), { path: '/', secure: this.#options.isHttps });
  }

  share(taskId: string, forMs: number): { readonly token: string; readonly expiresAt: string } {
    return this.#options.shares.make(taskId, forMs);
  }

  /** Where there are several users, each changes their own tasks. @throws ServerError `READ_ONLY` */
  checkOwner({ name }: User, owner: string | null): void {
    if (!this.hasOwners || owner === null || owner === name) return;
    throw new ServerError('READ_ONLY', `This task belongs to ${owner}: only they may change it.`);
  }

  /** @param by counted apart: who guesses at the login keeps no program from its work */
  #byToken(c: Context, token: string, by: 'login' | 'program'): User {
    const { users, sessions, isHttps } = this.#options;
    const address = `${by} ${addressOf(c, isHttps)}`;
    const seconds = sessions.mustWait(address);
    if (seconds > 0)
      throw new ServerError('TOO_MANY_ATTEMPTS', `Too many failed logins. Try again in ${seconds} seconds.`);
    const user = users.find(token);
    if (user !== undefined) return user;
    sessions.failed(address);
    throw new ServerError('LOGIN_FAILED', 'The token is not one of this server.');
  }
}

function isOfTask(path: string, taskId: string): boolean {
  const task = `/api/tasks/${encodeURIComponent(taskId)}`;
  return OPEN_PATHS.has(path) || path === task || path.startsWith(`${task}/`) || path === '/api/events';
}

/** Behind a proxy with HTTPS, what the proxy says it is. In tests there is no connection. */
function addressOf(c: Context, isBehindProxy: boolean): string {
  const forwarded = isBehindProxy ? c.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() : undefined;
  if (forwarded) return forwarded.slice(0, 100);
  try {
    return getConnInfo(c).remote.address ?? '';
  } catch {
    return '';
  }
}
