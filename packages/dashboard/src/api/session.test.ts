import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { ApiError } from './api-error.ts';
import { learnOwnOnly, sessionQuery } from './session.ts';

function learnt(role: 'full' | 'read', error: unknown): boolean {
  const queries = new QueryClient();
  queries.setQueryData(sessionQuery.queryKey, {
    ...{ user: 'ann', role, taskId: null, needsLogin: false, canLogOut: true },
    ...{ version: '1.0.0', instance: 'a' },
  });
  learnOwnOnly(queries, error);
  return queries.getQueryData(['own-only']) === true;
}

it('learns from a refusal that users change their own tasks only', () => {
  expect(learnt('full', new ApiError(403, { code: 'READ_ONLY' }))).toBe(true);
  expect(learnt('full', new ApiError(403, { code: 'ORIGIN_REFUSED' }))).toBe(false);
  expect(learnt('read', new ApiError(403, { code: 'READ_ONLY' }))).toBe(false);
});
