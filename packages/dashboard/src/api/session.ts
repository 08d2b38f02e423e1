import { queryOptions, useQuery } from '@tanstack/react-query';
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
