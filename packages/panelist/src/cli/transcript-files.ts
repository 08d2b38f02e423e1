import { join } from 'node:path';
import { exportTranscript, type TranscriptFormat } from '../analysis/focus-group/export/export-transcript.ts';
import { writeGroupReport } from '../analysis/focus-group/export/group-report.ts';
import type { GroupAnalysis } from '../analysis/focus-group/group-analysis.ts';
import type { OverwriteOptions } from '../files/output-files.ts';
import type { Transcript } from '../focus-group/transcript.ts';
import type { Workspace } from './compose.ts';
import { makeOutputFolder } from './survey-report.ts';

const formats = ['md', 'jsonl', 'csv'] satisfies TranscriptFormat[];

/** What `writeTranscriptFiles` writes into `folder`. */
export function transcriptPaths(folder: string): readonly string[] {
  return [...formats.map((format) => transcriptPath(folder, format)), reportPath(folder)];
}

/**
 * Writes a transcript in every format and the report on it into `folder`; returns the paths.
 *
 * @throws PanelistError `FILE_EXISTS` for a file that is not ours, before anything is written
 */
export async function writeTranscriptFiles(
  { files }: Pick<Workspace, 'files'>,
  transcript: Transcript,
  analysis: GroupAnalysis,
  folder: string,
  overwrite: OverwriteOptions = {},
): Promise<readonly string[]> {
  await makeOutputFolder(folder);
  const paths = transcriptPaths(folder);
  await files.check(paths, overwrite);
  const write = files.writer(overwrite);
  for (const format of formats)
    await exportTranscript(transcriptPath(folder, format), transcript, format, write);
  await writeGroupReport(reportPath(folder), transcript, analysis, write);
  return paths;
}

function transcriptPath(folder: string, format: TranscriptFormat): string {
  return join(folder, `transcript.${format}`);
}

function reportPath(folder: string): string {
  return join(folder, 'report.html');
}
