import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { User } from './users.ts';

const SESSION_MS = 12 * 3_600_000;
const MAX_SESSIONS = 10_000;
/** Of shared links, apart: whoever has one could end everybody's sessions. */
const MAX_GUEST_SESSIONS = 2_000;
/** Failed logins of one address until it must wait, and how long. */
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;

/** The sessions of pages that have logged in: the cookie holds a random id, and the server what it stands for. */
export class Sessions {
  readonly #sessions = new Map<string, { readonly user: User; readonly until: number }>();
  readonly #failures = new Map<string, { count: number; until: number }>();
  readonly #now: () => number;

  /** @param now milliseconds since 1970. @default Date.now */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @returns the value of the cookie */
  open(user: User, forMs: number = SESSION_MS): { readonly id: string; readonly seconds: number } {
    const isGuest = (each: User): boolean => each.taskId !== undefined;
    const alike = [...this.#sessions].filter(([, each]) => isGuest(each.user) === isGuest(user));
    let left = alike.length;
    for (const [id, { until }] of alike) {
      if (until > this.#now() && left < (isGuest(user) ? MAX_GUEST_SESSIONS : MAX_SESSIONS)) continue;
      this.#sessions.delete(id);
      left -= 1;
    }
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, { user, until: this.#now() + forMs });
    return { id, seconds: Math.floor(forMs / 1_000) };
  }

  find(id: string | undefined): User | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    return session !== undefined && session.until > this.#now() ? session.user : undefined;
  }

  close(id: string): void {
    this.#sessions.delete(id);
  }

  /** Seconds until the address may try again; 0 for now. */
  mustWait(address: string): number {
    const failures = this.#failures.get(address);
    if (failures === undefined || failures.until <= this.#now() || failures.count < MAX_FAILURES) return 0;
    return Math.ceil((failures.until - this.#now()) / 1_000);
  }

  failed(address: string): void {
    const before = this.#failures.get(address);
    const count = before !== undefined && before.until > this.#now() ? before.count + 1 : 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, until: this.#now() + FAILURE_WINDOW_MS });
    for (const other of this.#failures.keys()) {
      if (this.#failures.size <= MAX_ADDRESSES) break;
      this.#failures.delete(other);
    }
  }
}

/** Links that show one task to whoever has them, until they expire. Signed, so that nothing needs to be remembered. */
export class ShareLinks {
  readonly #key: Buffer;
  readonly #now: () => number;

  /** @param key links of another key are not valid: with a new one on each start they end with the server */
  constructor(key: Buffer = randomBytes(32), now: () => number = Date.now) {
    this.#key = key;
    this.#now = now;
  }

  make(taskId: string, forMs: number): { readonly token: string; readonly expiresAt: string } {
    const until = this.#now() + forMs;
    const text = `${taskId}.${until}`;
    return { token: `${text}.${this.#sign(text)}`, expiresAt: new Date(until).toISOString() };
  }

  /** The user that such a link stands for; `undefined` for one that is not valid any more. */
  read(token: string): { readonly user: User; readonly leftMs: number } | undefined {
    const [, taskId = '', until = '', signature = ''] = /^(.+)\.(\d+)\.([\w-]+)$/.exec(token) ?? [];
    const expected = Buffer.from(this.#sign(`${taskId}.${until}`));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    const leftMs = Number(until) - this.#now();
    if (!(leftMs > 0)) return undefined;
    return { user: { name: 'shared link', role: 'read', taskId }, leftMs };
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
