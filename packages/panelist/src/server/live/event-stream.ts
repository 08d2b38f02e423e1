import type { LiveEvents, LiveRequest } from './live-events.ts';
import type { LiveEvent, Subscriber } from './topic.ts';

const HEARTBEAT_MS = 15_000;
/** Bytes that a page has not taken yet; until it does, only the newest event of each key waits. */
const MAX_BUFFERED_BYTES = 64_000;
/** A page that takes none of so many events, or characters, is disconnected: it comes back and says where it was. */
const MAX_WAITING = 2_000;
const MAX_WAITING_CHARS = 4_000_000;
const MAX_ID_CHARS = 10_000;

/** The cursors of `Last-Event-ID`: `task_x:12,group%20y:3.4`. What isn't one is ignored. */
export function readCursors(lastEventId: string | undefined): ReadonlyMap<string, string> {
  const cursors = new Map<string, string>();
  for (const part of (lastEventId ?? '').slice(0, MAX_ID_CHARS).split(',')) {
    const [name, cursor] = part.split(':');
    if (name && cursor) cursors.set(decoded(name), decoded(cursor));
  }
  return cursors;
}

function writeCursors(cursors: ReadonlyMap<string, string>): string {
  return Array.from(cursors, ([name, at]) => `${encodeURIComponent(name)}:${encodeURIComponent(at)}`).join(
    ',',
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export interface EventStreamOptions {
  /** What the stream begins with, JSON: which start of the server it is. */
  readonly hello: string;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
}

/** Server-sent events of what a page looks at. */
export function eventStream(
  live: LiveEvents,
  request: LiveRequest,
  options: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const stream = new EventStream(request.cursors, options);
  return new ReadableStream<Uint8Array>(
    {
      start: async (controller) => {
        stream.open(controller);
        stream.leaveWith(await live.subscribe(request, stream));
      },
      pull: () => stream.flush(),
      cancel: () => stream.end(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_BUFFERED_BYTES }),
  );
}

class EventStream implements Subscriber {
  readonly #options: EventStreamOptions;
  readonly #encoder = new TextEncoder();
  readonly #cursors: Map<string, string>;
  /** In the order of sending. */
  readonly #waiting = new Map<string, { readonly topic: string; readonly event: LiveEvent }>();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #leave: (() => void) | undefined;
  #serial = 0;
  #waitingChars = 0;
  #isOver = false;

  constructor(cursors: ReadonlyMap<string, string>, options: EventStreamOptions) {
    this.#cursors = new Map(cursors);
    this.#options = options;
  }

  open(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    const { hello, signal } = this.#options;
    signal.addEventListener('abort', () => this.end(), { once: true });
    this.#write(`retry: 1000\nevent: server\ndata: ${hello}\n\n`);
    this.#heartbeat = setInterval(() => {
      if (this.#hasRoom) this.#write(': heartbeat\n\n');
    }, HEARTBEAT_MS);
    if (signal.aborted) this.end();
  }

  leaveWith(leave: () => void): void {
    this.#leave = leave;
    if (this.#isOver) leave();
  }

  send(topic: string, event: LiveEvent): void {
    if (this.#isOver) return;
    const key = event.key ?? `${this.#serial++}`;
    const older = this.#taken(key)?.event;
    const next = older === undefined ? event : (event.replacing?.(older) ?? event);
    this.#waiting.set(key, { topic, event: next });
    this.#waitingChars += next.data.length;
    if (this.#waiting.size > MAX_WAITING || this.#waitingChars > MAX_WAITING_CHARS) this.end();
    else this.flush();
  }

  flush(): void {
    for (const [key, { topic, event }] of this.#waiting) {
      if (this.#isOver || !this.#hasRoom) return;
      this.#taken(key);
      this.#write(this.#frame(topic, event));
    }
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    this.#leave?.();
    this.#options.onEnd();
    try {
      this.#controller?.close();
    } catch {
      // The page has closed it.
    }
  }

  #taken(key: string): { readonly topic: string; readonly event: LiveEvent } | undefined {
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    this.#waitingChars -= waiting?.event.data.length ?? 0;
    return waiting;
  }

  get #hasRoom(): boolean {
    return (this.#controller?.desiredSize ?? 0) > 0;
  }

  /** The id holds how far every topic of the stream was reported: a page comes back with the last one only. */
  #frame(topic: string, { event, data, cursor }: LiveEvent): string {
    if (cursor === undefined) return `event: ${event}\ndata: ${data}\n\n`;
    this.#cursors.set(topic, cursor);
    return `id: ${writeCursors(this.#cursors)}\nevent: ${event}\ndata: ${data}\n\n`;
  }

  #write(text: string): void {
    if (!this.#isOver) this.#controller?.enqueue(this.#encoder.encode(text));
  }
}
