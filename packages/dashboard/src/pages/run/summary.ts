import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson } from '../../api/panelist-fetch.ts';
import { taskPath } from '../../task/task-queries.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** One bar of a question's distribution. */
export interface DistributionRow {
  readonly label: string;
  readonly count: number;
  /** 0 to 1. */
  readonly share: number;
  readonly interval: Interval | null;
  readonly meanRank: number | null;
}

export interface NumbersView {
  readonly n: number;
  readonly mean: number;
  readonly interval: Interval | null;
  readonly sd: number | null;
  readonly min: number;
  readonly max: number;
}

export interface QuestionSummary {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly statuses: Readonly<Record<string, number>>;
  readonly answers: number;
  readonly n: number;
  readonly effectiveN: number;
  readonly rows: readonly DistributionRow[];
  readonly numbers: NumbersView | null;
  readonly topTwo: ShareView | null;
  readonly bottomTwo: ShareView | null;
  readonly netPromoterScore: { readonly value: number; readonly interval: Interval | null } | null;
  readonly examples: readonly string[];
  readonly noneChosen: number;
  readonly unlisted: number;
}

export interface ShareView {
  readonly share: number;
  readonly interval: Interval | null;
}

export interface CrossTableView {
  readonly name: string;
  readonly groups: readonly {
    readonly label: string;
    readonly letter: string;
    readonly n: number;
    readonly numbers: NumbersView | null;
    readonly higherThan: readonly string[];
  }[];
  readonly rows:
    | readonly {
        readonly label: string;
        readonly cells: readonly (ShareView & {
          readonly count: number;
          readonly isLow: boolean;
          readonly higherThan: readonly string[];
        })[];
      }[]
    | null;
  readonly adjustedP: number | null;
  readonly cramersV: number | null;
}

export interface Summary {
  readonly interviews: number;
  readonly respondents: number;
  readonly effectiveN: number;
  readonly isWeighted: boolean;
  readonly questions: readonly QuestionSummary[];
  readonly crossTables: readonly { readonly by: string; readonly tables: readonly CrossTableView[] }[];
}

export const summaryQuery = (taskId: string, by: string | undefined) =>
  queryOptions({
    queryKey: ['task', taskId, 'summary', by ?? null],
    queryFn: ({ signal }) => getJson<Summary>(`${taskPath(taskId)}/summary`, { by }, signal),
    placeholderData: keepPreviousData,
  });
