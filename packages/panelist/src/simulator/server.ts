import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PanelistError } from '../panelist-error.ts';
import { resolveOptions, type SimulatorOptions, type SimulatorSettings } from './options.ts';
import type { RequestSummary } from './request-log.ts';
import { SIMULATOR_NOTICE, SimulatorRoutes } from './routes.ts';

export interface Simulator {
  /** The base URL for an OpenAI-compatible client on this machine: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Whether other machines can reach it: it listens on every interface. */
  readonly isPublic: boolean;
  readonly port: number;
  /** What it is, in a sentence for people: a simulator, and no model. */
  readonly notice: string;
  /** What has come so far; the same as `GET /v1/simulator/requests`. */
  requests(): RequestSummary;
  /** Cuts every connection and frees the port. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts an OpenAI-compatible HTTP server whose seeded, rule-based respondents answer from the persona in the
 * system message. It is a simulator and says so in every response; there is no model in it.
 *
 * @throws PanelistError `USAGE` for a bad option, or a port that is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = resolveOptions(options);
  const routes = new SimulatorRoutes(settings);
  const server = createServer(
    // Node's default of 5 s cuts clients that rest between two pages of a survey.
    { keepAliveTimeout: 75_000 },
    (request, response) => routes.handle(request, response),
  );
  try {
    // The default backlog of 511 refuses connections when a thousand respondents start at once.
    server.listen({ port: settings.port, host: settings.host, backlog: 4_096 });
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(settings, error);
  }
  const { port, address } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${urlHost(settings.host)}:${port}/v1`,
    port,
    isPublic: isEveryInterface(address),
    notice: SIMULATOR_NOTICE,
    requests: () => routes.requests(),
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function urlHost(host: string): string {
  if (isEveryInterface(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function isEveryInterface(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function cannotListen({ port, host }: SimulatorSettings, error: unknown): PanelistError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason =
    code === 'EADDRINUSE'
      ? `port ${port} is taken: choose another, or 0 for a free one`
      : code === 'EACCES'
        ? `port ${port} needs more rights: choose one above 1023, or 0 for a free one`
        : `it cannot listen on ${JSON.stringify(host)} port ${port}${code === '' ? '' : ` (${code})`}`;
  return new PanelistError('USAGE', `Simulator: ${reason}`, { cause: error });
}
