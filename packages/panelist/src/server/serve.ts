import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { getRequestListener } from '@hono/node-server';
import { makeDatabaseFolder } from '../application/database-path.ts';
import { readOfferedPrices } from '../application/runs/preview-cost.ts';
import type { RunLimits } from '../application/runs/run-limits.ts';
import { openTasks } from '../application/tasks/open-tasks.ts';
import type { LogLevel } from '../operation/log-level.ts';
import { PanelistError } from '../panelist-error.ts';
import { Access } from './access/access.ts';
import { setSecurityHeaders } from './access/security-headers.ts';
import { Sessions, ShareLinks } from './access/sessions.ts';
import { Users } from './access/users.ts';
import { createApp } from './app.ts';
import { LiveEvents } from './live/live-events.ts';
import { TaskViews } from './live/task-views.ts';
import { type OfferedModel, OfferedModels } from './offered-models.ts';
import { RunProcesses } from './processes/run-processes.ts';
import { serverProbes } from './server-probes.ts';
import { WorkThreads } from './threads/work-threads.ts';
import { Uploads } from './uploads.ts';

/** Connections at once, event streams included. */
const MAX_CONNECTIONS = 1_000;
/** Of the key that signs shared links. */
const MIN_SHARE_KEY_CHARS = 32;
const MAX_HEADER_BYTES = 32_000;
/** Milliseconds that a request may take to arrive: an audience of hundreds of megabytes over a slow line. */
const REQUEST_TIMEOUT_MS = 600_000;

export interface ServeOptions {
  readonly database: string;
  /** The models that may be asked, the first is the default. */
  readonly models: readonly OfferedModel[];
  /** @default 4500; 0 takes a free one */
  readonly port?: number | undefined;
  /** The address to listen on. Another than loopback needs tokens, or `isOpen`. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** Further names that the server answers under, with their port where it isn't the scheme's: behind a proxy. @default [] */
  readonly hostNames?: readonly string[] | undefined;
  /** Whether anybody who can reach the address may use it, keys and all. @default false */
  readonly isOpen?: boolean | undefined;
  /** Whether browsers reach it by HTTPS, through a proxy. @default false */
  readonly isHttps?: boolean | undefined;
  /** Default limits of runs that record none. @default {} */
  readonly limits?: RunLimits | undefined;
  /** A file with prices that come before the built-in ones. */
  readonly prices?: string | undefined;
  /** Where tokens come from: `PANELIST_TOKEN`, `PANELIST_READ_TOKEN`, `PANELIST_USERS`, `PANELIST_SHARE_KEY`. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What the operator should see. @default console.error */
  readonly log?: ((text: string) => void) | undefined;
  /** What becomes of tasks and items, as JSON lines on stderr. @default 'silent' */
  readonly logLevel?: LogLevel | undefined;
}

