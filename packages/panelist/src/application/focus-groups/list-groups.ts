import type { SummariesRequest, TaskManager, TaskSummary } from '@panelist/toolkit';
import { groupName, OPENING_JOB, ROUND_JOB } from '../../focus-group/group.ts';
import { type GroupState, groupState } from './group-state.ts';
import { groupTasks } from './turn-rows.ts';

/** A group as lists show it. */
export interface ListedGroup {
  readonly focusGroupId: string;
  readonly title: string;
  readonly model: string;
  readonly language: string;
  readonly participants: number;
  readonly rounds: number;
  /** Replies that were given. */
  readonly replies: number;
  readonly failed: number;
  /** Whether no round is under way or interrupted. */
  readonly isOver: boolean;
  readonly state: GroupState;
  readonly createdAt: string;
}

export interface GroupPage {
  /** The newest first. */
  readonly groups: readonly ListedGroup[];
  /** Pass it as `after` for the next page; `null` on the last one. */
  readonly next: string | null;
}

/** The members of an opening's parameters that a list shows. */
const members = [
  'focusGroupId',
  'group.title',
  'group.model',
  'group.language',
  'group.participants',
] as const;

/**
 * A page of the groups of a database. It reads counts and titles, and nothing of what was said.
 *
 * @param request.limit @default 50
 */
export async function listGroupPage(
  tasks: TaskManager,
  { after, limit = 50 }: Pick<SummariesRequest, 'after' | 'limit'>,
  now: number,
): Promise<GroupPage> {
  const openings = await tasks.store.summaries({ job: OPENING_JOB, after, limit, params: members });
  const groups: ListedGroup[] = [];
  for (const opening of openings.entries) {
    const listed = await listedGroup(tasks, opening, now);
    if (listed !== null) groups.push(listed);
  }
  return { groups, next: openings.next };
}

/** `null` for an opening that was cancelled, is a second one, or is not what Panelist writes. */
async function listedGroup(
  tasks: TaskManager,
  opening: TaskSummary,
  now: number,
): Promise<ListedGroup | null> {
  const {
    focusGroupId,
    'group.title': title,
    'group.model': model,
    'group.language': language,
    'group.participants': participants,
  } = opening.params;
  if (typeof focusGroupId !== 'string' || !groupName.test(focusGroupId)) return null;
  // Without members of the parameters, which hold all that was said before: that would take ten times as long.
  const all = await groupTasks(tasks, focusGroupId);
  const turns = all.filter(({ status }) => status !== 'cancelled');
  if (turns.find(({ job }) => job === OPENING_JOB)?.taskId !== opening.taskId) return null;
  const rounds = turns.filter(({ job }) => job === ROUND_JOB);
  const sum = (count: (task: TaskSummary) => number): number =>
    rounds.reduce((total, task) => total + count(task), 0);
  return {
    focusGroupId,
    title: typeof title === 'string' ? title : '',
    model: typeof model === 'string' ? model : '',
    language: typeof language === 'string' ? language : 'en',
    participants: Array.isArray(participants) ? participants.length : 0,
    rounds: rounds.length,
    replies: sum(({ successCount }) => successCount),
    failed: sum(({ failedCount }) => failedCount),
    isOver: rounds.every(({ finishedAt }) => finishedAt !== null),
    state: groupState(opening, all, now),
    createdAt: new Date(opening.createdAt).toISOString(),
  };
}
