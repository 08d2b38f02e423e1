import {
  ConcurrencyManager,
  type JobRunner,
  TaskManager,
  type TaskOfJob,
  TaskRunner,
  type TaskRunnerOptions,
  type TaskSettings,
  type ThrottleStats,
} from '@panelist/toolkit';
import { PgBossRunner, type ServeOptions } from '@panelist/toolkit/pg-boss';
import { SqlSharedAccounts, SqlTaskStore } from '@panelist/toolkit/sqlite';
import { OutputFiles } from '../files/output-files.ts';
import { SqlWrittenFiles } from '../files/sql-written-files.ts';
import { focusGroupOf, groupTaskKey } from '../focus-group/group.ts';
import { type DecorateJob, registerGroupJobs } from '../focus-group/turns/register-jobs.ts';
import type { ModelFor } from '../focus-group/turns/round-job.ts';
import type { ApiKeys } from '../models/api-keys.ts';
import type { AskedModel } from '../models/asked-model.ts';
import { isBudgetExhausted } from '../models/budget/budget.ts';
import type { ModelPrice, PriceTable } from '../models/budget/price-table.ts';
import { readPrices } from '../models/budget/read-prices.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { storedReplies } from '../models/middleware/stored-replies.ts';
import { isOutOfFiles } from '../models/model-call-error.ts';
import { ModelThrottles } from '../models/model-throttles.ts';
import { noUsage } from '../models/model-usage.ts';
import { addressOf, modelIdentity, openModel } from '../models/open-model.ts';
import type { RepliesSpending, StoredCall } from '../models/replies/reply-store.ts';
import { SqlReplyStore } from '../models/replies/sql-reply-store.ts';
import { PanelistError } from '../panelist-error.ts';
import { surveyJob } from '../survey/survey-job.ts';
import { SURVEY_JOB, type SurveyTaskParams } from '../survey/survey-task.ts';
import { foreignLine } from '../text/foreign-line.ts';
import { WorkerRegistry } from '../workers/sql-worker-registry.ts';
import { DEFAULT_DATABASE, DEFAULT_MAX_CONCURRENCY } from './defaults.ts';
import { latencyOf, type OpenDatabase, openDatabase } from './open-database.ts';
import { inRun, ModelRuns } from './runs/model-runs.ts';
import { observedJob } from './runs/observed-job.ts';
import { limitsOf, type RunLimits } from './runs/run-limits.ts';
import type { RunObserver } from './runs/run-observer.ts';
import { askedModelOf, runKeyOf } from './runs/run-view.ts';
import type { Spending } from './runs/spending.ts';
import { repliesOfUnfinished, turnsOf } from './runs/stored-spending.ts';
import { Presence } from './workers/presence.ts';

/** After so many failed respondents in a row, the run is paused: the provider is probably out. */
const MAX_CONSECUTIVE_FAILURES = 25;

/**
 * Where many calls are in flight, replies and results wait this long for others that share their commit: a commit for each
 * would take as much CPU as the rest of the call. A model takes many times longer to reply.
 */
const MAX_COMMIT_DELAY_MS = 25;

export interface WorkspaceOptions {
  /** @default .panelist/panelist.db */
  readonly database?: string | undefined;
  /** Default limits for tasks that record none. @default none */
  readonly limits?: RunLimits | undefined;
  /** A file with prices that come before the built-in ones (`readPrices`). @default none */
  readonly prices?: string | undefined;
  /**
   * Whether the key may be sent to a `baseUrl` that a task or a group names: a database may come from a stranger.
   * @default always
   */
  readonly mayGetKey?: ((address: string) => boolean) | undefined;
  /**
   * How many items this process works on at once, of all tasks together, where several machines share the work.
   * @default 50
   */
  readonly maxConcurrency?: number | undefined;
  /** Where API keys come from; calls with different keys share no rate limit. @default environmentKeys() */
  readonly apiKeys?: ApiKeys | undefined;
  /** Told what becomes of items and calls: for logs and metrics. @default nobody */
  readonly observer?: RunObserver | undefined;
}

