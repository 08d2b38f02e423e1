import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import type { GroupTurns } from '../../api/types.ts';
import { withNewest } from './merge-turns.ts';

/** The API of all groups, and of one. */
export const groups = api['focus-groups'];
export const one = groups[':focusGroupId'];

export const groupsQuery = (after: string | undefined) =>
  queryOptions({
    queryKey: ['groups', { after }],
    queryFn: ({ signal }) => read(groups.$get({ query: { after } }, { init: { signal } })),
    placeholderData: keepPreviousData,
  });

export const groupQuery = (focusGroupId: string) =>
  queryOptions({
    queryKey: ['group', focusGroupId],
    queryFn: ({ signal }) => read(one.$get({ param: { focusGroupId } }, { init: { signal } })),
  });

/** The last turns, with the earlier ones that were read before. */
export const turnsQuery = (focusGroupId: string, queries: QueryClient) =>
  queryOptions({
    queryKey: ['group', focusGroupId, 'turns'],
    queryFn: async ({ queryKey, signal }) =>
      withNewest(
        queries.getQueryData<GroupTurns>(queryKey),
        await read(one.turns.$get({ param: { focusGroupId }, query: {} }, { init: { signal } })),
      ),
    // Live events keep it fresh.
    staleTime: Number.POSITIVE_INFINITY,
  });

export function earlierTurns(focusGroupId: string, before: number): Promise<GroupTurns> {
  return read(one.turns.$get({ param: { focusGroupId }, query: { before: String(before) } }));
}

export const groupResultsQuery = (focusGroupId: string) =>
  queryOptions({
    queryKey: ['group', focusGroupId, 'results'],
    queryFn: ({ signal }) => read(one.results.$get({ param: { focusGroupId } }, { init: { signal } })),
    placeholderData: keepPreviousData,
  });

/** Under `/api/`. */
export function groupPath(focusGroupId: string): string {
  return `focus-groups/${encodeURIComponent(focusGroupId)}`;
}
