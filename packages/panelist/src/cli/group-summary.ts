import { shiftsText } from '../analysis/focus-group/analysis-text.ts';
import type { GroupAnalysis } from '../analysis/focus-group/group-analysis.ts';
import type { Transcript } from '../focus-group/transcript.ts';
import type { Workspace } from './compose.ts';
import { databaseFlag } from './defaults.ts';
import { usageLine } from './run-summary.ts';

/** What a finished focus group shows: what the polls moved, how many spoke, how long, what it took, where the files are. */
export function groupSummary(
  transcript: Transcript,
  analysis: GroupAnalysis,
  spent: Pick<Workspace, 'usage' | 'costUsd' | 'waitingShare'>,
  seconds: number,
  files: readonly string[],
): string {
  const { n, median, humanMedian } = analysis.lengths;
  const asked = transcript.rounds.reduce((sum, { replies }) => sum + replies.length, 0);
  const moved = shiftsText(analysis);
  return `\n${[
    ...(moved.length > 0 ? [...moved, ''] : []),
    `${counted(transcript.participants.length, 'participant')}, ${counted(transcript.rounds.length, 'round')}: ${n} of ${asked} replies, median ${median === null ? '–' : Math.round(median)} words (people in focus groups: ${humanMedian}).`,
    usageLine(spent, seconds),
    `The participants are synthetic: ${transcript.model} played them.`,
    ...files.map((file) => `  ${file}`),
  ].join('\n')}\n`;
}

/** What to do about replies that could not be had; empty where all could. */
export function failedAdvice(failed: number, focusGroupId: string, database: string): string {
  if (failed === 0) return '';
  return `${failed} ${failed === 1 ? 'reply' : 'replies'} could not be had; the transcript tells why. Ask again: \`panelist focus-group retry-failed ${focusGroupId}${databaseFlag(database)}\`.\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
