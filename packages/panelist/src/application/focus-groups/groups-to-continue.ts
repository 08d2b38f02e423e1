import type { TaskManager } from '@panelist/toolkit';
import { OPENING_JOB } from '../../focus-group/group.ts';
import { storedState } from './group-state.ts';

const members = ['focusGroupId', 'group.model', 'group.baseUrl'] as const;

export interface GroupToContinue {
  readonly focusGroupId: string;
  readonly model: unknown;
  readonly baseUrl: unknown;
}

/** The groups in which a server was asked for something that has not ended, and that nobody has paused. */
export async function groupsToContinue({ store }: TaskManager): Promise<readonly GroupToContinue[]> {
  const found = new Map<string, GroupToContinue>();
  let after: string | undefined;
  do {
    const page = await store.summaries({ job: OPENING_JOB, params: members, after, limit: 500 });
    for (const { status, settings, params } of page.entries) {
      const { requests, stop } = storedState(settings);
      if (status === 'cancelled' || requests.length === 0 || stop !== null) continue;
      const { focusGroupId, 'group.model': model, 'group.baseUrl': baseUrl = null } = params;
      if (typeof focusGroupId === 'string') found.set(focusGroupId, { focusGroupId, model, baseUrl });
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return [...found.values()];
}
