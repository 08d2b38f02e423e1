import type { TaskManager } from '@panelist/toolkit';
import { type GroupChanges, groupChanges } from '../../application/focus-groups/group-changes.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { LiveEvent, Subscriber, Topic } from './topic.ts';

/** A group that no page has looked at yet. */
const NOTHING = '';

/** One focus group: its turns and replies with their whole content. */
export class GroupTopic implements Topic {
  readonly #tasks: TaskManager;
  readonly #group: string;
  readonly #name: string;
  /** How far the pages were told; `undefined` where none was, or there is no such group. */
  #cursor: string | undefined;

  /** @param name of the topic, for its cursor */
  constructor(tasks: TaskManager, group: string, name: string) {
    this.#tasks = tasks;
    this.#group = group;
    this.#name = name;
  }

  /** A page that comes for the first time reads the group by itself, and gets what changes from now on. */
  async join(subscriber: Subscriber, cursor: string | undefined): Promise<void> {
    const changes = await this.#changes(cursor ?? NOTHING);
    this.#cursor ??= changes?.next;
    if (changes === null) send(this.#gone(), this.#name, [subscriber]);
    else if (cursor === undefined) send(this.#stateEvent(changes, null), this.#name, [subscriber]);
    else for (const event of this.#events(changes, cursor)) send(event, this.#name, [subscriber]);
  }

  async look(subscribers: ReadonlySet<Subscriber>): Promise<void> {
    const before = this.#cursor;
    if (before === undefined) return;
    const changes = await this.#changes(before);
    this.#cursor = changes?.next;
    if (changes === null) send(this.#gone(), this.#name, subscribers);
    else for (const event of this.#events(changes, before)) send(event, this.#name, subscribers);
  }

  /** `null` where there is no such group. */
  async #changes(cursor: string): Promise<GroupChanges | null> {
    try {
      return await groupChanges(this.#tasks, this.#group, cursor, Date.now());
    } catch (error) {
      if (error instanceof PanelistError && error.code === 'GROUP_NOT_FOUND') return null;
      throw error;
    }
  }

  #events(changes: GroupChanges, from: string): readonly LiveEvent[] {
    if (changes.state === null) return [];
    const focusGroupId = this.#group;
    const one = (event: 'turn' | 'reply' | 'reset', content: object): LiveEvent => ({
      event,
      key: null,
      data: JSON.stringify({ focusGroupId, ...content }),
    });
    return [
      ...(changes.isReset ? [one('reset', {})] : []),
      ...changes.turns.map((turn) => one('turn', { turn })),
      ...changes.replies.map((reply) => one('reply', { reply })),
      this.#stateEvent(changes, from),
    ];
  }

  /**
   * Last, since the cursor says that all before it has arrived.
   *
   * @param from the cursor that it follows: a page that was not there has missed something, and reads the group again
   */
  #stateEvent({ state, next: cursor }: GroupChanges, from: string | null): LiveEvent {
    const data = JSON.stringify({ focusGroupId: this.#group, state, from, cursor });
    return { event: 'group', key: null, data, cursor };
  }

  #gone(): LiveEvent {
    const data = JSON.stringify({ focusGroupId: this.#group, state: null, from: null, cursor: null });
    return { event: 'group', key: null, data };
  }
}

function send(event: LiveEvent, topic: string, subscribers: Iterable<Subscriber>): void {
  for (const each of subscribers) each.send(topic, event);
}
