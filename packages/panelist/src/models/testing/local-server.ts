import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Serves for as long as the test runs, on a free port of the loopback interface. Resolves to `http://host:port`. */
export async function serveLocally(answer: RequestListener, host = '127.0.0.1'): Promise<string> {
  return listenLocally(createServer(answer), host);
}

export async function listenLocally(server: Server, host = '127.0.0.1'): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** An OpenAI-compatible provider that gives every request the same JSON; resolves to its base URL and what it was sent. */
export async function serveJson(
  body: unknown,
  {
    status = 200,
    headers = {},
    host = '127.0.0.1',
  }: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly host?: string;
  } = {},
): Promise<{ readonly url: string; readonly received: readonly ReceivedRequest[] }> {
  const received: ReceivedRequest[] = [];
  const origin = await serveLocally(async (request, response) => {
    received.push({
      url: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(await text(request)) as Record<string, unknown>,
    });
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }, host);
  return { url: `${origin}/v1`, received };
}

/** A chat completion as OpenAI's API gives it. */
export function completion(message: object, finishReason = 'stop'): Record<string, unknown> {
  return {
    id: 'x',
    model: 'returned-model',
    created: 0,
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }],
    usage: { prompt_tokens: 11, completion_tokens: 3 },
  };
}
