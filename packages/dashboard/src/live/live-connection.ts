import { eventsAddress, type LiveEvent, type ServerEvent, type Subject, subjectKey } from './live-event.ts';

/** The part of EventSource that is used. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

export interface LiveConnectionOptions {
  readonly open: (address: string) => EventStream;
  /** Calls `run` after a delay, milliseconds. @returns a function that cancels it */
  readonly after: (ms: number, run: () => void) => () => void;
  /** 0 to 1, for the spread of reconnections. @default Math.random */
  readonly random?: () => number;
}

/**
 * `paused`: nobody looks at the page, so it holds no connection; a browser allows six for each server, and each tab
 * would take one.
 */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'paused';

/** EventSource.CLOSED: it won't reconnect by itself. */
const CLOSED = 2;
/** A page that is replaced by another leaves and enters subjects one by one. */
const SETTLE_MS = 50;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;

interface Watch {
  readonly subject: Subject;
  readonly listener: (event: LiveEvent) => void;
  /** Whether a stream with its subject has been open since it began. */
  wasOpen: boolean;
}

/** One event stream for everything on the page: it is reopened when the subjects change. */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  readonly #watches = new Set<Watch>();
  readonly #stateListeners = new Set<() => void>();
  readonly #restartListeners = new Set<() => void>();
  #state: LiveState = 'paused';
  #stream: EventStream | null = null;
  #address: string | null = null;
  #cancelTimer: () => void = () => {};
  #failures = 0;
  #instance: string | null = null;
  /** What this stream has said of each task last: for those who begin to watch it later. */
  readonly #tasks = new Map<string, LiveEvent>();

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Begins to hold a connection. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#setState('connecting');
    this.#schedule(0);
  }

  /** Ends the connection until `resume`; the subjects stay. */
  pause(): void {
    this.#close();
    this.#setState('paused');
  }

  /** @returns ends the watch */
  watch(subject: Subject, listener: (event: LiveEvent) => void): () => void {
    const watch = { subject, listener, wasOpen: false };
    this.#watches.add(watch);
    this.#settle();
    const task = this.#tasks.get(subjectKey(subject));
    if (task !== undefined) listener(task);
    return () => {
      this.#watches.delete(watch);
      this.#settle();
    };
  }

  onState(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Called after another process of the server has answered than before. */
  onRestart(listener: () => void): () => void {
    this.#restartListeners.add(listener);
    return () => this.#restartListeners.delete(listener);
  }

  #settle(): void {
    // While it reconnects, the next attempt takes the subjects of that moment.
    if (this.#state === 'live' || (this.#state === 'connecting' && this.#stream !== null))
      this.#schedule(SETTLE_MS);
  }

  #schedule(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.after(ms, () => this.#open());
  }

  #open(): void {
    const subjects = [
      ...new Map([...this.#watches].map(({ subject }) => [subjectKey(subject), subject])).values(),
    ];
    const address = eventsAddress(subjects);
    if (this.#stream !== null && address === this.#address && this.#stream.readyState !== CLOSED) {
      if (this.#state === 'live') for (const watch of this.#watches) watch.wasOpen = true;
      return;
    }
    this.#close();
    this.#address = address;
    const stream = this.#options.open(address);
    this.#stream = stream;
    const on = (type: string, handle: (data: unknown) => void): void =>
      stream.addEventListener(type, ({ data }) => {
        if (stream === this.#stream) handle(typeof data === 'string' ? parsed(data) : undefined);
      });
    on('open', () => this.#opened());
    on('error', () => this.#failed(stream));
    on('server', (data) => this.#heardServer(data as ServerEvent | undefined));
    on('task', (data) => {
      const task = data as Extract<LiveEvent, { type: 'task' }>['task'] | undefined;
      if (task === undefined) return;
      const key = `task:${task.task.taskId}`;
      this.#tasks.set(key, { type: 'task', task });
      this.#tell(key, { type: 'task', task });
    });
    for (const type of ['results', 'gone', 'turn', 'reply', 'group', 'reset', 'tasks'] as const)
      on(type, (data) => {
        if (typeof data !== 'object' || data === null) return;
        const event = { ...data, type } as LiveEvent;
        if (event.type === 'gone') this.#tasks.delete(keyOf(event));
        this.#tell(keyOf(event), event);
      });
  }

  #opened(): void {
    this.#failures = 0;
    this.#setState('live');
    for (const watch of [...this.#watches]) {
      const type = watch.wasOpen ? 'reopened' : 'opened';
      watch.wasOpen = true;
      watch.listener({ type });
    }
    // The browser reconnects to the subjects of before.
    this.#settle();
  }

  #failed(stream: EventStream): void {
    this.#setState('reconnecting');
    // After a lost connection the browser reconnects by itself, and sends the id of the last event.
    if (stream.readyState !== CLOSED) return;
    this.#failures += 1;
    const spread = 0.8 + 0.4 * (this.#options.random ?? Math.random)();
    this.#schedule(spread * Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1)));
  }

  #heardServer(server: ServerEvent | undefined): void {
    if (server === undefined) return;
    const isOther = this.#instance !== null && this.#instance !== server.instance;
    this.#instance = server.instance;
    if (isOther) for (const listener of [...this.#restartListeners]) listener();
  }

  #tell(key: string, event: LiveEvent): void {
    for (const { subject, listener } of [...this.#watches]) if (subjectKey(subject) === key) listener(event);
  }

  #close(): void {
    this.#cancelTimer();
    this.#stream?.close();
    this.#stream = null;
    this.#address = null;
    this.#tasks.clear();
  }

  #setState(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener();
  }
}

function keyOf(event: LiveEvent): string {
  if (event.type === 'results' || event.type === 'gone') return `task:${event.taskId}`;
  return 'focusGroupId' in event ? `group:${event.focusGroupId}` : 'list';
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
