import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startSimulator } from '../../simulator/index.ts';

export interface RefusingProvider extends AsyncDisposable {
  readonly baseUrl: string;
  /** Whether it refuses them now. */
  refuses: boolean;
  /** The `Authorization` headers that came. */
  readonly keys: ReadonlySet<string>;
}

/** A provider that answers as the simulator does, and refuses requests about one respondent with status 400. */
export async function refusingProvider(name: string): Promise<RefusingProvider> {
  const simulator = await startSimulator();
  const keys = new Set<string>();
  const provider = { refuses: true, keys };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    keys.add(request.headers.authorization ?? '');
    if (provider.refuses && body.includes(name)) {
      response.writeHead(400, { 'Content-Type': 'application/json' });
      response.end('{"error":{"message":"This person is not welcome.","code":"content_policy"}}');
      return;
    }
    const answer = await fetch(`${simulator.url}${request.url?.replace(/^\/v1/, '')}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' });
    response.end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(provider, {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await simulator.close();
    },
  });
}
