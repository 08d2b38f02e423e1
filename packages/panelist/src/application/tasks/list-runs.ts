import type { JsonValue, SummariesRequest, TaskManager, TaskSummary } from '@panelist/toolkit';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import { type RunView, runView } from '../runs/run-view.ts';

/** The members of a task's parameters that a `RunView` is made of: a questionnaire may be megabytes. */
export const RUN_MEMBERS: readonly string[] = [
  'title',
  'survey',
  'questionnaire.title',
  'group.title',
  'focusGroupId',
  'turn',
  'step',
  'model',
  'baseUrl',
];

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
  const { entries, next } = await store.summaries({ ...request, params: RUN_MEMBERS });
  return { runs: entries.map((summary) => runOfSummary(summary, now)), next };
}

/** @param summary with the `RUN_MEMBERS` of its parameters */
export function runOfSummary(summary: TaskSummary, now: number): RunView {
  return runView({ ...summary, taskParams: paramsOf(summary) }, now);
}

/** The parameters as far as they were read. */
function paramsOf({ params }: TaskSummary): JsonValue {
  const { 'questionnaire.title': ofSurvey = null, 'group.title': ofGroup = null, ...rest } = params;
  return { ...rest, questionnaire: { title: ofSurvey }, group: { title: ofGroup } };
}

/** Whether a task asks a questionnaire: a survey, or a poll of a focus group. */
export function isSurveyJob({ job }: Pick<TaskSummary, 'job'>): boolean {
  return job === SURVEY_JOB;
}
