import { createHash, timingSafeEqual } from 'node:crypto';
import { PanelistError } from '../../panelist-error.ts';

export type Role = 'full' | 'read';

export interface User {
  readonly name: string;
  readonly role: Role;
  /** Only this task may be read: a shared link. @default all */
  readonly taskId?: string | undefined;
}

interface KnownUser extends User {
  readonly hash: Buffer;
}

/** Where nobody needs to log in: the operator, on a loopback address. */
export const OPERATOR: User = { name: 'operator', role: 'full' };

const MIN_TOKEN_CHARS = 16;

/**
 * Who may use the server, by the tokens of the environment: `PANELIST_TOKEN` (everything), `PANELIST_READ_TOKEN` (read only),
 * and `PANELIST_USERS`, as in `ann:full:TOKEN,bob:read:TOKEN`. Only hashes are remembered.
 */
export class Users {
  readonly #users: readonly KnownUser[];

  private constructor(users: readonly KnownUser[]) {
    this.#users = users;
  }

  /** @throws PanelistError `USAGE`, without repeating a token */
  static fromEnvironment(env: Readonly<Record<string, string | undefined>>): Users {
    const users: KnownUser[] = [];
    const add = (variable: string, name: string, role: Role, token: string): void => {
      if (token.length < MIN_TOKEN_CHARS)
        throw new PanelistError(
          'USAGE',
          `A token in ${variable} has fewer than ${MIN_TOKEN_CHARS} characters, which can be guessed: make a longer one.`,
        );
      users.push({ name, role, hash: hashOf(token) });
    };
    const { PANELIST_TOKEN, PANELIST_READ_TOKEN, PANELIST_USERS } = env;
    if (PANELIST_TOKEN) add('PANELIST_TOKEN', 'operator', 'full', PANELIST_TOKEN);
    if (PANELIST_READ_TOKEN) add('PANELIST_READ_TOKEN', 'reader', 'read', PANELIST_READ_TOKEN);
    for (const entry of PANELIST_USERS?.split(',') ?? []) {
      const [name = '', role = '', ...token] = entry.trim().split(':');
      if (!/^[\w.@-]{1,64}$/.test(name) || (role !== 'full' && role !== 'read'))
        throw new PanelistError(
          'USAGE',
          'PANELIST_USERS must be written as in ann:full:TOKEN,bob:read:TOKEN.',
        );
      add('PANELIST_USERS', name, role, token.join(':'));
    }
    return new Users(users);
  }

  /** Whether anybody must log in. */
  get areKnown(): boolean {
    return this.#users.length > 0;
  }

  /** Whether tasks have owners: users with full rights change their own only. */
  get areSeveral(): boolean {
    return this.#users.filter(({ role }) => role === 'full').length > 1;
  }

  /** All tokens are compared, each in constant time: the answer's time says nothing. */
  find(token: string): User | undefined {
    const hash = hashOf(token);
    let found: User | undefined;
    for (const { hash: known, name, role } of this.#users)
      if (timingSafeEqual(known, hash)) found = { name, role };
    return found;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
