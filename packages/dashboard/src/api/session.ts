import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { api, read } from './client.ts';
import type { Session } from './types.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => read(api.session.$get({}, { init: { signal } })),
  staleTime: 60_000,
});

/** @throws ApiError `LOGIN_FAILED` for a wrong token */
export function login(token: string): Promise<Session> {
  return read(api.session.$post({ json: { token } }));
}

export function logout(): Promise<Session> {
  return read(api.session.$delete());
}

/** Whether this user may change things. Until it is known, they may not. */
export function useMayChange(): boolean {
  return useQuery(sessionQuery).data?.role === 'full';
}

/** Who has submitted a task, where that is somebody else. */
export function useOtherOwner(owner: string | null): string | null {
  const session = useQuery(sessionQuery).data;
  return owner === session?.user ? null : owner;
}

/** Whether users may change their own tasks only. The server says so by a refusal. */
const ownOnlyQuery = queryOptions({
  queryKey: ['own-only'],
  queryFn: () => false,
  initialData: false,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Learns from a change that failed. For the mutations of the whole page. */
export function learnOwnOnly(queries: QueryClient, error: unknown): void {
  const role = queries.getQueryData(sessionQuery.queryKey)?.role;
  if (role === 'full' && error instanceof ApiError && error.code === 'READ_ONLY')
    queries.setQueryData(ownOnlyQuery.queryKey, true);
}

/** Who alone may change this, where that is known to be somebody else. */
export function useReservedFor(owner: string | null): string | null {
  const other = useOtherOwner(owner);
  return useQuery(ownOnlyQuery).data ? other : null;
}

/** Whether this user may change what is this owner's. */
export function useMayChangeOf(owner: string | null): boolean {
  const reservedFor = useReservedFor(owner);
  return useMayChange() && reservedFor === null;
}
