import { isWorthWaiting, type TaskManager } from '@panelist/toolkit';
import type { ApiKeys } from '../../models/api-keys.ts';
import type { AskedModel } from '../../models/asked-model.ts';
import { Budget } from '../../models/budget/budget.ts';
import { costOf, type PriceTable, type TokenCount } from '../../models/budget/price-table.ts';
import { SpentElsewhere } from '../../models/budget/spent-elsewhere.ts';
import type { ChatModel, OpenedModel } from '../../models/chat-model.ts';
import { throughMiddleware } from '../../models/middleware/middleware.ts';
import type { ModelThrottles } from '../../models/model-throttles.ts';
import { openModel } from '../../models/open-model.ts';
import type { ReplyStore } from '../../models/replies/reply-store.ts';
import { DEFAULT_MAX_CONCURRENCY } from '../defaults.ts';
import type { RunLimits } from './run-limits.ts';
import type { RunObserver } from './run-observer.ts';
import { RunAccount } from './spending.ts';

/** Runs that are remembered with what they have spent, those under way included. */
const MAX_RUNS = 200;

export interface ModelRunsOptions {
  readonly tasks: TaskManager;
  readonly replies: ReplyStore;
  readonly throttles: ModelThrottles;
  readonly prices: PriceTable;
  /** @default the environment's */
  readonly apiKeys?: ApiKeys | undefined;
  /** Whether other processes may work on the same runs at the same time: their spending counts too. */
  readonly sharesRuns: boolean;
  /** @throws PanelistError `ADDRESS_UNCONFIRMED` for an address that gets no key */
  readonly checkAddress: (asked: AskedModel, runKey: string) => void;
  /** Called with each reply that is to be paid for. */
  readonly onReply?: RunObserver['reply'];
}

interface Run {
  readonly account: RunAccount;
  /** By model and address, opened once. */
  readonly models: Map<string, Promise<{ readonly model: ChatModel; readonly opened: OpenedModel }>>;
  /** Its tasks that this process works on. */
  readonly running: Set<string>;
}

/** The runs of this process, each with its models, its spending and its limits. */
export class ModelRuns {
  readonly #options: ModelRunsOptions;
  readonly #openedAt = Date.now();
  /** By `runKeyOf`, the most recently used last. */
  readonly #runs = new Map<string, Run>();

  constructor(options: ModelRunsOptions) {
    this.#options = options;
  }

  account(runKey: string): RunAccount {
    return this.#run(runKey).account;
  }

  /**
   * A task of the run is worked on from now on, with these limits.
   *
   * @throws PanelistError `PRICE_UNKNOWN`
   */
  began(runKey: string, taskId: string, limits: RunLimits): void {
    const run = this.#run(runKey);
    run.running.add(taskId);
    run.account.configure(limits);
  }

  /** The task isn't worked on any more: its run's limits no longer apply to the account, and its models are closed. */
  ended(runKey: string, taskId: string): void {
    const run = this.#runs.get(runKey);
    run?.running.delete(taskId);
    if (run === undefined || run.running.size > 0) return;
    this.#options.throttles.release(runKey);
    if (runKey !== taskId) return;
    run.account.ended();
    void closeModels(run);
  }

  /**
   * A model for a task of the run.
   *
   * @param spentBefore what stored replies of the run took of the model, in any process
   * @throws PanelistError as `openModel`; `PRICE_UNKNOWN`, `ADDRESS_UNCONFIRMED`
   */
  async model(runKey: string, asked: AskedModel, spentBefore: () => Promise<TokenCount>): Promise<ChatModel> {
    const run = this.#run(runKey);
    const key = JSON.stringify([asked.model, asked.baseUrl]);
    const opening = run.models.get(key) ?? this.#open(run.account, runKey, asked, spentBefore);
    run.models.set(key, opening);
    try {
      return (await opening).model;
    } catch (error) {
      // A cause such as a missing key may be fixed while the process runs.
      run.models.delete(key);
      throw error;
    }
  }