export interface PanelistServer {
  /** The address to open, as in `http://127.0.0.1:4500`. */
  readonly url: string;
  readonly port: number;
  readonly needsLogin: boolean;
  /** The processes that run tasks. */
  readonly runProcesses: readonly number[];
  /**
   * Takes no more requests, lets calls in flight finish for so long, and ends. Tasks that are not done go on with the next
   * start. @param drainMs @default 30_000
   */
  close(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

/**
 * Starts the page and its API. Runs go on that the server had when it was stopped or killed.
 *
 * @throws PanelistError `USAGE` for an address that others can reach without a token, and for a port that is taken
 */
export async function startServer(options: ServeOptions): Promise<PanelistServer> {
  const {
    database,
    port = 4_500,
    host = '127.0.0.1',
    isOpen = false,
    isHttps = false,
    prices,
    limits = {},
    logLevel = 'silent',
  } = options;
  const env = options.env ?? process.env;
  const log = options.log ?? ((text: string) => console.error(text));
  const users = Users.fromEnvironment(env);
  if (!isLoopback(host) && !users.areKnown && !isOpen)
    throw new PanelistError(
      'USAGE',
      `${JSON.stringify(host)} can be reached from other machines, and whoever reaches it could spend your money: set a token in PANELIST_TOKEN first.`,
      { data: { reason: 'server-open' } },
    );
  const models = new OfferedModels(options.models, await readOfferedPrices(prices));
  await makeDatabaseFolder(database);
  const opened = await openTasks(database);
  const { tasks } = opened;
  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: 30_000,
    keepAliveTimeout: 75_000,
  });
  http.maxConnections = MAX_CONNECTIONS;
  let listening = port;
  const stopping = new AbortController();
  const threads = new WorkThreads({ database, prices });
  const runs = new RunProcesses({
    tasks,
    log,
    data: { database, prices, limits, addresses: models.addresses, logLevel },
    mayAsk: (model, baseUrl) => models.has(model, baseUrl),
  });
  const views = new TaskViews(tasks);
  const logError = (error: unknown): void =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const live = new LiveEvents({ tasks, views, runs, threads, log: logError });
  const uploads = new Uploads();
  const shareKey = env.PANELIST_SHARE_KEY;
  if (shareKey !== undefined && shareKey !== '' && shareKey.length < MIN_SHARE_KEY_CHARS)
    throw new PanelistError(
      'USAGE',
      `PANELIST_SHARE_KEY has fewer than ${MIN_SHARE_KEY_CHARS} characters: whoever has a link could guess it. Make a longer one.`,
    );
  const access = new Access({
    users,
    sessions: new Sessions(),
    shares: new ShareLinks(shareKey ? Buffer.from(shareKey) : randomBytes(32)),
    isHttps,
    cookie: () => (isHttps ? '__Host-panelist' : `panelist_session_${listening}`),
  });
  try {
    listening = await listen(http, port, host);
    const context = {
      tasks,
      workers: opened.workers,
      threads,
      runs,
      live,
      views,
      models,
      uploads,
      instance: randomUUID(),
      startedAt: new Date().toISOString(),
      stopping: stopping.signal,
    };
    const hosts = [...ownNames(host, listening), ...(options.hostNames ?? [])];
    const app = createApp(context, {
      access,
      hosts,
      log: logError,
      probes: serverProbes(opened, runs, stopping.signal),
    });
    const answer = getRequestListener(app.fetch);
    http.on('request', (request, response) => {
      setSecurityHeaders(response);
      void answer(request, response);
    });
    runs.warm();
    threads.warm('answers');
    await runs.resumeHosted();
    return {
      url: `http://${urlHost(host)}:${listening}`,
      port: listening,
      needsLogin: access.needsLogin,
      get runProcesses() {
        return runs.pids;
      },
      close: ({ drainMs = 30_000 } = {}) => close(drainMs),
    };
  } catch (error) {
    await close(0);
    throw error;
  }

  async function close(drainMs: number): Promise<void> {
    stopping.abort();
    live.close();
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeIdleConnections();
    await Promise.all([runs.stop(drainMs), threads.close()]);
    http.closeAllConnections();
    if (http.listening) await closed;
    await uploads.close();
    await opened.close();
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE'
          ? `port ${port} is taken: another server may be running. Choose another port, or 0 for a free one`
          : `it cannot listen on ${JSON.stringify(host)} port ${port} (${cause.code ?? cause.message})`;
      reject(new PanelistError('USAGE', `The server cannot start: ${reason}.`, { cause }));
    });
    server.listen({ port, host, backlog: 1_024 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** As a browser sends them in `Host`. A server on every interface answers under each address of the machine. */
function ownNames(host: string, port: number): readonly string[] {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const interfaces = isEverywhere ? Object.values(networkInterfaces()).flatMap((each) => each ?? []) : [];
  const names = new Set([
    urlHost(host),
    ...(isLoopback(host) || isEverywhere ? ['localhost', '127.0.0.1', '[::1]'] : []),
    ...interfaces.map(({ address }) => urlHost(address)),
  ]);
  return [...names].flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}
