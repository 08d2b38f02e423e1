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

/** A page of tasks. */
export interface RunPage {
  readonly runs: readonly RunView[];
  /** Pass it as `after` for the next page; `null` on the last one. */
  readonly next: string | null;
}

/** The tasks that match, the newest first. @param request.limit @default 100 */
export async function listRuns(
  { store }: TaskManager,
  request: Pick<SummariesRequest, 'limit' | 'statuses' | 'after'>,
  now: number,
): Promise<RunPage> {
  const { entries, next } = await store.summaries({ ...request, params: members });
  const runs = entries.map((summary) => runView({ ...summary, taskParams: paramsOf(summary) }, now));
  return { runs, next };
}

/** The parameters as far as they were read. */
function paramsOf({ params }: TaskSummary): JsonValue {
  const { 'questionnaire.title': ofSurvey = null, 'group.title': ofGroup = null, ...rest } = params;
  return { ...rest, questionnaire: { title: ofSurvey }, group: { title: ofGroup } };
}
