import type { IncomingMessage, ServerResponse } from 'node:http';

/** What those who run a process ask of it. */
export interface ProbeSources {
  /** Why the process takes no work now; `null` where it does. */
  readonly notReady: () => Promise<string | null>;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** A database that hangs must not make a probe hang: its caller has a timeout of its own. */
const READY_WITHIN_MS = 3_000;

export interface ProbeAnswer {
  readonly status: 200 | 503;
  readonly type: string;
  readonly body: string;
}

/** `/livez`, `/readyz`, `/metrics`; `undefined` for any other path. */
export async function answerProbe(path: string, sources: ProbeSources): Promise<ProbeAnswer | undefined> {
  switch (path) {
    case '/livez':
      return plain(200, 'ok');
    case '/readyz': {
      const reason = await withinTime(sources.notReady());
      return reason === null ? plain(200, 'ready') : plain(503, reason);
    }
    case '/metrics': {
      const { type, text } = await sources.metrics();
      return { status: 200, type, body: text };
    }
    default:
      return undefined;
  }
}

/** Answers the probes on a socket of their own. */
export function probeListener(
  sources: ProbeSources,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    // Nothing of a body is read.
    request.resume();
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, {
        'Content-Type': type,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (!isRead) {
      send(405, 'text/plain', 'GET only\n');
      return;
    }
    answerProbe(path, sources).then(
      (answer) => {
        if (answer === undefined) send(404, 'text/plain', 'no such path\n');
        else send(answer.status, answer.type, answer.body);
      },
      () => send(503, 'text/plain', 'the metrics cannot be read now\n'),
    );
  };
}

async function withinTime(check: Promise<string | null>): Promise<string | null> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => late.resolve(`the database does not answer within ${READY_WITHIN_MS / 1_000} seconds`),
    READY_WITHIN_MS,
  );
  try {
    return await Promise.race([check, late.promise]);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be found out';
  } finally {
    clearTimeout(timer);
  }
}

function plain(status: 200 | 503, text: string): ProbeAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}
