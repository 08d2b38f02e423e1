import type { TaskManager, TaskRunner, TaskSettings } from '@panelist/toolkit';
import { deploySurvey, type SurveyDeployment, type SurveyRunner } from '../../survey/deploy-survey.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import { checkLimits, type RunLimits } from '../runs/run-limits.ts';

export interface SubmitOptions {
  /** Recorded with the task; a run that is joined is changed to them. @default {} */
  readonly limits?: RunLimits | undefined;
  /** Recorded with a new task only. @default {} */
  readonly defaults?: RunLimits | undefined;
  /** Further settings of the task, new or joined. @default {} */
  readonly marks?: TaskSettings | undefined;
  /** Further settings of a new task. @default {} */
  readonly newMarks?: TaskSettings | undefined;
  /** As for `deploySurvey`. */
  readonly beforeRun?: (() => Promise<void>) | undefined;
}

export interface SubmittedSurvey {
  readonly taskId: string;
  /** Whether this call created the task. */
  readonly isNew: boolean;
  /** `joined`: it was under way. `finished`: it was done before, and nothing is asked. */
  readonly how: 'started' | 'joined' | 'finished';
}

/**
 * Creates the task of a survey, or finds the one that is the same, and runs nothing: another process does, by `resume`.
 *
 * @throws PanelistError as `deploySurvey`
 */
export async function submitSurvey(
  tasks: TaskManager,
  deployment: SurveyDeployment,
  { limits = {}, defaults = {}, marks = {}, newMarks = {}, beforeRun }: SubmitOptions = {},
): Promise<SubmittedSurvey> {
  const { task, how } = await deploySurvey(creatingRunner(tasks), deployment, {
    settings: { ...checkLimits(limits), ...marks },
    defaults: { ...checkLimits(defaults), ...newMarks },
    beforeRun,
  });
  return { taskId: task.taskId, isNew: how === 'started', how };
}

function creatingRunner(tasks: TaskManager): SurveyRunner {
  const submit = async ({ taskKey, taskParams, items, identity, settings }: Submitted) => {
    const all = [...items];
    return tasks.getOrCreateTask({
      taskKey,
      taskParams,
      totalCount: all.length,
      job: SURVEY_JOB,
      items: all,
      identity,
      settings,
    });
  };
  return {
    tasks,
    submit: submit as TaskRunner['submit'],
    resume: (taskId) => tasks.resumeTask(taskId),
  };
}

type Submitted = Parameters<TaskManager['getOrCreateTask']>[0] & { readonly items: Iterable<never> };
