import type { Client, Pool } from 'pg';
import type { Clock } from '../../clock/clock.ts';
import { sleep } from '../../clock/sleep.ts';
import { Listeners, type Notifier } from '../sql/notifier.ts';

const CHANNEL = 'panelist';
/** PostgreSQL takes 8,000 bytes; a longer key is not sent, and its listeners look at everything. */
const MAX_PAYLOAD_BYTES = 4_000;
/** A commit that notifies waits for all others that do; so what comes in this time shares one. */
const GATHER_MS = 25;
const RECONNECT_MS = 500;
/** A connection that was cut without a word is noticed by this. */
const CHECK_MS = 10_000;

export interface PostgresNotifierOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** A connection of its own to listen on, not yet connected. */
  readonly newClient: () => Client;
}

/** LISTEN and NOTIFY on one channel. The connection exists only while somebody listens. */
export class PostgresNotifier implements Notifier {
  readonly #options: PostgresNotifierOptions;
  readonly #listeners = new Listeners();
  /** What is to be sent, each once. */
  readonly #unsent = new Set<string>();
  #sending: Promise<void> | undefined;
  #client: Client | undefined;
  #cancelTimer = (): void => {};
  #isClosed = false;

  constructor(options: PostgresNotifierOptions) {
    this.#options = options;
  }

  notify(topic: string, key: string): Promise<void> {
    const payload = `${topic}:${key}`;
    this.#unsent.add(Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES ? `${topic}:` : payload);
    this.#sending ??= this.#send();
    return this.#sending;
  }

  listen(topic: string, listener: (key: string | undefined) => void): () => void {
    const end = this.#listeners.add(topic, listener);
    if (this.#client === undefined && !this.#isClosed) this.#connect();
    return () => {
      end();
      if (this.#listeners.size === 0) this.#disconnect();
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
    this.#disconnect();
  }

  async #send(): Promise<void> {
    if (!this.#isClosed) await sleep(GATHER_MS, { clock: this.#options.clock });
    while (this.#unsent.size > 0) {
      const payloads = [...this.#unsent];
      this.#unsent.clear();
      const text = 'select pg_notify($1, payload) from unnest($2::text[]) as payload';
      await this.#options.pool.query(text, [CHANNEL, payloads]).catch(() => {});
    }
    this.#sending = undefined;
  }

  #connect(): void {
    // Somebody began to listen before it was due.
    this.#cancelTimer();
    const client = this.#options.newClient();
    this.#client = client;
    const lost = (): void => {
      if (this.#client !== client) return;
      this.#disconnect();
      if (this.#listeners.size === 0 || this.#isClosed) return;
      this.#cancelTimer = this.#options.clock.setTimer(() => this.#connect(), RECONNECT_MS);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload = '' }) => {
      const end = payload.indexOf(':');
      this.#listeners.call(payload.slice(0, end), payload.slice(end + 1) || undefined);
    });
    const subscribe = async (): Promise<void> => {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      // What was notified before this connection listened is not known.
      this.#listeners.callAll();
      this.#check(client, lost);
    };
    subscribe().catch(lost);
  }

  #check(client: Client, lost: () => void): void {
    if (this.#client !== client) return;
    this.#cancelTimer = this.#options.clock.setTimer(() => {
      client.query('select 1').then(() => this.#check(client, lost), lost);
    }, CHECK_MS);
  }

  #disconnect(): void {
    this.#cancelTimer();
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    client.removeAllListeners('notification');
    // An error of a connection that isn't needed any more.
    client.on('error', () => {});
    client.end().catch(() => {});
  }
}
