import { queryOptions } from '@tanstack/react-query';
import { api, read } from './client.ts';

/** The models that the operator offers: the first is the default. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => read(api.models.$get({}, { init: { signal } })),
  staleTime: 300_000,
});
