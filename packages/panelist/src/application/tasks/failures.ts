import type { TaskManager } from '@panelist/toolkit';
import { storedFailure } from '../../stored/stored-row.ts';

export interface Failures {
  /** Messages with how often each occurred, the commonest first. */
  readonly reasons: readonly { readonly message: string; readonly count: number }[];
  /** Whether all have a reason that affects every respondent: a wrong key, an unknown model, no connection. */
  readonly allOfTheModel: boolean;
}

/** Unauthorised, forbidden, no such model or path. */
const MODEL_STATUSES = [401, 403, 404];

/** Why the respondents failed that did. */
export async function readFailures(tasks: TaskManager, taskId: string): Promise<Failures> {
  const counts = new Map<string, number>();
  let allOfTheModel = true;
  for await (const { key, result } of tasks.items(taskId, { status: 'failed' })) {
    const error = storedFailure(result, { taskId, itemKey: key });
    counts.set(error.message, (counts.get(error.message) ?? 0) + 1);
    const isOut = error.kind === 'network' || error.code === 'OUTAGE';
    const isOfTheModel = isOut || MODEL_STATUSES.includes(error.status ?? 0);
    allOfTheModel &&= isOfTheModel;
  }
  const reasons = Array.from(counts, ([message, count]) => ({ message, count }));
  return { reasons: reasons.sort((a, b) => b.count - a.count), allOfTheModel };
}
