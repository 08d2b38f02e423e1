import type { Transcript } from '../../../focus-group/transcript.ts';
import { type WriteFile, writeAtomically } from '../../export/atomic-file.ts';
import { jsonLine } from '../../export/jsonl.ts';
import { csvText } from '../../export/write-csv.ts';
import { transcriptMarkdown } from './transcript-markdown.ts';
import { type SpokenTurn, spokenTurns } from './transcript-turns.ts';

/** `md` is for reading; `jsonl` and `csv` have one turn per line with all its details. */
export type TranscriptFormat = 'md' | 'jsonl' | 'csv';

/**
 * Writes a transcript to a file. A failed reply is included with its error. The same transcript gives the same bytes.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`
 */
export async function exportTranscript(
  path: string,
  transcript: Transcript,
  format: TranscriptFormat,
  write: WriteFile = writeAtomically,
): Promise<void> {
  await write(path, one(transcriptText(transcript, format)));
}

export function transcriptText(transcript: Transcript, format: TranscriptFormat): string {
  if (format === 'md') return transcriptMarkdown(transcript);
  const turns = spokenTurns(transcript);
  return format === 'jsonl' ? turns.map(jsonLine).join('') : csv(turns);
}

const columns: readonly (keyof SpokenTurn)[] = [
  ...([
    'round',
    'step',
    'speaker',
    'to',
    'participantId',
    'name',
    'status',
    'text',
    'stimulus',
    'words',
    'error',
  ] as const),
  ...(['repairs', 'promptHash', 'returnedModel', 'inputTokens', 'outputTokens', 'synthetic'] as const),
];

function csv(turns: readonly SpokenTurn[]): string {
  return csvText([columns, ...turns.map((turn) => columns.map((column) => turn[column]))]);
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}
