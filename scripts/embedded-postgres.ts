/**
 * A real PostgreSQL from npm, for tests, benchmarks and the demo: nothing to install.
 * Run as a program, it starts one, prints its address and stops it with Ctrl-C: `node scripts/embedded-postgres.ts`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = 65_534;
const asUser = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export interface EmbeddedPostgresOptions {
  /** Settings of the server, as in postgresql.conf. @default none */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

export interface EmbeddedPostgres {
  /** Of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** The folder that its data are in. */
  readonly folder: string;
  /** Of a database of that name. */
  urlOf(database: string): string;
  /** Kills all its processes at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port. */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a server on a free port of the loopback address, with data of its own in a temporary folder. */
export async function startEmbeddedPostgres({
  settings = {},
}: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const { initdb, postgres } = await binaries();
  const folder = await mkdtemp(join(tmpdir(), 'panelist-postgres-'));
  if (asUser.uid !== undefined) await chown(folder, asUser.uid, asUser.gid);
  const port = await freePort();
  const data = join(folder, 'data');
  const options = { ...asUser, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC' } };
  await promisify(execFile)(
    initdb,
    [
      '--pgdata',
      data,
      '--username',
      'postgres',
      '--auth',
      'trust',
      '--no-sync',
      '--encoding',
      'UTF8',
      '--locale',
      'C',
    ],
    options,
  );
  const config = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    ...settings,
  };
  const lines = Object.entries(config).map(([name, value]) => `${name} = '${value}'`);
  await writeFile(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);

  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    // A group of its own: `kill` reaches its children, and a Ctrl-C in the terminal does not.
    server = spawn(postgres, ['-D', data], {
      ...options,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await untilReady(server);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = server;
    server = undefined;
    if (ended?.pid === undefined || ended.exitCode !== null) return;
    const exited = once(ended, 'exit');
    if (signal === 'SIGKILL') process.kill(-ended.pid, signal);
    else ended.kill(signal);
    await exited;
  };
  const onExit = (): void => {
    if (server?.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
  };
  process.on('exit', onExit);
  await start();
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  return {
    url: urlOf('postgres'),
    port,
    folder,
    urlOf,
    kill: () => end('SIGKILL'),
    restart: start,
    async stop() {
      // SIGINT: it does not wait for clients.
      await end('SIGINT');
      process.off('exit', onExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return import(`@embedded-postgres/${platform}-${process.arch}`) as Promise<Binaries>;
}

async function untilReady(server: ChildProcess): Promise<void> {
  const log: string[] = [];
  const ready = Promise.withResolvers<void>();
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log.push(text);
    if (log.length > 100) log.shift();
    if (text.includes('ready to accept connections')) ready.resolve();
  });
  server.once('exit', () => ready.reject(new Error(`PostgreSQL did not start:\n${log.join('')}`)));
  await ready.promise;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

if (import.meta.main) {
  const server = await startEmbeddedPostgres();
  console.log(server.url);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve());
  await stopped.promise;
  await server.stop();
}
