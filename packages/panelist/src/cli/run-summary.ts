import type { TaskRecord } from '@panelist/toolkit';
import { renderBars } from '../analysis/bars.ts';
import type { Tabulation } from '../analysis/tabulate.ts';
import type { ModelUsage } from '../models/model-usage.ts';
import type { AnswerStatus } from '../survey/answer.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { formatUsd } from '../text/usd.ts';
import { compact, duration } from './progress.ts';
import { surveyParams } from './survey-report.ts';

export interface RunSummary {
  readonly task: TaskRecord;
  readonly tabulation: Tabulation;
  readonly usage: Readonly<ModelUsage>;
  /** Of this run's calls, US dollars; `null` where the model's price is not known. */
  readonly costUsd: number | null;
  /** What share of the calls' time was waiting for the provider: 0 to 1. */
  readonly waitingShare: number;
  readonly seconds: number;
  /** Paths of the answer files. */
  readonly files: readonly string[];
}

export interface SummaryLayout {
  /** Columns to wrap to; `Infinity` wraps nothing. */
  readonly width: number;
  readonly colour: boolean;
}

/** What a finished run shows: each question's distribution, the counts, what it took, and where the answers are. */
export function summaryText(
  { task, tabulation, usage, costUsd, waitingShare, seconds, files }: RunSummary,
  layout: SummaryLayout,
): string {
  const { successCount, totalCount, failedCount } = task;
  const title = terminalSafe(tabulation.title || surveyParams(task).survey);
  const bars =
    successCount === 0 ? [] : [title, renderBars(tabulation, surveyParams(task).questionnaire, layout)];
  const counts = [
    `${successCount} of ${totalCount} ${heldText(task)}, ${failedCount} failed. Answers: ${answerCounts(tabulation)}.`,
    usageLine({ usage, costUsd, waitingShare }, seconds),
    `The respondents are synthetic: ${terminalSafe(surveyParams(task).model)} played them.`,
    ...files.map((file) => `  ${terminalSafe(file)}`),
  ];
  return `\n${[...bars, counts.join('\n')].join('\n\n')}\n`;
}

function heldText(task: TaskRecord): string {
  const { replicates } = surveyParams(task);
  return replicates === 1
    ? 'respondents interviewed'
    : `interviews held (${task.totalCount / replicates} respondents × ${replicates})`;
}

function answerCounts({ questions }: Tabulation): string {
  const sums = new Map<string, number>();
  for (const { statuses } of questions) {
    for (const [status, count] of Object.entries(statuses) as [AnswerStatus, number][]) {
      sums.set(status, (sums.get(status) ?? 0) + count);
    }
  }
  return Array.from(sums, ([status, count]) => `${count} ${status}`).join(', ');
}

/** What a run's calls took. */
export function usageLine(
  { usage, costUsd, waitingShare }: Pick<RunSummary, 'usage' | 'costUsd' | 'waitingShare'>,
  seconds: number,
): string {
  return (
    `${usage.requests} requests, ${usage.refusals} refused, ${usage.retries} retries, ` +
    `${usage.replayed} answers from the store, ${compact(usage.inputTokens + usage.outputTokens)} tokens, ` +
    `${costUsd === null ? 'cost unknown (--prices takes a price)' : formatUsd(costUsd)}, ` +
    `${duration(seconds)}; ${Math.round(100 * waitingShare)} % of the calls' time was waiting for the provider.`
  );
}
