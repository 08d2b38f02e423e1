import type { GroupState, GroupTurn, NewReply, TaskLive, TaskView } from '../api/types.ts';

/** What a component looks at. */
export type Subject =
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'list' };

/** What the server reports of a subject. */
export type LiveEvent =
  | { readonly type: 'task'; readonly task: TaskLive }
  /** There are new results, up to this revision of the task. */
  | {
      readonly type: 'results';
      readonly taskId: string;
      readonly through: number;
      readonly completedCount: number;
    }
  /** The task was deleted. */
  | { readonly type: 'gone'; readonly taskId: string }
  | { readonly type: 'tasks'; readonly changed: readonly TaskView[]; readonly removed: readonly string[] }
  | { readonly type: 'turn'; readonly focusGroupId: string; readonly turn: GroupTurn }
  | { readonly type: 'reply'; readonly focusGroupId: string; readonly reply: NewReply }
  /** After its turns and replies: all up to `cursor` was sent, from `from` on. `null` for a group that is gone. */
  | {
      readonly type: 'group';
      readonly focusGroupId: string;
      readonly state: GroupState | null;
      readonly from: string | null;
      readonly cursor: string | null;
    }
  /** What was missed cannot be replayed: read the group again. */
  | { readonly type: 'reset'; readonly focusGroupId: string }
  /** A stream with the subject is open for the first time: what was read before may be older. */
  | { readonly type: 'opened' }
  /** The stream was away: read again what may have changed meanwhile. */
  | { readonly type: 'reopened' };

/** The first event of each stream. */
export interface ServerEvent {
  /** Differs after a restart. */
  readonly instance: string;
  readonly startedAt: string;
}

export function subjectKey(subject: Subject): string {
  return subject.kind === 'list' ? 'list' : `${subject.kind}:${subject.id}`;
}

/** `/api/events` for all of these subjects. */
export function eventsAddress(subjects: readonly Subject[]): string {
  const ids = (kind: 'task' | 'group'): string =>
    subjects
      .flatMap((subject) => (subject.kind === kind ? [encodeURIComponent(subject.id)] : []))
      .sort()
      .join(',');
  const parameters = [
    ['tasks', ids('task')],
    ['groups', ids('group')],
    ['list', subjects.some(({ kind }) => kind === 'list') ? '1' : ''],
  ].flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`]));
  return `/api/events${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`;
}
