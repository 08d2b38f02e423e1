import { dirname, join } from 'node:path';
import {
  exportTranscript,
  type TranscriptFormat,
} from '../../analysis/focus-group/export/export-transcript.ts';
import { writeGroupReport } from '../../analysis/focus-group/export/group-report.ts';
import type { GroupAnalysis } from '../../analysis/focus-group/group-analysis.ts';
import type { OverwriteOptions } from '../../files/output-files.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import { DEFAULT_OUTPUT_FOLDER } from '../defaults.ts';
import type { Workspace } from '../open-workspace.ts';
import { makeOutputFolder } from '../output-folder.ts';
import { analyseTranscript, type ThemesOfModel } from './analyse.ts';
import { groupTranscript } from './read-groups.ts';

const formats = ['md', 'jsonl', 'csv'] satisfies TranscriptFormat[];

export interface GroupFolderOptions extends OverwriteOptions {
  /** The folder. @default one named after the group, in `outRoot` */
  readonly out?: string | undefined;
  /** Contains a folder per run. @default panelist-results */
  readonly outRoot?: string | undefined;
}

/** What `writeTranscriptFiles` writes into `folder`. */
function transcriptPaths(folder: string): readonly string[] {
  return [...formats.map((format) => transcriptPath(folder, format)), reportPath(folder)];
}

/**
 * Writes a transcript in every format and the report on it into `folder`; returns the paths.
 *
 * @throws PanelistError `FILE_EXISTS` for a file that is not ours, before anything is written
 */
async function writeTranscriptFiles(
  { files }: Pick<Workspace, 'files'>,
  transcript: Transcript,
  analysis: GroupAnalysis,
  folder: string,
  overwrite: OverwriteOptions,
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

/**
 * Finds out, before anything is paid for, whether the files of a group can be written; returns their folder.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`, `FILE_EXISTS`
 */
export async function prepareGroupFolder(
  { files }: Pick<Workspace, 'files'>,
  focusGroupId: string,
  { out, outRoot, force }: GroupFolderOptions,
): Promise<string> {
  const folder = out ?? join(outRoot ?? DEFAULT_OUTPUT_FOLDER, `fg_${focusGroupId}`);
  await makeOutputFolder(folder);
  await files.check(transcriptPaths(folder), { force });
  return folder;
}

/** Writes the transcript and the report as the group is now. */
export async function renewGroupFiles(
  workspace: Pick<Workspace, 'tasks' | 'files'>,
  focusGroupId: string,
  folder: string,
  overwrite: OverwriteOptions,
): Promise<Awaited<ReturnType<typeof analyseTranscript>> & { readonly paths: readonly string[] }> {
  const analysed = await analyseTranscript(workspace, focusGroupId);
  const { transcript, analysis } = analysed;
  return {
    ...analysed,
    paths: await writeTranscriptFiles(workspace, transcript, analysis, folder, overwrite),
  };
}

/**
 * Writes the transcript of a group to one file.
 *
 * @returns how many rounds it has
 * @throws PanelistError `GROUP_NOT_FOUND`, `FILE_EXISTS`
 */
export async function exportGroup(
  { tasks, files }: Pick<Workspace, 'tasks' | 'files'>,
  focusGroupId: string,
  path: string,
  format: TranscriptFormat,
  overwrite: OverwriteOptions = {},
): Promise<{ readonly rounds: number }> {
  const transcript = await groupTranscript(tasks, focusGroupId);
  await makeOutputFolder(dirname(path));
  await exportTranscript(path, transcript, format, files.writer(overwrite));
  return { rounds: transcript.rounds.length };
}

/**
 * Writes the report on a group, one HTML page.
 *
 * @param found themes that a model has found; `null` for those of keywords
 * @returns how many rounds it has
 */
export async function reportGroup(
  workspace: Pick<Workspace, 'tasks' | 'files'>,
  focusGroupId: string,
  path: string,
  found: ThemesOfModel | null,
  overwrite: OverwriteOptions = {},
): Promise<{ readonly rounds: number }> {
  const { transcript, analysis } = await analyseTranscript(workspace, focusGroupId, found);
  await writeGroupReport(path, transcript, analysis, workspace.files.writer(overwrite));
  return { rounds: transcript.rounds.length };
}

function transcriptPath(folder: string, format: TranscriptFormat): string {
  return join(folder, `transcript.${format}`);
}

function reportPath(folder: string): string {
  return join(folder, 'report.html');
}
