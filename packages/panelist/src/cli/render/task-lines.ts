import type { RunLimits } from '../../application/runs/run-limits.ts';
import type { RunView } from '../../application/runs/run-view.ts';
import { foreignLine } from '../../text/foreign-line.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

const INVALID = 'not valid: something else has changed the database';

/** A task on a few lines. */
export function taskLines(view: RunView): string {
  const { taskId, title, model, status, totalCount, successCount, failedCount, limits, errorMessage } = view;
  const lines = [
    `${terminalSafe(taskId)}  ${terminalSafe(title)}${model === null ? '' : `  ${terminalSafe(model)}`}`,
    `  ${status}: ${successCount} of ${totalCount} done, ${failedCount} failed, ${totalCount - successCount - failedCount} open`,
    `  created ${view.createdAt}${view.finishedAt === null ? '' : `, finished ${view.finishedAt}`}`,
  ];
  if (limits === null || Object.keys(limits).length > 0)
    lines.push(`  limits: ${limits === null ? INVALID : limitTexts(limits).join(', ')}`);
  if (errorMessage !== null) lines.push(`  ${foreignLine(errorMessage)}`);
  return lines.join('\n');
}

/** The limits of a run, one a line. */
export function limitLines(limits: RunLimits | null): string {
  if (limits === null) return `${INVALID}\n`;
  const texts = limitTexts(limits);
  return texts.length === 0 ? 'No limits are recorded.\n' : texts.map((text) => `${text}\n`).join('');
}

function limitTexts({
  maxConcurrency,
  requestsPerMinute,
  tokensPerMinute,
  maxCostUsd,
  maxTokens,
}: RunLimits): readonly string[] {
  const texts = {
    'at once': maxConcurrency,
    'requests per minute': requestsPerMinute,
    'tokens per minute': tokensPerMinute,
    'US dollars in total': maxCostUsd,
    'tokens in total': maxTokens,
  };
  return Object.entries(texts).flatMap(([what, value]) =>
    value === undefined ? [] : [value === null ? `no limit of ${what}` : `${value} ${what}`],
  );
}
