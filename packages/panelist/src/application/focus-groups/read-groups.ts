import type { TaskManager } from '@panelist/toolkit';
import { type FocusGroup, groupTaskKey } from '../../focus-group/group.ts';
import { readGroup } from '../../focus-group/history.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import { failedReplies, transcriptOf } from '../../focus-group/transcript.ts';
import type { Workspace } from '../open-workspace.ts';
import { type RunView, runView } from '../runs/run-view.ts';
import type { Spending } from '../runs/spending.ts';
import { listGroupPage } from './list-groups.ts';

/** A group as lists show it. */
export interface GroupView {
  readonly group: string;
  readonly title: string;
  readonly model: string;
  readonly participants: number;
  readonly rounds: number;
  /** Replies that were given. */
  readonly replies: number;
  readonly failed: number;
  /** Whether no round is under way or interrupted. */
  readonly isOver: boolean;
}

/** The groups of a database, the newest first. */
export async function groupViews(tasks: TaskManager): Promise<readonly GroupView[]> {
  const views: GroupView[] = [];
  let after: string | undefined;
  do {
    const page = await listGroupPage(tasks, { after }, Date.now());
    for (const { focusGroupId: group, state: _, language: __, createdAt: ___, ...view } of page.groups)
      views.push({ group, ...view });
    after = page.next ?? undefined;
  } while (after !== undefined);
  return views;
}

/** The group as it was opened. @throws PanelistError `GROUP_NOT_FOUND` */
export async function openedGroup(tasks: TaskManager, focusGroupId: string): Promise<FocusGroup> {
  return (await readGroup(tasks, focusGroupId)).group;
}

/** What was said so far. @throws PanelistError `GROUP_NOT_FOUND` */
export async function groupTranscript(tasks: TaskManager, focusGroupId: string): Promise<Transcript> {
  return transcriptOf(tasks, await readGroup(tasks, focusGroupId));
}

/** What all turns of a group have asked of their models in this process so far. */
export function groupSpending(
  { finalSpending }: Pick<Workspace, 'finalSpending'>,
  focusGroupId: string,
): Promise<Spending> {
  return finalSpending(groupTaskKey(focusGroupId));
}

/** How many replies of the group failed and were not retried successfully. @throws PanelistError `GROUP_NOT_FOUND` */
export async function failedInGroup(tasks: TaskManager, focusGroupId: string): Promise<number> {
  return failedReplies(await groupTranscript(tasks, focusGroupId));
}

/** A turn of a group with its task. */
export interface GroupTurnView extends RunView {
  /** From 0. */
  readonly turn: number;
  /** What it is: `opening`, `poll-before`, `round-1` … */
  readonly step: string;
}

/** The turns of a group: polls, rounds, summaries. @throws PanelistError `GROUP_NOT_FOUND` */
export async function groupTurns(
  tasks: TaskManager,
  focusGroupId: string,
  now: number,
): Promise<readonly GroupTurnView[]> {
  const { turns } = await readGroup(tasks, focusGroupId);
  return turns.map(({ turn, step, task }) => ({ turn, step, ...runView(task, now) }));
}
