/** What is sent to a page. */
export interface LiveEvent {
  /** The SSE event's name. */
  readonly event: 'task' | 'gone' | 'results' | 'tasks' | 'group' | 'turn' | 'reply' | 'reset';
  /** An event of the same key that has not been sent yet is replaced. `null` for one that must not be lost. */
  readonly key: string | null;
  readonly data: string;
  /** What it becomes where it replaces an event that has not been sent yet. @default itself */
  readonly replacing?: ((older: LiveEvent) => LiveEvent) | undefined;
  /** How far the topic has been reported then: it comes back with `Last-Event-ID`. */
  readonly cursor?: string | undefined;
}

/** One page's stream. */
export interface Subscriber {
  send(topic: string, event: LiveEvent): void;
}

/** Something that pages look at: a task, a group, the list. It is looked at once for all of them. */
export interface Topic {
  /** Starts with where the page is: `undefined` for one that comes for the first time. */
  join(subscriber: Subscriber, cursor: string | undefined): Promise<void>;
  /** Looks what has changed, and sends it. */
  look(subscribers: ReadonlySet<Subscriber>): Promise<void>;
}
