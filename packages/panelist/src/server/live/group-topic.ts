import type { TaskManager } from '@panelist/toolkit';
import { type GroupChanges, groupChanges } from '../../application/focus-groups/group-changes.ts';
import type { Subscriber, Topic } from './topic.ts';

/** A group that no page has looked at yet: everything in it is new. */
const NOTHING = '';

/** One focus group: its turns and replies with their whole content. */
export class GroupTopic implements Topic {
  readonly #tasks: TaskManager;
  readonly #group: string;
  readonly #name: string;
  #cursor: string | undefined;

  /** @param name of the topic, for its cursor */
  constructor(tasks: TaskManager, group: string, name: string) {
    this.#tasks = tasks;
    this.#group = group;
    this.#name = name;
  }

  /** A page that comes for the first time reads the group by itself, and gets what changes from now on. */
  async join(subscriber: Subscriber, cursor: string | undefined): Promise<void> {
    const changes = await this.#changes(cursor ?? this.#cursor ?? NOTHING);
    this.#cursor ??= changes.next;
    if (cursor !== undefined) this.#send(changes, [subscriber]);
    else this.#sendState(changes, [subscriber]);
  }

  async look(subscribers: ReadonlySet<Subscriber>): Promise<void> {
    const changes = await this.#changes(this.#cursor ?? NOTHING);
    this.#cursor = changes.next;
    this.#send(changes, subscribers);
  }

  #changes(cursor: string): Promise<GroupChanges> {
    return groupChanges(this.#tasks, this.#group, cursor, Date.now());
  }

  #send(changes: GroupChanges, subscribers: Iterable<Subscriber>): void {
    if (changes.state === null) return;
    const focusGroupId = this.#group;
    const to = [...subscribers];
    const send = (event: 'turn' | 'reply' | 'reset', content: object): void => {
      const data = JSON.stringify({ focusGroupId, ...content });
      for (const each of to) each.send(this.#name, { event, key: null, data });
    };
    if (changes.isReset) send('reset', {});
    for (const turn of changes.turns) send('turn', { turn });
    for (const reply of changes.replies) send('reply', { reply });
    this.#sendState(changes, to);
  }

  /** Last, since the cursor says that all before it has arrived. */
  #sendState({ state, next: cursor }: GroupChanges, subscribers: readonly Subscriber[]): void {
    const data = JSON.stringify({ focusGroupId: this.#group, state });
    if (state !== null)
      for (const each of subscribers) each.send(this.#name, { event: 'group', key: null, data, cursor });
  }
}
