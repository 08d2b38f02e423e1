import { createServer, type Server } from 'node:http';
import { PanelistError } from '../panelist-error.ts';
import { type ProbeSources, probeListener } from './probes.ts';

export interface ProbeAddress {
  readonly host: string;
  readonly port: number;
}

/** Connections at once: a few probes and scrapes. */
const MAX_CONNECTIONS = 50;

export interface ProbeServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers `/livez`, `/readyz` and `/metrics` at an address. @throws PanelistError `USAGE` where it cannot listen there */
export async function startProbeServer(
  { host, port }: ProbeAddress,
  sources: ProbeSources,
): Promise<ProbeServer> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 75_000, maxHeaderSize: 16_000 },
    probeListener(sources),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listening(server, host, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new PanelistError(
          'USAGE',
          `The probes cannot listen on ${JSON.stringify(host)} port ${port} (${cause.code ?? cause.message}).`,
          { cause },
        ),
      ),
    );
    server.listen({ host, port }, () => resolve());
  });
}
