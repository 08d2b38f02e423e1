import { analyseGroup, type GroupAnalysis } from '../../analysis/focus-group/group-analysis.ts';
import { type GroupHistory, readGroup } from '../../focus-group/history.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import { transcriptOf } from '../../focus-group/transcript.ts';
import { readPolls } from '../../focus-group/turns/read-polls.ts';
import type { FoundThemes } from '../../focus-group/turns/themes-job.ts';
import type { Workspace } from '../open-workspace.ts';

/** Themes with the model that found them. */
export type ThemesOfModel = FoundThemes & { readonly model: string };

/**
 * What was said in a group, and its analysis. Makes no call.
 *
 * @param found themes that a model has found; `null`: keyword themes
 * @throws PanelistError `GROUP_NOT_FOUND`
 */
export async function analyseTranscript(
  { tasks }: Pick<Workspace, 'tasks'>,
  focusGroupId: string,
  found: ThemesOfModel | null = null,
): Promise<{ readonly transcript: Transcript; readonly analysis: GroupAnalysis }> {
  const history: GroupHistory = await readGroup(tasks, focusGroupId);
  const transcript = await transcriptOf(tasks, history);
  return { transcript, analysis: analyseGroup(transcript, await readPolls(tasks, history), found) };
}
