import { queryOptions, useQuery } from '@tanstack/react-query';
import { getJson, sendJson } from './panelist-fetch.ts';
import type { Session } from './types.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getJson<Session>('session', {}, signal),
  staleTime: 60_000,
});

/** @throws ApiError `LOGIN_FAILED` for a wrong token */
export function login(token: string): Promise<Session> {
  return sendJson('POST', 'session', { token });
}

export function logout(): Promise<void> {
  return sendJson('DELETE', 'session');
}

/** Whether this user may change things. Until it is known, they may not. */
export function useMayChange(): boolean {
  return useQuery(sessionQuery).data?.role === 'full';
}
