import type { Reply, Server } from './server.ts';
import { CALLS, type Call } from './workload.ts';

/** The error for a status other than 200, like that of the openai library. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly code: string | null;
  readonly type: string;

  constructor({ status, headers, body }: Reply) {
    const { error } = body as { error: { message: string; code: string | null; type: string } };
    super(`${status} ${error.message}`);
    this.status = status;
    this.headers = new Headers(headers);
    this.code = error.code;
    this.type = error.type;
  }

  /** The wait that the server requested, in milliseconds, which a careful user of a retry library reads. */
  get retryAfterMs(): number | undefined {
    const requested = this.headers.get('retry-after-ms');
    return requested === null ? undefined : Number(requested);
  }
}

/** True if a careful user's predicate would retry it: not an exhausted quota. */
export function isRetryable(error: unknown): boolean {
  return error instanceof HttpError && error.code !== 'insufficient_quota';
}

/** The server as contenders see it. */
export class Client {
  readonly #server: Server;
  readonly #workload: readonly Call[];
  readonly #tellsTokens: boolean;

  constructor(server: Server, workload: readonly Call[], tellsTokens: boolean) {
    this.#server = server;
    this.#workload = workload;
    this.#tellsTokens = tellsTokens;
  }

  /** The indexes of the calls to make. */
  readonly calls: readonly number[] = Array.from({ length: CALLS }, (_, index) => index);

  /** Sends one request. @throws HttpError */
  async send(call: number): Promise<Reply> {
    const reply = await this.#server.request(call);
    if (reply.status !== 200) throw new HttpError(reply);
    return reply;
  }

  /** Like `send`, for SDKs: the request's body names the call, as in `call 17`. */
  readonly fetch: typeof fetch = async (_input, init) => {
    const body =
      typeof init?.body === 'string' ? init.body : new TextDecoder().decode(init?.body as Uint8Array);
    const call = /call (\d+)/.exec(body)?.[1];
    if (call === undefined) throw new Error(`The request names no call: ${body}`);
    const { status, headers, ...reply } = await this.#server.request(Number(call));
    return Response.json(reply.body, { status, headers });
  };

  /** The caller's estimate of a call's tokens if tokens are limited: its prompt. */
  estimate(call: number): number | undefined {
    return this.#tellsTokens ? this.#workload[call]!.promptTokens : undefined;
  }
}
