import type { TaskRecord } from '@panelist/toolkit';
import { renderBars } from '../../analysis/bars.ts';
import { answerCounts } from '../../analysis/status-words.ts';
import type { Tabulation } from '../../analysis/tabulate.ts';
import type { Spending } from '../../application/runs/spending.ts';
import { surveyParams } from '../../application/surveys/answer-files.ts';
import { type Messages, messagesFor } from '../../languages/messages.ts';
import type { ModelUsage } from '../../models/model-usage.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { formatUsd } from '../../text/usd.ts';
import { compact, duration } from './progress.ts';
import { servedModel } from './served-model.ts';

export interface RunSummary {
  readonly task: TaskRecord;
  readonly tabulation: Tabulation;
  /** Where the model is served; `null` for the vendor's own address. */
  readonly address: string | null;
  readonly usage: Readonly<ModelUsage>;
  /** Of this run's calls, US dollars; `null` where the model's price is not known. */
  readonly costUsd: number | null;
  /** What other processes have spent on the run meanwhile. */
  readonly elsewhere: Spending['elsewhere'];
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
  { task, tabulation, address, usage, costUsd, elsewhere, waitingShare, seconds, files }: RunSummary,
  layout: SummaryLayout,
): string {
  const { successCount, totalCount, failedCount } = task;
  const { questionnaire, survey, model, replicates } = surveyParams(task);
  const messages = messagesFor(questionnaire.locale);
  const { run } = messages;
  const title = terminalSafe(tabulation.title || survey);
  const answers = answerCounts(tabulation, messages);
  const bars = successCount === 0 ? [] : [title, renderBars(tabulation, questionnaire, layout)];
  const counts = [
    replicates === 1
      ? run.respondents(successCount, totalCount, failedCount, answers)
      : run.interviews(successCount, totalCount, totalCount / replicates, replicates, failedCount, answers),
    usageLine({ usage, costUsd, elsewhere, waitingShare }, seconds, messages),
    run.playedBy(servedModel(model, address, messages)),
    ...files.map((file) => `  ${terminalSafe(file)}`),
  ];
  return `\n${[...bars, counts.join('\n')].join('\n\n')}\n`;
}

/** What a run's calls took. */
export function usageLine(
  {
    usage,
    costUsd,
    elsewhere,
    waitingShare,
  }: Pick<RunSummary, 'usage' | 'costUsd' | 'elsewhere' | 'waitingShare'>,
  seconds: number,
  messages: Messages,
): string {
  const { requests, refusals, retries, replayed, inputTokens, outputTokens } = usage;
  const cost = (usd: number | null): string => (usd === null ? messages.run.costUnknown : formatUsd(usd));
  const here = messages.run.usage({
    ...{ requests, refused: refusals, retries, replayed },
    tokens: compact(inputTokens + outputTokens),
    cost: cost(costUsd),
    time: duration(seconds, messages),
    waiting: Math.round(100 * waitingShare),
  });
  if (elsewhere.tokens === 0) return here;
  const others = { tokens: compact(elsewhere.tokens), cost: cost(elsewhere.costUsd) };
  return `${here}\n${messages.run.elsewhere(others)}`;
}
