import { queryOptions } from '@tanstack/react-query';
import { api, read, type Value } from '../../api/client.ts';
import { upload } from '../../api/upload.ts';

export type Comparison = Value<Awaited<ReturnType<typeof api.comparisons.$get>>>;
export type QuestionDifference = Comparison['questions'][number];
export type OptionDifference = NonNullable<QuestionDifference['options']>[number];
export type Effect = OptionDifference['difference'];

/** People's answers, and which of their columns is what. */
export interface People {
  readonly file: File;
  readonly weightColumn?: string | undefined;
  readonly idColumn?: string | undefined;
}

export const runsQuery = (first: string, second: string) =>
  queryOptions({
    queryKey: ['comparison', first, second],
    queryFn: ({ signal }) => read(api.comparisons.$get({ query: { first, second } }, { init: { signal } })),
    // It goes through all answers of both.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** @throws ApiError for a file that doesn't fit the run's questions */
export async function compareWithPeople(taskId: string, { file, ...columns }: People): Promise<Comparison> {
  const { uploadId } = await upload(file);
  return read(api.comparisons.$post({ json: { taskId, people: { uploadId }, ...columns } }));
}