/** The concrete parts of one process, put together here and nowhere else. */
export interface Workspace {
  readonly tasks: TaskManager;
  readonly runner: JobRunner;
  /**
   * Works from now on on the tasks that other processes submitted too, of these jobs or of all; `undefined` on SQLite, where
   * one process runs a task.
   */
  readonly serve: ((options?: ServeOptions) => void) | undefined;
  /** Says in the database that this process works on tasks. */
  readonly presence: Presence;
  /** Whether this program may still work on the database's tables. @throws ToolkitError `STORE_NEWER`, `STORE_OUTDATED` */
  checkSchema(): Promise<void>;
  /** Seconds that one question to the database takes. @throws ToolkitError `STORE_…` */
  databaseLatency(): Promise<number>;
  /** Writes files, and overwrites none that Panelist did not write. */
  readonly files: OutputFiles;
  /** What a run has asked of its models in this process so far, by its `runKeyOf`. */
  spending(runKey: string): Spending;
  /** The same, with what other processes have spent on the run by now. */
  finalSpending(runKey: string): Promise<Spending>;
  /** What the runs on its models' accounts share, at this moment: one for each model that it has asked here. */
  throttles(runKey: string): readonly ThrottleStats[];
  /** What all stored replies of these tasks took, in any process. */
  spentBy(taskIds: readonly string[]): Promise<RepliesSpending>;
  /** `null` where it isn't known. */
  priceOf(model: string): ModelPrice | null;
  /** A model that only replays stored replies: it makes no call, and rejects where no reply is stored. */
  storedReplies(asked: AskedModel): ChatModel;
  /** The call that an answer's recorded hash names; `undefined` where no row has that hash. */
  storedCall(asked: AskedModel, promptHash: string): Promise<StoredCall | undefined>;
  /**
   * How many replies of unfinished interviews were stored when this process took over the survey: they are replayed.
   */
  repliesBefore(taskId: string): Promise<number>;
  /** Where a model's requests go; `null` for the vendor's own address, and for a simulator. */
  addressOf(asked: Pick<AskedModel, 'model' | 'baseUrl'>): string | null;
  /** Default limits for tasks that record none. */
  readonly limits: RunLimits;
  /** @throws PanelistError `PRICE_UNKNOWN` where these limits bound the cost, and the model has no price */
  checkPrice(model: string, limits: RunLimits): void;
  /**
   * Finds out whether a task's model can be opened and paid for, before anything is started that could only fail.
   *
   * @param limits those of the run. @default those of runs that record none
   */
  checkModel(asked: Pick<AskedModel, 'model' | 'baseUrl'>, limits?: RunLimits): Promise<void>;
  close(): Promise<void>;
}

/** Errors that pause a run and fail no respondent: what is under way may end, and the rest is left for later. */
function isForLater(error: unknown): boolean {
  return isBudgetExhausted(error) || isOutOfFiles(error);
}

function nothingStored(id: string): ChatModel {
  return {
    id,
    reply: async () => {
      throw new PanelistError('USAGE', 'A reply of this interview is not stored in this database.');
    },
  };
}

/** @throws PanelistError `ADDRESS_UNCONFIRMED` */
function checkAddress(
  { model, baseUrl }: Pick<AskedModel, 'model' | 'baseUrl'>,
  { mayGetKey = () => true, apiKeys }: WorkspaceOptions,
  run?: string,
): void {
  if (
    baseUrl === null ||
    addressOf(model, { baseUrl, apiKeys, run }).keyVariable === null ||
    mayGetKey(baseUrl)
  )
    return;
  throw new PanelistError(
    'ADDRESS_UNCONFIRMED',
    `The address ${foreignLine(JSON.stringify(baseUrl))} of ${foreignLine(JSON.stringify(model))} gets no key: only a task or a group of this database names it.`,
    { data: { reason: 'address-unconfirmed', address: baseUrl } },
  );
}

