import { readAudience } from '../../audience/read-audience.ts';
import { type QuotaSample, quotaSample, type SampleOptions } from '../../audience/sampling/quota-sample.ts';
import { readTargets } from '../../audience/sampling/targets.ts';
import { writeAudience } from '../../audience/write-audience.ts';
import type { InputFile } from '../../files/input-file.ts';
import type { OverwriteOptions } from '../../files/output-files.ts';
import type { Workspace } from '../open-workspace.ts';

export interface SampleFiles {
  /** The people to draw from: CSV or JSONL. */
  readonly from: InputFile;
  /** The population's shares, a CSV. @default the shares of `from` */
  readonly targets?: InputFile | undefined;
}

/**
 * Draws a quota sample from the people of a file.
 *
 * @throws PanelistError as `readAudience`, `readTargets` and `quotaSample`
 */
export async function sampleAudience(
  { from, targets }: SampleFiles,
  options: Omit<SampleOptions, 'targets'>,
): Promise<QuotaSample> {
  const shares = targets === undefined ? [] : await readTargets(targets);
  return quotaSample(await readAudience(from), { ...options, targets: shares });
}

/**
 * Writes a sample as an audience file.
 *
 * @param path `.csv` or `.jsonl`
 * @throws PanelistError `FILE_EXISTS`, `FILE_NOT_WRITABLE`
 */
export async function writeSample(
  { files }: Pick<Workspace, 'files'>,
  { respondents }: QuotaSample,
  path: string,
  overwrite: OverwriteOptions = {},
): Promise<void> {
  await writeAudience(path, respondents, files.writer(overwrite));
}
