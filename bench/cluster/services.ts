/** The servers of a benchmark's run: PostgreSQL with the settings of production, and Redis where it is installed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import type { Addresses, Contender } from './contender.ts';

/** Every commit is on disk before it is acknowledged, as PostgreSQL does by default; a random page costs what it does on an SSD. */
export const postgresSettings = {
  random_page_cost: '1.1',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
} as const;

const redisPrograms = [
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/opt/homebrew/bin/redis-server',
];

export class Services {
  readonly #postgres: EmbeddedPostgres;
  #redis: Redis | undefined;
  #databases = 0;

  private constructor(postgres: EmbeddedPostgres, redis: Redis | undefined) {
    this.#postgres = postgres;
    this.#redis = redis;
  }

  static async start(): Promise<Services> {
    const [postgres, redis] = await Promise.all([
      startEmbeddedPostgres({ settings: postgresSettings }),
      Redis.start(),
    ]);
    return new Services(postgres, redis);
  }

  get hasRedis(): boolean {
    return this.#redis !== undefined;
  }

  /** An empty database, and an empty Redis if it is needed. */
  async empty({ needsRedis = false }: Pick<Contender, 'needsRedis'>): Promise<Addresses> {
    this.#databases += 1;
    const name = `run_${this.#databases}`;
    await this.#admin(`create database ${name}`);
    // What the run before left to write is written now, and not during the next measurement.
    await this.#admin('checkpoint');
    if (needsRedis) {
      await this.#redis?.stop();
      this.#redis = await Redis.start();
    }
    return { postgres: this.#postgres.urlOf(name), redis: needsRedis ? this.#redis?.url : undefined };
  }

  async drop({ postgres }: Addresses): Promise<void> {
    await this.#admin(`drop database ${new URL(postgres).pathname.slice(1)} with (force)`);
  }

  async #admin(sql: string): Promise<void> {
    const client = new Client({ connectionString: this.#postgres.url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#postgres.stop(), this.#redis?.stop()]);
  }
}

class Redis {
  readonly #port: number;
  readonly #folder: string;
  readonly #server: ChildProcess;

  private constructor(port: number, folder: string, server: ChildProcess) {
    this.#port = port;
    this.#folder = folder;
    this.#server = server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  static async start(): Promise<Redis | undefined> {
    const program = redisPrograms.find((path) => existsSync(path));
    if (program === undefined) return undefined;
    const folder = await mkdtemp(join(tmpdir(), 'panelist-redis-'));
    const port = await freePort();
    const server = spawn(
      program,
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...[
          '--appendonly',
          'yes',
          '--appendfsync',
          'everysec',
          '--save',
          '',
          '--maxmemory-policy',
          'noeviction',
        ],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ready = Promise.withResolvers<void>();
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Ready to accept connections')) ready.resolve();
    });
    server.once('exit', () => ready.reject(new Error('redis-server did not start.')));
    process.once('exit', () => server.kill('SIGKILL'));
    await ready.promise;
    return new Redis(port, folder, server);
  }

  async stop(): Promise<void> {
    const exited = once(this.#server, 'exit');
    this.#server.kill();
    await exited;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
