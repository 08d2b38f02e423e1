import { parentPort, workerData } from 'node:worker_threads';
import { openWorkspace, type Workspace } from '../../application/open-workspace.ts';
import { portableError } from '../errors/portable-error.ts';
import { threadJobs } from './jobs/index.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import type { ThreadJob } from './thread-job.ts';

/** Bytes of a stream that are sent before the reader asks for more. */
const MAX_UNREAD_BYTES = 1_000_000;

const { database, prices } = workerData as ThreadData;
const port = parentPort!;

let opening: Promise<Workspace> | undefined;
const open = (): Promise<Workspace> => {
  opening ??= openWorkspace({ database, prices, apiKeys: () => undefined });
  return opening;
};

/** Streams under way: resolves when the reader asks for more, or stops. */
const readers = new Map<number, { wake: (goesOn: boolean) => void }>();
const stopped = new Set<number>();

function send(message: FromThread): void {
  port.postMessage(message);
}

async function run({ id, job, input }: Extract<ToThread, { type: 'run' }>): Promise<void> {
  try {
    const made = await (threadJobs[job] as ThreadJob<unknown, unknown>)(open, input);
    if (isStream(made)) await stream(id, made);
    else send({ type: 'value', id, value: made });
  } catch (error) {
    send({ type: 'error', id, error: portableError(error) });
  } finally {
    stopped.delete(id);
  }
}

async function stream(id: number, parts: AsyncIterable<string | Uint8Array>): Promise<void> {
  const encoder = new TextEncoder();
  let unread = 0;
  for await (const part of parts) {
    if (stopped.has(id)) return;
    const bytes = typeof part === 'string' ? encoder.encode(part) : part;
    send({ type: 'part', id, part: bytes });
    unread += bytes.byteLength;
    if (unread < MAX_UNREAD_BYTES) continue;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    readers.set(id, { wake: resolve });
    const goesOn = await promise;
    readers.delete(id);
    if (!goesOn) return;
    unread = 0;
  }
  send({ type: 'end', id });
}

function isStream(value: unknown): value is AsyncIterable<string | Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

port.on('message', (message: ToThread) => {
  if (message.type === 'run') {
    void run(message);
    return;
  }
  if (message.type === 'stop') stopped.add(message.id);
  readers.get(message.id)?.wake(message.type === 'more');
});
