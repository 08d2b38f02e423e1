import { join } from 'node:path';
import { temporaryFolder } from '../../cli/testing/temporary-folder.ts';
import { type PanelistServer, type ServeOptions, startServer } from '../serve.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: PanelistServer;
  readonly database: string;
  /** What the operator has been shown. */
  readonly log: readonly string[];
  /** A request as the page makes it. */
  request(path: string, init?: RequestInit & { readonly json?: unknown }): Promise<Response>;
  /** The JSON of a request that succeeds. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it.
  json(path: string, init?: RequestInit & { readonly json?: unknown }): Promise<any>;
  /** The first status of a task for which `is` holds, looked for through the API. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it.
  until(taskId: string, is: (task: any) => boolean): Promise<any>;
  /** Stops it, and starts another on the same database. */
  restart(): Promise<void>;
}

/** A whole server on a free port, with its processes and a database of its own. */
export async function testServer(options: Partial<ServeOptions> = {}): Promise<TestServer> {
  const folder = await temporaryFolder();
  const database = join(folder.path, 'panelist.db');
  const log: string[] = [];
  const start = (): Promise<PanelistServer> =>
    startServer({
      database,
      port: 0,
      models: [{ id: 'simulator', baseUrl: null }],
      env: {},
      log: (text) => void log.push(text),
      ...options,
    });
  let server = await start();
  const request: TestServer['request'] = (path, { json, ...init } = {}) =>
    fetch(`${server.url}${path}`, {
      ...init,
      ...(json !== undefined && { body: JSON.stringify(json), method: init.method ?? 'POST' }),
      headers: {
        'Panelist-Request': '1',
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...init.headers,
      },
    });
  const json: TestServer['json'] = async (path, init) => {
    const response = await request(path, init);
    const body = await response.json();
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    get server() {
      return server;
    },
    database,
    log,
    request,
    json,
    async until(taskId, is) {
      const stream = await request(`/api/events?tasks=${taskId}`);
      const text = stream.body!.pipeThrough(new TextDecoderStream());
      let buffered = '';
      for await (const part of text) {
        buffered += part;
        const frames = buffered.split('\n\n');
        buffered = frames.pop()!;
        for (const frame of frames) {
          const data = /^event: task\ndata: (.*)$/m.exec(frame)?.[1];
          if (data === undefined) continue;
          const live = JSON.parse(data);
          if (is(live)) return live;
        }
      }
      throw new Error(`The stream of ${taskId} has ended.`);
    },
    async restart() {
      await server.close({ drainMs: 0 });
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server.close({ drainMs: 0 });
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A small survey and audience of the examples, as the API takes them. */
export function exampleSurvey(options: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { survey: { example: 'survey' }, audience: { example: 'audience' }, model: 'simulator', ...options };
}
