import type { Workspace } from '../open-workspace.ts';
import { type RunWait, runWait } from './progress.ts';
import { runKeyOf } from './run-view.ts';
import type { Spending } from './spending.ts';

/** An account of a provider, as the runs on it share it at this moment. */
export interface AccountFigures {
  /** Requests a minute that are allowed, set or learned; `null` where nobody knows. */
  readonly requestsPerMinute: number | null;
  /** The same in tokens. */
  readonly tokensPerMinute: number | null;
  /** The estimated rate, requests a minute, where a provider refuses without saying its limit. */
  readonly estimatedPerMinute: number | null;
  readonly inFlight: number;
  readonly waiting: number;
  /** Since the process began to call it, as are those below. */
  readonly requests: number;
  /** Too many requests or tokens, an overloaded server, an exhausted quota. */
  readonly refused: number;
  /** Any other error. */
  readonly failed: number;
  readonly retries: number;
  readonly tokens: number;
}

/** What only the process knows that runs a task. */
export interface RunFigures {
  readonly taskId: string;
  readonly inFlight: number;
  /** Of the run: a survey's task, or a focus group with all its turns. */
  readonly spending: Omit<Spending, 'waitingFor'>;
  /** What all its calls wait for; `null` while calls go out. */
  readonly wait: RunWait | null;
  /** One for each of the run's models. */
  readonly accounts: readonly AccountFigures[];
}

/** Of all tasks that this process runs. @param params of each of them, to know its run */
export function runFigures(
  { runner, spending, throttles }: Pick<Workspace, 'runner' | 'spending' | 'throttles'>,
  paramsOf: (taskId: string) => unknown,
): readonly RunFigures[] {
  return runner.running.map((taskId) => {
    const runKey = runKeyOf({ taskId, taskParams: paramsOf(taskId) });
    const { waitingFor, ...spent } = spending(runKey);
    return {
      taskId,
      inFlight: runner.inFlight(taskId),
      spending: spent,
      wait: runWait(waitingFor),
      accounts: throttles(runKey).map(
        ({ limits, inFlight, waiting, requests, refused, failed, retries, tokens }) => ({
          requestsPerMinute: limits.requestsPerMinute ?? null,
          tokensPerMinute: limits.tokensPerMinute ?? null,
          estimatedPerMinute: limits.adaptivePerMinute ?? null,
          inFlight,
          waiting,
          requests,
          refused,
          failed,
          retries,
          tokens,
        }),
      ),
    };
  });
}
