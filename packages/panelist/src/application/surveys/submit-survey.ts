import type { JobRunner, TaskManager, TaskRecord, TaskSettings } from '@panelist/toolkit';
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
  /** Whether the caller may change and resume a task that is under way; one that they may not is only returned. @default yes */
  readonly mayChange?: ((unfinished: TaskRecord) => boolean) | undefined;
}

export interface SubmittedSurvey {
  readonly taskId: string;
  /** Whether this call created the task. */
  readonly isNew: boolean;
  /** `joined`: it was under way. `finished`: it was done before, and nothing is asked. */
  readonly how: 'started' | 'joined' | 'finished';
  /** Whether it is to be run now: not where it has finished, or the caller may not change it. */
  readonly isToRun: boolean;
}

/**
 * Creates the task of a survey, or finds the one that is the same, and runs nothing: another process does, by `resume`.
 *
 * @throws PanelistError as `deploySurvey`
 */
export async function submitSurvey(
  tasks: TaskManager,
  deployment: SurveyDeployment,
  { limits = {}, defaults = {}, marks = {}, newMarks = {}, beforeRun, mayChange }: SubmitOptions = {},
): Promise<SubmittedSurvey> {
  try {
    const { task, how } = await deploySurvey(creatingRunner(tasks), deployment, {
      settings: { ...checkLimits(limits), ...marks },
      defaults: { ...checkLimits(defaults), ...newMarks },
      async beforeRun(unfinished) {
        if (unfinished !== undefined && mayChange?.(unfinished) === false)
          throw new LeftAlone(unfinished.taskId);
        await beforeRun?.();
      },
    });
    return { taskId: task.taskId, isNew: how === 'started', how, isToRun: how !== 'finished' };
  } catch (error) {
    if (!(error instanceof LeftAlone)) throw error;
    return { taskId: error.taskId, isNew: false, how: 'joined', isToRun: false };
  }
}

/** The task is somebody else's. */
class LeftAlone extends Error {
  readonly taskId: string;

  constructor(taskId: string) {
    super('The task is left as it is.');
    this.taskId = taskId;
  }
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
    submit: submit as JobRunner['submit'],
    resume: (taskId) => tasks.resumeTask(taskId),
  };
}

type Submitted = Parameters<TaskManager['getOrCreateTask']>[0] & { readonly items: Iterable<never> };