export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const path = options.database ?? DEFAULT_DATABASE;
  const prices = await readPrices(options.prices);
  const opened = await openDatabase(path);
  try {
    return await workspaceOn(opened, path, prices, options);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

type RunnerSettings = Pick<TaskRunnerOptions, 'maxConcurrencyPerTask' | 'maxConsecutiveFailures'> & {
  readonly tasks: TaskManager;
};

/** Without a queue all items are worked on here: each task has a limit of its own. */
function newRunner(
  queue: OpenDatabase['queue'],
  { maxConcurrency, observer }: Pick<WorkspaceOptions, 'maxConcurrency' | 'observer'>,
  settings: RunnerSettings,
): JobRunner {
  if (queue !== undefined) {
    const onFault = (taskId: string, error: unknown): void => observer?.taskFailed?.(taskId, error);
    return new PgBossRunner({ ...settings, queue, maxConcurrency, onFault });
  }
  const concurrency = new ConcurrencyManager({ maxConcurrency: Number.POSITIVE_INFINITY });
  return new TaskRunner({ ...settings, concurrency });
}

async function workspaceOn(
  opened: OpenDatabase,
  path: string,
  prices: PriceTable,
  options: WorkspaceOptions,
): Promise<Workspace> {
  const { database, queue } = opened;
  const replies = await SqlReplyStore.open(database, { maxAddDelayMs: MAX_COMMIT_DELAY_MS });
  const files = new OutputFiles(await SqlWrittenFiles.open(database, path));
  const tasks = new TaskManager({
    store: await SqlTaskStore.open(database, { maxRecordDelayMs: MAX_COMMIT_DELAY_MS, queue }),
    // They are read from the store: a survey of thousands need not be in memory too.
    maxResultsInMemory: 0,
  });
  const runs = new ModelRuns({
    tasks,
    replies,
    throttles: new ModelThrottles({
      accounts: await SqlSharedAccounts.open(database),
      onEvent: (model, event) => options.observer?.throttle?.(model, event),
    }),
    onReply: (model, took) => options.observer?.reply?.(model, took),
    prices,
    apiKeys: options.apiKeys,
    sharesRuns: database.dialect === 'postgres',
    checkAddress: (asked, runKey) => checkAddress(asked, options, runKey),
  });

  const identityOf = (asked: AskedModel): string =>
    inRun(modelIdentity(asked.model, { baseUrl: asked.baseUrl ?? undefined }), asked);
  const modelOfGroup: ModelFor = (asked, focusGroupId) =>
    runs.model(groupTaskKey(focusGroupId), asked, async () =>
      replies.spentBy(await turnsOf(tasks, focusGroupId, asked.model)),
    );
  const before = new Map<string, Promise<number>>();
  const repliesBefore = (taskId: string): Promise<number> => {
    const known = before.get(taskId) ?? repliesOfUnfinished(tasks, replies, taskId);
    before.set(taskId, known);
    // A database that was busy may answer the next time.
    known.catch(() => before.delete(taskId));
    return known;
  };
  const modelOfSurvey = async (params: SurveyTaskParams, taskId: string): Promise<ChatModel> => {
    const focusGroupId = focusGroupOf(params);
    if (focusGroupId !== null) return modelOfGroup(params, focusGroupId);
    // Before the first call, so that replies of this run are not counted as earlier ones.
    await repliesBefore(taskId);
    return runs.model(taskId, params, () => replies.spentBy([taskId]));
  };

  const checkPrice = (model: string, { maxCostUsd }: RunLimits): void => {
    if (maxCostUsd != null) prices.requirePrice(model);
  };
  /** Before the first call of a task here, and whenever its settings have changed. */
  const configure = (settings: TaskSettings, { taskId, taskParams }: TaskOfJob<unknown>): void => {
    const limits = { ...options.limits, ...limitsOf({ taskId, settings }) };
    const asked = askedModelOf({ taskParams });
    if (asked !== null) checkPrice(asked.model, limits);
    runs.began(runKeyOf({ taskId, taskParams }), taskId, limits);
    presence.began();
  };
  const ended = (task: TaskOfJob<unknown>): void => runs.ended(runKeyOf(task), task.taskId);
  const decorate: DecorateJob = (name, job) =>
    observedJob(name, { ...job, pauseOn: isForLater, configure, ended }, options.observer);
  const runner = newRunner(queue, options, {
    tasks,
    maxConcurrencyPerTask: options.limits?.maxConcurrency ?? DEFAULT_MAX_CONCURRENCY,
    maxConsecutiveFailures: MAX_CONSECUTIVE_FAILURES,
  });
  runner.register(SURVEY_JOB, decorate(SURVEY_JOB, surveyJob(modelOfSurvey)));
  registerGroupJobs(runner, modelOfGroup, decorate);
  const workers = await WorkerRegistry.open(database);
  const presence = new Presence(workers, database, runner);

  return {
    tasks,
    runner,
    serve: runner instanceof PgBossRunner ? (served) => runner.serve(served) : undefined,
    presence,
    checkSchema: () => database.checkSchema(),
    databaseLatency: () => latencyOf(database),
    files,
    spending: (runKey) => runs.account(runKey).spending,
    async finalSpending(runKey) {
      const account = runs.account(runKey);
      await account.refresh();
      return account.spending;
    },
    throttles: (runKey) => runs.account(runKey).throttles,
    spentBy: (taskIds) => replies.spentBy(taskIds),
    priceOf: (model) => prices.priceOf(model) ?? null,
    storedReplies: (asked) =>
      storedReplies({ identity: identityOf(asked), replies, usage: noUsage() })(nothingStored(asked.model)),
    storedCall: (asked, promptHash) => replies.call(promptHash, identityOf(asked)),
    repliesBefore,
    addressOf: ({ model, baseUrl }) => addressOf(model, { baseUrl: baseUrl ?? undefined }).address,
    limits: options.limits ?? {},
    checkPrice,
    async checkModel({ model, baseUrl }, limits = {}) {
      checkPrice(model, { ...options.limits, ...limits });
      checkAddress({ model, baseUrl }, options);
      await (await openModel(model, { baseUrl: baseUrl ?? undefined, apiKeys: options.apiKeys })).close();
    },
    async close() {
      await runs.close();
      await presence.end();
      try {
        await tasks.store.close();
      } finally {
        await opened.close();
      }
    },
  };
}
