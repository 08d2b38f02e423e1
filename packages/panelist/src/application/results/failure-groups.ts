import type { FailureResult, TaskManager, TaskRecord } from '@panelist/toolkit';
import { costOf } from '../../models/budget/price-table.ts';
import { storedFailure } from '../../stored/stored-row.ts';
import { printable } from '../../text/printable.ts';
import { cutAt, shortened } from '../../text/shortened.ts';
import type { Workspace } from '../open-workspace.ts';
import { askedModelOf } from '../runs/run-view.ts';

/** A provider's code may be any text. */
const LONGEST_CODE_CHARS = 100;
const LONGEST_MESSAGE_CHARS = 500;
/** Causes that are listed; the rest is counted. */
const MOST_GROUPS = 100;

/** Items that failed for one cause. */
export interface FailureGroup {
  /** What to retry them by: see `failureCode`. */
  readonly code: string;
  /** What `classify` finds, and the HTTP status where there was one, of the first of them. */
  readonly kind: string;
  readonly status: number | null;
  readonly count: number;
  /** Of the first of them, at most 500 characters. */
  readonly message: string;
  readonly retry: RetryEstimate | null;
}

/** What doing items again would take, judged by the items that succeeded. */
export interface RetryEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; `null` without a price. */
  readonly costUsd: number | null;
}

export interface FailureGroups {
  readonly failed: number;
  /** The largest first, at most 100. */
  readonly groups: readonly FailureGroup[];
  /** Failures whose group isn't listed. */
  readonly others: number;
}

/** The error's own code, such as `ECONNRESET`; else its HTTP status; else what kind of error it is. */
export function failureCode({ code, status, kind }: FailureResult['error']): string {
  const found = code ?? (status === null ? kind : `HTTP ${status}`);
  return printable(cutAt(found, LONGEST_CODE_CHARS));
}

/**
 * Why items of a task failed, and what it would cost to do those of one cause again. The estimate is what an item that
 * succeeded took on average; replies that a failed item did get are not paid again, so it is rather too high.
 */
export async function failureGroups(
  workspace: Pick<Workspace, 'tasks' | 'spentBy' | 'priceOf'>,
  task: TaskRecord,
): Promise<FailureGroups> {
  const groups = new Map<string, { first: FailureResult['error']; count: number }>();
  let failed = 0;
  for await (const { error } of failuresOf(workspace.tasks, task.taskId)) {
    failed += 1;
    const code = failureCode(error);
    const group = groups.get(code);
    if (group !== undefined) group.count += 1;
    else if (groups.size < MOST_GROUPS) groups.set(code, { first: error, count: 1 });
  }
  const estimate = failed === 0 ? () => null : await retryEstimates(workspace, task);
  const listed = Array.from(groups, ([code, { first, count }]): FailureGroup => {
    const { kind, status, message } = first;
    const shown = printable(shortened(message, LONGEST_MESSAGE_CHARS));
    return { code, kind: printable(kind), status, count, message: shown, retry: estimate(count) };
  });
  return {
    failed,
    groups: listed.sort((a, b) => b.count - a.count),
    others: failed - listed.reduce((sum, { count }) => sum + count, 0),
  };
}

/** The keys of the items that failed for one of these causes. */
export async function failedKeys(
  tasks: TaskManager,
  taskId: string,
  codes: readonly string[],
): Promise<readonly string[]> {
  const chosen = new Set(codes);
  const keys: string[] = [];
  for await (const { key, error } of failuresOf(tasks, taskId))
    if (chosen.has(failureCode(error))) keys.push(key);
  return keys;
}

async function* failuresOf(
  tasks: TaskManager,
  taskId: string,
): AsyncGenerator<{ readonly key: string; readonly error: FailureResult['error'] }> {
  for await (const { key, result } of tasks.items(taskId, { status: 'failed' }))
    yield { key, error: storedFailure(result, { taskId, itemKey: key }) };
}

async function retryEstimates(
  { spentBy, priceOf }: Pick<Workspace, 'spentBy' | 'priceOf'>,
  task: TaskRecord,
): Promise<(count: number) => RetryEstimate | null> {
  const spent = await spentBy([task.taskId]);
  if (task.successCount === 0 || spent.replies === 0) return () => null;
  const asked = askedModelOf(task);
  const price = asked && priceOf(asked.model);
  return (count) => {
    const share = count / task.successCount;
    const tokens = {
      inputTokens: Math.round(spent.inputTokens * share),
      outputTokens: Math.round(spent.outputTokens * share),
    };
    return { ...tokens, costUsd: price && costOf(tokens, price) };
  };
}
