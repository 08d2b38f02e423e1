import type { TaskManager } from '@panelist/toolkit';
import { OPENING_JOB } from '../../focus-group/group.ts';
import { storedState } from './group-state.ts';

/** The groups in which a server was asked for something that has not ended, and that nobody has paused. */
export async function groupsToContinue({ store }: TaskManager): Promise<readonly string[]> {
  const found = new Set<string>();
  let after: string | undefined;
  do {
    const page = await store.summaries({ job: OPENING_JOB, params: ['focusGroupId'], after, limit: 500 });
    for (const { status, settings, params } of page.entries) {
      const { requests, stop } = storedState(settings);
      if (status === 'cancelled' || requests.length === 0 || stop !== null) continue;
      if (typeof params.focusGroupId === 'string') found.add(params.focusGroupId);
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return [...found];
}
