import type { TaskManager } from '@panelist/toolkit';
import { type Context, contextOf } from './context.ts';
import { SUMMARY_JOB } from './group.ts';
import type { GroupHistory } from './history.ts';
import { beginsLikeOurs } from './names.ts';
import type { Transcript } from './transcript.ts';
import { transcriptOf } from './transcript.ts';
import { SUMMARY } from './turns/stored-turns.ts';

/** A summary of the group's first rounds. */
export interface GroupSummary {
  readonly text: string;
  /** Of how many rounds it is. */
  readonly rounds: number;
}

/** All that a group remembers. It is read once for a turn, and the turn is planned from it. */
export interface GroupMemory extends GroupHistory {
  readonly transcript: Transcript;
  /** The newest; `null` where none could be made yet. */
  readonly summary: GroupSummary | null;
  /** What those who speak next remember. */
  readonly context: Context;
}

/** @throws PanelistError `ROW_INVALID` */
export async function readMemory(tasks: TaskManager, history: GroupHistory): Promise<GroupMemory> {
  const transcript = await transcriptOf(tasks, history);
  const summary = await latestSummary(tasks, history);
  return { ...history, transcript, summary, context: contextOf(transcript, summary) };
}

async function latestSummary(tasks: TaskManager, { turns }: GroupHistory): Promise<GroupSummary | null> {
  for (const { task } of turns.toReversed()) {
    if (task.job !== SUMMARY_JOB) continue;
    for await (const record of tasks.items(task.taskId)) {
      const { status, result } = SUMMARY.item(task.taskId, record);
      if (status !== 'succeeded') continue;
      const { value } = result;
      // A line of its own in a prompt, where "Host: …" would be read as the host's.
      return { text: beginsLikeOurs(value) ? `- ${value}` : value, rounds: SUMMARY.params(task).rounds };
    }
  }
  return null;
}
