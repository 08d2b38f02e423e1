import type { ErrorHandler } from '@panelist/toolkit';
import type { Budget } from '../budget/budget.ts';
import type { ChatModel } from '../chat-model.ts';
import type { CallTime, ModelUsage } from '../model-usage.ts';
import type { ReplyStore } from '../replies/reply-store.ts';
import { metered, withinBudget } from './budgeted.ts';
import { retried } from './retried.ts';
import { storedReplies } from './stored-replies.ts';
import { traced } from './traced.ts';

/** Puts something around a model's calls; `next` is what comes behind it. */
export type ModelMiddleware = (next: ChatModel) => ChatModel;

export interface RunOfModel {
  /** Names the model and who serves it, for the hash of a request. */
  readonly identity: string;
  readonly replies: ReplyStore;
  readonly budget: Budget;
  readonly errorHandler: ErrorHandler;
  /** Counts what the run asks of the model. */
  readonly usage: ModelUsage;
  readonly time: CallTime;
  /** Whether an earlier process has run the task. */
  readonly hasPaid: (taskId: string) => Promise<boolean>;
  /** Which failures of the store a reply waits for. @default that it is busy */
  readonly isWorthWaiting?: ((error: unknown) => boolean) | undefined;
}

/** What each call of a run passes on its way to the model, the first outermost. */
export function throughMiddleware(model: ChatModel, run: RunOfModel): ChatModel {
  const { identity, replies, budget, errorHandler, usage, time, hasPaid, isWorthWaiting } = run;
  const middleware: readonly ModelMiddleware[] = [
    // A stored reply costs nothing: no budget, no throttle.
    storedReplies({
      ...{ identity, replies, usage, hasPaid, isWorthWaiting },
      onEarlier: (reply) => budget.countEarlier(reply),
      onStoring: (reply) => budget.countStoring(reply),
    }),
    withinBudget(budget),
    // The only place that retries, through the throttle. What is behind it happens once an attempt.
    retried({ errorHandler, usage, time }),
    metered(budget),
    traced,
  ];
  return middleware.reduceRight((next, each) => each(next), model);
}
