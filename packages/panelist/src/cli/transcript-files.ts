import { join } from 'node:path';
import { exportTranscript, type TranscriptFormat } from '../analysis/focus-group/export/export-transcript.ts';
import { writeGroupReport } from '../analysis/focus-group/export/group-report.ts';
import type { GroupAnalysis } from '../analysis/focus-group/group-analysis.ts';
import type { Transcript } from '../focus-group/transcript.ts';
import { makeOutputFolder } from './survey-report.ts';

/** Writes a transcript in every format and the report on it into `folder`; returns the paths. */
export async function writeTranscriptFiles(
  transcript: Transcript,
  analysis: GroupAnalysis,
  folder: string,
): Promise<readonly string[]> {
  await makeOutputFolder(folder);
  const paths: string[] = [];
  for (const format of ['md', 'jsonl', 'csv'] satisfies TranscriptFormat[]) {
    const path = join(folder, `transcript.${format}`);
    await exportTranscript(path, transcript, format);
    paths.push(path);
  }
  const report = join(folder, 'report.html');
  await writeGroupReport(report, transcript, analysis);
  return [...paths, report];
}