  /** Whether a process before this one has run the task. */
  async #hadRuns(taskId: string): Promise<boolean> {
    const startedAt = (await this.#options.tasks.store.get(taskId))?.startedAt ?? null;
    return startedAt !== null && startedAt < this.#openedAt;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((runKey) => this.#forget(runKey)));
    this.#options.throttles.close();
  }

  async #open(
    account: RunAccount,
    runKey: string,
    asked: AskedModel,
    spentBefore: () => Promise<TokenCount>,
  ): Promise<{ readonly model: ChatModel; readonly opened: OpenedModel }> {
    const { replies, throttles, prices, apiKeys, sharesRuns, checkAddress } = this.#options;
    const { model: id, baseUrl } = asked;
    checkAddress(asked, runKey);
    const before = await spentBefore();
    const elsewhere = sharesRuns
      ? new SpentElsewhere({ readSpent: spentBefore, spentBefore: before })
      : undefined;
    const budget = new Budget({ price: prices.priceOf(id), spentBefore: before, elsewhere });
    const opened = await openModel(id, { baseUrl: baseUrl ?? undefined, apiKeys, run: runKey });
    try {
      account.add({
        budget,
        waitingFor: () => throttles.waitingFor(opened.account),
        throttle: () => throttles.stats(opened.account),
        setLimits: ({ maxConcurrency, requestsPerMinute, tokensPerMinute }) =>
          throttles.setLimits(opened, id, runKey, {
            maxConcurrency: maxConcurrency ?? DEFAULT_MAX_CONCURRENCY,
            requestsPerMinute: requestsPerMinute ?? undefined,
            tokensPerMinute: tokensPerMinute ?? undefined,
          }),
      });
    } catch (error) {
      await opened.close();
      throw error;
    }
    const model = throughMiddleware(this.#counted(opened.model, id), {
      identity: inRun(opened.identity, asked),
      replies,
      budget,
      errorHandler: throttles.errorHandler(opened, id),
      usage: account.usage,
      time: account.time,
      hasPaid: (taskId) => this.#hadRuns(taskId),
      // Where only this process uses the database, a disk without room ends the run, which says so.
      isWorthWaiting: sharesRuns ? isWorthWaiting : undefined,
    });
    return { model, opened };
  }

  /** Tells of each reply, whichever attempt it came by. */
  #counted(model: ChatModel, id: string): ChatModel {
    const { onReply, prices } = this.#options;
    if (onReply === undefined) return model;
    const price = prices.priceOf(id);
    return {
      ...model,
      async reply(request, options) {
        const reply = await model.reply(request, options);
        const { inputTokens, outputTokens } = reply;
        onReply(id, {
          inputTokens,
          outputTokens,
          costUsd: price === undefined ? null : costOf(reply, price),
        });
        return reply;
      },
    };
  }

  #run(runKey: string): Run {
    const run = this.#runs.get(runKey) ?? {
      account: new RunAccount(),
      models: new Map(),
      running: new Set(),
    };
    this.#runs.delete(runKey);
    this.#runs.set(runKey, run);
    for (const [other, { running }] of this.#runs) {
      if (this.#runs.size <= MAX_RUNS) break;
      if (other !== runKey && running.size === 0) void this.#forget(other);
    }
    return run;
  }

  async #forget(runKey: string): Promise<void> {
    const run = this.#runs.get(runKey);
    this.#runs.delete(runKey);
    this.#options.throttles.release(runKey);
    if (run !== undefined) await closeModels(run);
  }
}

/** Does not reject: a model that cannot be closed isn't used any more. */
async function closeModels({ models }: Run): Promise<void> {
  const opening = [...models.values()];
  models.clear();
  await Promise.allSettled(opening.map(async (each) => (await each).opened.close()));
}

/** What replies are stored under: a run that asks everything again has replies of its own. */
export function inRun(identity: string, { freshRun }: AskedModel): string {
  return freshRun === null ? identity : `${identity} in run ${freshRun}`;
}
