import type { JsonValue, SummariesRequest, TaskManager, TaskSummary } from '@panelist/toolkit';
import { type RunView, runView } from '../runs/run-view.ts';

/** The members of a task's parameters that a `RunView` is made of: a questionnaire may be megabytes. */
const members = [
  'title',
  'survey',
  'questionnaire.title',
  'group.title',
  'focusGroupId',
  'turn',
  'step',
  'model',
  'baseUrl',
] as const;

/** The tasks that match, the newest first. @param filter.limit @default 100 */
export async function listRuns(
  { store }: TaskManager,
  filter: Pick<SummariesRequest, 'limit' | 'statuses'>,
  now: number,
): Promise<readonly RunView[]> {
  const { entries } = await store.summaries({ ...filter, params: members });
  return entries.map((summary) => runView({ ...summary, taskParams: paramsOf(summary) }, now));
}

/** The parameters as far as they were read. */
function paramsOf({ params }: TaskSummary): JsonValue {
  const { 'questionnaire.title': ofSurvey = null, 'group.title': ofGroup = null, ...rest } = params;
  return { ...rest, questionnaire: { title: ofSurvey }, group: { title: ofGroup } };
}
