import { shiftsText } from '../../analysis/focus-group/analysis-text.ts';
import type { GroupAnalysis } from '../../analysis/focus-group/group-analysis.ts';
import type { Spending } from '../../application/runs/spending.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import { messagesFor } from '../../languages/messages.ts';
import { databaseFlag } from './database-flag.ts';
import { usageLine } from './run-summary.ts';
import { servedModel } from './served-model.ts';

/**
 * What a finished focus group shows: what the polls moved, how many spoke, how long, what it took, where the files are.
 *
 * @param address where the model is served; `null` for the vendor's own address
 */
export function groupSummary(
  transcript: Transcript,
  analysis: GroupAnalysis,
  address: string | null,
  spent: Pick<Spending, 'usage' | 'costUsd' | 'waitingShare' | 'elsewhere'>,
  seconds: number,
  files: readonly string[],
): string {
  const messages = messagesFor(transcript.language);
  const { group } = messages;
  const { n, median, humanMedian } = analysis.lengths;
  const { participants, rounds, model } = transcript;
  const asked = rounds.reduce((sum, { replies }) => sum + replies.length, 0);
  const moved = shiftsText(analysis, messages);
  return `\n${[
    ...(moved.length > 0 ? [...moved, ''] : []),
    group.counts(participants.length, rounds.length, n, asked) +
      group.lengths(median === null ? '–' : String(Math.round(median)), humanMedian),
    usageLine(spent, seconds, messages),
    group.playedBy(servedModel(model, address, messages)),
    ...files.map((file) => `  ${file}`),
  ].join('\n')}\n`;
}

/** What to do about replies that failed; empty if none did. */
export function failedAdvice(failed: number, focusGroupId: string, database: string): string {
  if (failed === 0) return '';
  return `${failed} ${failed === 1 ? 'reply' : 'replies'} failed; the transcript says why. Ask again: \`panelist focus-group retry-failed ${focusGroupId}${databaseFlag(database)}\`.\n`;
}

export function renewedText(folder: string): string {
  return `Transcript and report are renewed in ${folder}.\n`;
}
