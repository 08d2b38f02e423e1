import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConcurrencyManager, TaskManager, TaskRunner } from '@panelist/toolkit';
import { openSqliteDatabase, SqlTaskStore } from '@panelist/toolkit/sqlite';
import { OutputFiles } from '../files/output-files.ts';
import { SqlWrittenFiles } from '../files/sql-written-files.ts';
import { focusGroupOf, groupTaskKey } from '../focus-group/group-turn.ts';
import { registerGroupJobs } from '../focus-group/register-jobs.ts';
import type { ModelFor } from '../focus-group/round-job.ts';
import type { AskedModel } from '../models/asked-model.ts';
import { isBudgetExhausted } from '../models/budget/budget.ts';
import { BudgetedModel } from '../models/budget/budgeted-model.ts';
import { MeteredModel } from '../models/budget/metered-model.ts';
import type { TokenCount } from '../models/budget/price-table.ts';
import { readPrices } from '../models/budget/read-prices.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { isOutOfFiles } from '../models/model-call-error.ts';
import { addressOf, modelIdentity, type OpenedModel, openModel } from '../models/model-registry.ts';
import { ModelThrottles } from '../models/model-throttles.ts';
import { noUsage } from '../models/model-usage.ts';
import { ReplayingModel } from '../models/replaying-model.ts';
import type { StoredCall } from '../models/replies/reply-store.ts';
import { SqlReplyStore } from '../models/replies/sql-reply-store.ts';
import { RetryingModel } from '../models/retrying-model.ts';
import { TracedModel } from '../models/traced-model.ts';
import { PanelistError } from '../panelist-error.ts';
import { surveyJob } from '../survey/survey-job.ts';
import { SURVEY_JOB, type SurveyTaskParams } from '../survey/survey-task.ts';
import { foreignLine } from '../text/foreign-line.ts';
import { checkDatabasePath } from './database-path.ts';
import { DEFAULT_DATABASE, DEFAULT_MAX_CONCURRENCY } from './defaults.ts';
import { RunAccount, type Spending } from './runs/spending.ts';
import { repliesOfUnfinished, turnsOf } from './runs/stored-spending.ts';
import { TaskBudgets } from './runs/task-budgets.ts';

type SpentBefore = () => Promise<TokenCount>;

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
  /** What one task may cost in all its runs, US dollars; then it is paused. @default no limit */
  readonly maxCost?: number | undefined;
  /** Tokens that one task may take in all its runs, requests and replies together. @default no limit */
  readonly maxTokens?: number | undefined;
  /** A file with prices that come before the built-in ones (`readPrices`). @default none */
  readonly prices?: string | undefined;
  /**
   * Whether an address that a task or a group names, as its `baseUrl`, may get the key: a database may come from a
   * stranger. @default any may
   */
  readonly mayGetKey?: ((address: string) => boolean) | undefined;
}

/** The concrete parts of one process, put together here and nowhere else. */
export interface Workspace {
  readonly tasks: TaskManager;
  readonly runner: TaskRunner;
  /** Writes files, and overwrites none that Panelist did not write. */
  readonly files: OutputFiles;
  /** What a run has asked of its models in this process so far, by its `runKeyOf`. */
  spending(runKey: string): Spending;
  /** A model that only replays stored replies: it makes no call, and rejects where no reply is stored. */
  storedReplies(asked: AskedModel): ChatModel;
  /** The call that an answer's recorded hash names; `undefined` where no row has that hash. */
  storedCall(asked: AskedModel, promptHash: string): Promise<StoredCall | undefined>;
  /** Replies of unfinished interviews that were stored when this process took the survey up: they are replayed. */
  repliesBefore(taskId: string): Promise<number>;
  /** Where a model's requests go; `null` for the vendor's own address, and for a simulator. */
  addressOf(asked: Pick<AskedModel, 'model' | 'baseUrl'>): string | null;
  /** Finds out whether a task's model can be opened and paid for, before anything is started that could only fail. */
  checkModel(asked: Pick<AskedModel, 'model' | 'baseUrl'>): Promise<void>;
  close(): Promise<void>;
}

/** What replies are stored under: a run that asks everything again has replies of its own. */
function inRun(identity: string, { freshRun }: AskedModel): string {
  return freshRun === null ? identity : `${identity} in run ${freshRun}`;
}

/** What ends a run for now and fails no respondent: what is under way may end, and the rest is left for later. */
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
  mayGetKey: WorkspaceOptions['mayGetKey'] = () => true,
): void {
  if (baseUrl === null || addressOf(model, { baseUrl }).keyVariable === null || mayGetKey(baseUrl)) return;
  throw new PanelistError(
    'ADDRESS_UNCONFIRMED',
    `The address ${foreignLine(JSON.stringify(baseUrl))} of ${foreignLine(JSON.stringify(model))} gets no key: only a task or a group of this database names it. If it is right, give it with --base-url.`,
  );
}

async function makeDefaultFolder(): Promise<void> {
  const folder = dirname(DEFAULT_DATABASE);
  await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') return;
    throw new PanelistError(
      'FILE_NOT_WRITABLE',
      `The folder ${JSON.stringify(folder)}, where tasks and answers are stored, could not be created (${cause.message}). Check that the current folder may be written, or name another database.`,
      { cause, data: { reason: 'database-folder' } },
    );
  });
}

