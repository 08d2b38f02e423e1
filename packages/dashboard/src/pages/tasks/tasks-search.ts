import type { TaskKind } from '../../api/types.ts';

/** What the list shows: the address is the state. */
export interface TasksSearch {
  readonly status?: string | undefined;
  readonly kind?: TaskKind | undefined;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
}

export const kinds = ['survey', 'turn', 'other'] as const satisfies readonly TaskKind[];

export function tasksSearch({ status, kind, search, after }: Record<string, unknown>): TasksSearch {
  return {
    status: textOf(status),
    kind: kinds.find((each) => each === kind),
    search: textOf(search),
    after: textOf(after),
  };
}

/** The router reads a search for 2024 as a number. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text.slice(0, 500) : undefined;
}
