import { analyseGroup, type GroupAnalysis } from '../../analysis/focus-group/group-analysis.ts';
import { type GroupHistory, transcriptOf } from '../../focus-group/group-history.ts';
import { readPolls } from '../../focus-group/read-polls.ts';
import type { FoundThemes } from '../../focus-group/themes-job.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import type { Workspace } from '../open-workspace.ts';

/** What was said in a group, and what is to be said of it. */
export async function analysedGroup(
  { tasks }: Pick<Workspace, 'tasks'>,
  history: GroupHistory,
  found: (FoundThemes & { readonly model: string }) | null = null,
): Promise<{ readonly transcript: Transcript; readonly analysis: GroupAnalysis }> {
  const transcript = await transcriptOf(tasks, history);
  return { transcript, analysis: analyseGroup(transcript, await readPolls(tasks, history), found) };
}
