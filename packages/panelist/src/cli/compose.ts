import { ConcurrencyManager, TaskManager, TaskRunner, type ThrottleWait } from '@panelist/toolkit';
import { openSqliteDatabase, SqlTaskStore } from '@panelist/toolkit/sqlite';
import type { ChatModel } from '../models/chat-model.ts';
import { type OpenedModel, openModel } from '../models/model-registry.ts';
import { ModelThrottles } from '../models/model-throttles.ts';
import { type ModelUsage, noUsage } from '../models/model-usage.ts';
import { ReplayingModel } from '../models/replaying-model.ts';
import { RetryingModel } from '../models/retrying-model.ts';
import { SqlAnswerStore } from '../models/sql-answer-store.ts';
import { TracedModel } from '../models/traced-model.ts';
import { PanelistError } from '../panelist-error.ts';
import { SURVEY_JOB, type SurveyTaskParams, surveyJob } from '../survey/survey-job.ts';
import { DEFAULT_DATABASE, DEFAULT_MAX_CONCURRENCY } from './defaults.ts';

/** After so many respondents in a row have failed, the provider is taken to be out and the rest is left for later. */
const MAX_CONSECUTIVE_FAILURES = 25;

export interface WorkspaceOptions {
  /** @default .panelist/panelist.db */
  readonly database?: string | undefined;
  /** Interviews at once. @default 100 */
  readonly maxConcurrency?: number | undefined;
  /** The model's limit, requests a minute. @default learned from the provider's responses */
  readonly requestsPerMinute?: number | undefined;
  /** The model's limit, tokens a minute, requests and replies together. @default learned */
  readonly tokensPerMinute?: number | undefined;
}

/** The concrete parts of one process, put together here and nowhere else. */
export interface Workspace {
  readonly tasks: TaskManager;
  readonly runner: TaskRunner;
  /** What this process has asked of models so far. */
  readonly usage: Readonly<ModelUsage>;
  /** What calls to models wait for now; `undefined` where none does. */
  readonly waitingFor: ThrottleWait | undefined;
  /** What share of the calls' time was waiting for a provider: 0 to 1. */
  readonly waitingShare: number;
  /** Finds out whether a task's model can be opened, before anything is started that could only fail. */
  checkModel(params: Pick<SurveyTaskParams, 'model' | 'baseUrl'>): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const path = options.database ?? DEFAULT_DATABASE;
  if (/^[a-z]+:\/\//i.test(path)) {
    throw new PanelistError(
      'USAGE',
      `--database takes the path of a SQLite file in this version, got ${JSON.stringify(path.replace(/\/\/.*@/, '//…@'))}.`,
    );
  }
  const database = await openSqliteDatabase(path);
  const answers = await SqlAnswerStore.open(database);
  const tasks = new TaskManager({ store: await SqlTaskStore.open(database) });
  const usage = noUsage();
  const { maxConcurrency = DEFAULT_MAX_CONCURRENCY, requestsPerMinute, tokensPerMinute } = options;
  const throttles = new ModelThrottles({ maxConcurrency, requestsPerMinute, tokensPerMinute });
  const opened: OpenedModel[] = [];

  const open = async ({ model: id, baseUrl, freshRun }: SurveyTaskParams): Promise<ChatModel> => {
    const openedModel = await openModel(id, { baseUrl: baseUrl ?? undefined });
    opened.push(openedModel);
    const { model, identity, account } = openedModel;
    const keptUnder = freshRun === null ? identity : `${identity} in run ${freshRun}`;
    const errorHandler = throttles.errorHandler(account, id);
    const retrying = new RetryingModel(new TracedModel(model), errorHandler, usage);
    return new ReplayingModel(keptUnder, retrying, answers, usage);
  };
  const models = new Map<string, Promise<ChatModel>>();
  const modelFor = (params: SurveyTaskParams, taskId: string): Promise<ChatModel> => {
    const model = models.get(taskId) ?? open(params);
    models.set(taskId, model);
    return model;
  };

  const runner = new TaskRunner({
    tasks,
    concurrency: new ConcurrencyManager({ maxConcurrency }),
    maxConsecutiveFailures: MAX_CONSECUTIVE_FAILURES,
  }).register(SURVEY_JOB, surveyJob(modelFor));

  return {
    tasks,
    runner,
    usage,
    get waitingFor() {
      return throttles.waitingFor;
    },
    get waitingShare() {
      return throttles.waitingShare;
    },
    async checkModel({ model, baseUrl }) {
      await (await openModel(model, { baseUrl: baseUrl ?? undefined })).close();
    },
    async close() {
      await Promise.all(opened.map((model) => model.close()));
      await tasks.store.close();
      await database.close();
    },
  };
}