export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const path = options.database ?? DEFAULT_DATABASE;
  checkDatabasePath(path);
  const prices = await readPrices(options.prices);
  // Only the default's folder is ours to make: elsewhere a missing folder is a path that was mistyped.
  if (path === DEFAULT_DATABASE) await makeDefaultFolder();
  const database = await openSqliteDatabase(path);
  const replies = await SqlReplyStore.open(database);
  const files = new OutputFiles(await SqlWrittenFiles.open(database, path));
  const tasks = new TaskManager({
    store: await SqlTaskStore.open(database),
    // They are read from the store: a survey of thousands need not be in memory too.
    maxResultsInMemory: 0,
  });
  const { maxCost: maxCostUsd, maxTokens } = options;
  const budgets = new TaskBudgets(tasks, { maxCostUsd, maxTokens }, prices);
  const accounts = new Map<string, RunAccount>();
  const accountOf = (runKey: string): RunAccount => {
    const account = accounts.get(runKey) ?? new RunAccount();
    accounts.set(runKey, account);
    return account;
  };
  const { maxConcurrency = DEFAULT_MAX_CONCURRENCY, requestsPerMinute, tokensPerMinute } = options;
  const throttles = new ModelThrottles({ maxConcurrency, requestsPerMinute, tokensPerMinute });
  const opened: OpenedModel[] = [];

  const identityOf = (asked: AskedModel): string =>
    inRun(modelIdentity(asked.model, { baseUrl: asked.baseUrl ?? undefined }), asked);
  const open = async (runKey: string, asked: AskedModel, spentBefore: SpentBefore): Promise<ChatModel> => {
    const { model: id, baseUrl } = asked;
    const run = accountOf(runKey);
    checkAddress(asked, options.mayGetKey);
    const budget = await budgets.budgetOf(id, spentBefore);
    const openedModel = await openModel(id, { baseUrl: baseUrl ?? undefined });
    opened.push(openedModel);
    const { model, identity, account } = openedModel;
    const errorHandler = throttles.errorHandler(account, id);
    run.add(budget, () => throttles.waitingFor(account));
    const metered = new MeteredModel(new TracedModel(model), budget);
    const retrying = new RetryingModel(metered, errorHandler, run.usage, run.time);
    const budgeted = new BudgetedModel(retrying, budget);
    // Outermost: a stored reply costs nothing.
    return new ReplayingModel(budgeted, {
      identity: inRun(identity, asked),
      replies,
      usage: run.usage,
      hasPaid: (taskId) => budgets.hadRuns(taskId),
      onEarlier: (reply) => budget.countEarlier(reply),
    });
  };
  const models = new Map<string, Promise<ChatModel>>();
  const openOnce = (runKey: string, asked: AskedModel, spentBefore: SpentBefore): Promise<ChatModel> => {
    const key = JSON.stringify([runKey, asked.model, asked.baseUrl]);
    const model = models.get(key) ?? open(runKey, asked, spentBefore);
    models.set(key, model);
    return model;
  };
  const modelOfGroup: ModelFor = (asked, focusGroupId) =>
    openOnce(groupTaskKey(focusGroupId), asked, async () =>
      replies.spentBy(await turnsOf(tasks, focusGroupId, asked.model)),
    );
  const before = new Map<string, Promise<number>>();
  const repliesBefore = (taskId: string): Promise<number> => {
    const known = before.get(taskId) ?? repliesOfUnfinished(tasks, replies, taskId);
    before.set(taskId, known);
    return known;
  };
  const modelOfSurvey = async (params: SurveyTaskParams, taskId: string): Promise<ChatModel> => {
    const focusGroupId = focusGroupOf(params);
    if (focusGroupId !== null) return modelOfGroup(params, focusGroupId);
    // Before the first call: what this run stores is not of an earlier one.
    await repliesBefore(taskId);
    return openOnce(taskId, params, () => replies.spentBy([taskId]));
  };

  const runner = new TaskRunner({
    tasks,
    concurrency: new ConcurrencyManager({ maxConcurrency }),
    maxConsecutiveFailures: MAX_CONSECUTIVE_FAILURES,
  }).register(SURVEY_JOB, { ...surveyJob(modelOfSurvey), pauseOn: isForLater });
  registerGroupJobs(runner, modelOfGroup, { pauseOn: isForLater });

  return {
    tasks,
    runner,
    files,
    spending: (runKey) => accountOf(runKey).spending,
    storedReplies: (asked) =>
      new ReplayingModel(nothingStored(asked.model), {
        identity: identityOf(asked),
        replies,
        usage: noUsage(),
      }),
    storedCall: (asked, promptHash) => replies.call(promptHash, identityOf(asked)),
    repliesBefore,
    addressOf: ({ model, baseUrl }) => addressOf(model, { baseUrl: baseUrl ?? undefined }).address,
    async checkModel({ model, baseUrl }) {
      budgets.check(model);
      checkAddress({ model, baseUrl }, options.mayGetKey);
      await (await openModel(model, { baseUrl: baseUrl ?? undefined })).close();
    },
    async close() {
      await Promise.all(opened.map((model) => model.close()));
      await tasks.store.close();
      await database.close();
    },
  };
}
