import { randomUUID } from 'node:crypto';
import {
  fingerprint,
  type JobRunner,
  type Task,
  type TaskRecord,
  type TaskSettings,
} from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { submittedInSpan } from '../models/telemetry/task-trace.ts';
import { PanelistError } from '../panelist-error.ts';
import { sha256 } from '../text/sha256.ts';
import type { AskScope } from './interview/interview-plan.ts';
import type { Questionnaire } from './questionnaire.ts';
import { SURVEY } from './stored-survey.ts';
import type { RespondentItem, SurveyTaskParams } from './survey-task.ts';

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
  /** Given to the model where it takes one, and what every order is drawn by. @default none, and orders by 0 */
  readonly seed?: number | undefined;
  /** How much is asked at once. @default 'page' */
  readonly ask?: AskScope | undefined;
  /** Orders every question's options by the seed: shuffled, or for a scale reversed for half. @default false */
  readonly randomizeOptions?: boolean | undefined;
  /** Interviews a respondent, to see how consistent the answers are. @default 1 */
  readonly replicates?: number | undefined;
  /** The moment that `today()` and its like count from, in milliseconds since 1970. @default now */
  readonly now?: number | undefined;
  /** Asks everything again, even what has been answered before. @default false */
  readonly fresh?: boolean | undefined;
}

export interface DeploySettings {
  /** How the task is to be run; a task that is joined is changed to them. @default {} */
  readonly settings?: TaskSettings | undefined;
  /** The same for a task that is started only. @default {} */
  readonly defaults?: TaskSettings | undefined;
  /**
   * Called before a task is started, or the given one joined; not if it has finished. What it throws ends the deployment.
   */
  readonly beforeRun?: ((unfinished: TaskRecord | undefined) => Promise<void>) | undefined;
}

export interface DeployedSurvey {
  readonly task: Task;
  /** `started`: now, by this call. `joined`: it was under way. `finished`: it was done before; nothing is asked. */
  readonly how: 'started' | 'joined' | 'finished';
}

/** What a deployment needs of a runner: one that only creates tasks, for another process to run them, will do. */
export type SurveyRunner = Pick<JobRunner, 'tasks' | 'submit' | 'resume'>;

/**
 * Sends a survey out. The same survey to the same audience joins the run that is under way; one that has finished
 * with nobody failed is returned as it is, unless `fresh`. `runner` must know the job `SURVEY_JOB`.
 *
 * @throws PanelistError `USAGE` for two respondents with one id, or `fresh` while the same survey is under way with
 * stored replies.
 */
export async function deploySurvey(
  runner: SurveyRunner,
  deployment: SurveyDeployment,
  { settings = {}, defaults = {}, beforeRun }: DeploySettings = {},
): Promise<DeployedSurvey> {
  const { survey, questionnaire, respondents, model } = deployment;
  const taskKey = `survey_${survey}`;
  const { taskParams, items } = surveyTask(deployment);
  const { baseUrl, temperature, seed, ask, randomizeOptions, replicates } = taskParams;
  // Hashes, because a questionnaire's order matters and a fingerprint sorts its lists.
  const identity = {
    questionnaire: sha256(JSON.stringify(questionnaire)),
    respondents: sha256(JSON.stringify(respondents)),
    model,
    baseUrl,
    temperature,
    seed,
    ask,
    randomizeOptions,
    replicates,
  };
  const unfinished = await runner.tasks.store.findActive(taskKey, fingerprint(identity));
  if (unfinished === undefined && taskParams.freshRun === null) {
    const finished = await finishedTask(runner, taskKey, fingerprint(identity));
    if (finished !== undefined) return { task: finished, how: 'finished' };
  }
  if (
    unfinished !== undefined &&
    taskParams.freshRun !== null &&
    SURVEY.params(unfinished).freshRun === null
  ) {
    throw new PanelistError(
      'USAGE',
      `Task ${unfinished.taskId} is the same survey and is not finished: go on with it, or cancel it first.`,
      { data: { reason: 'unfinished', taskId: unfinished.taskId } },
    );
  }
  await beforeRun?.(unfinished);
  // Before it is taken over or resumed, which they may be for.
  if (unfinished !== undefined) await runner.tasks.configureTask(unfinished.taskId, settings);
  const { task, isNew } = await submittedInSpan(SURVEY.name, { ...defaults, ...settings }, (all) =>
    runner.submit({ job: SURVEY, taskKey, taskParams, items, identity, settings: all }),
  );
  if (!isNew && task.taskId !== unfinished?.taskId) await runner.tasks.configureTask(task.taskId, settings);
  if (task.status === 'paused') await runner.resume(task.taskId);
  return { task, how: isNew ? 'started' : 'joined' };
}

async function finishedTask(
  runner: SurveyRunner,
  taskKey: string,
  identity: string,
): Promise<Task | undefined> {
  const finished = await runner.tasks.store.summaries({
    taskKey,
    fingerprint: identity,
    statuses: ['completed'],
    limit: 1,
  });
  const record = finished.entries[0];
  return record === undefined || record.failedCount > 0 ? undefined : runner.tasks.getTask(record.taskId);
}

/** What a deployment's task is made of. @throws PanelistError `USAGE` for two respondents with one id */
export function surveyTask(deployment: SurveyDeployment): {
  readonly taskParams: SurveyTaskParams;
  readonly items: readonly { readonly key: string; readonly input: RespondentItem }[];
} {
  const { survey, questionnaire, audience, respondents, model } = deployment;
  const taskParams: SurveyTaskParams = {
    survey,
    audience,
    questionnaire,
    model,
    baseUrl: deployment.baseUrl ?? null,
    temperature: deployment.temperature ?? null,
    seed: deployment.seed ?? null,
    ask: deployment.ask ?? 'page',
    randomizeOptions: deployment.randomizeOptions ?? false,
    orderRule: 'measurement',
    replicates: deployment.replicates ?? 1,
    freshRun: deployment.fresh === true ? randomUUID() : null,
    now: deployment.now ?? Date.now(),
  };
  return { taskParams, items: interviewItems(respondents, taskParams.replicates) };
}

/** The first interview of a respondent is called by the id, the second `id#2`. */
function interviewItems(
  respondents: readonly Respondent[],
  replicates: number,
): { key: string; input: RespondentItem }[] {
  const same = new Map<string, number>();
  const texts = respondents.map(({ persona }) => JSON.stringify(persona));
  for (const text of texts) same.set(text, (same.get(text) ?? 0) + 1);
  const keys = new Set<string>();
  const before = new Map<string, number>();
  const askings = texts.map((text) => {
    const count = before.get(text) ?? 0;
    before.set(text, count + 1);
    return count;
  });
  const items: { key: string; input: RespondentItem }[] = [];
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (const [index, { id, persona, weight = 1 }] of respondents.entries()) {
      const key = replicate === 0 ? id : `${id}#${replicate + 1}`;
      if (keys.has(key)) {
        throw new PanelistError(
          'USAGE',
          `Two interviews would both be called ${JSON.stringify(key)}: give the respondents other ids.`,
        );
      }
      keys.add(key);
      // Numbered so that a run with more replicates leaves the earlier ones as they were.
      const asking = replicate * (same.get(texts[index] as string) as number) + (askings[index] as number);
      items.push({ key, input: { respondentId: id, persona, weight, replicate, asking } });
    }
  }
  return items;
}
