import { createHash, randomUUID } from 'node:crypto';
import { fingerprint, type Task, type TaskRecord, type TaskRunner } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { PanelistError } from '../panelist-error.ts';
import type { Questionnaire } from './questionnaire.ts';
import { type RespondentItem, SURVEY_JOB, type SurveyTaskParams } from './survey-job.ts';

export interface SurveyDeployment {
  /** A short name; with it the task's key is `survey_<name>`. */
  readonly survey: string;
  readonly questionnaire: Questionnaire;
  /** What the audience is called, for people. */
  readonly audience: string;
  readonly respondents: readonly Respondent[];
  /** `provider/model`. */
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
  /** Asks everything anew, even what has been answered before. @default false */
  readonly fresh?: boolean | undefined;
}

export interface DeployedSurvey {
  readonly task: Task;
  /** `started`: now, by this call. `joined`: it was under way. `finished`: it was done before; nothing is asked. */
  readonly how: 'started' | 'joined' | 'finished';
}

/**
 * Sends a survey out. The same survey to the same audience joins the run that is under way; one that has finished
 * with nobody failed is returned as it is, unless `fresh`. `runner` must know the job `SURVEY_JOB`.
 *
 * @throws PanelistError `USAGE` for `fresh` while the same survey is under way with kept answers.
 */
export async function deploySurvey(
  runner: TaskRunner,
  deployment: SurveyDeployment,
): Promise<DeployedSurvey> {
  const { survey, questionnaire, audience, respondents, model } = deployment;
  const taskKey = `survey_${survey}`;
  const taskParams: SurveyTaskParams = {
    survey,
    audience,
    questionnaire,
    model,
    baseUrl: deployment.baseUrl ?? null,
    temperature: deployment.temperature ?? null,
    seed: deployment.seed ?? null,
    freshRun: deployment.fresh === true ? randomUUID() : null,
  };
  const { baseUrl, temperature, seed } = taskParams;
  // Hashes, because a questionnaire's order matters and a fingerprint sorts its lists.
  const identity = {
    questionnaire: sha256(questionnaire),
    respondents: sha256(respondents),
    model,
    baseUrl,
    temperature,
    seed,
  };
  const unfinished = await runner.tasks.store.findActive(taskKey, fingerprint(identity));
  if (unfinished === undefined && taskParams.freshRun === null) {
    const finished = await finishedTask(runner, taskKey, fingerprint(identity));
    if (finished !== undefined) return { task: finished, how: 'finished' };
  }
  if (unfinished !== undefined && taskParams.freshRun !== null && !isFresh(unfinished)) {
    throw new PanelistError(
      'USAGE',
      `Task ${unfinished.taskId} is the same survey and is not finished: go on with it (without --fresh) or cancel it first.`,
    );
  }
  const { task, isNew } = await runner.submit({
    job: SURVEY_JOB,
    taskKey,
    taskParams,
    items: respondentItems(respondents),
    identity,
  });
  if (task.status === 'paused') await runner.resume(task.taskId);
  return { task, how: isNew ? 'started' : 'joined' };
}

async function finishedTask(
  runner: TaskRunner,
  taskKey: string,
  identity: string,
): Promise<Task | undefined> {
  const finished = await runner.tasks.store.list({
    taskKey,
    fingerprint: identity,
    statuses: ['completed'],
    limit: 1,
  });
  const record = finished[0];
  return record === undefined || record.failedCount > 0 ? undefined : runner.tasks.getTask(record.taskId);
}

function isFresh({ taskParams }: TaskRecord): boolean {
  return (taskParams as unknown as SurveyTaskParams).freshRun !== null;
}

function respondentItems(respondents: readonly Respondent[]): { key: string; input: RespondentItem }[] {
  const seen = new Map<string, number>();
  return respondents.map(({ id, persona }) => {
    const text = JSON.stringify(persona);
    const replicate = seen.get(text) ?? 0;
    seen.set(text, replicate + 1);
    return { key: id, input: { persona, replicate } };
  });
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
