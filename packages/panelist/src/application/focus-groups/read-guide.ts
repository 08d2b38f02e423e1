import { quote } from '@panelist/toolkit';
import { readAudience } from '../../audience/read-audience.ts';
import type { Respondent } from '../../audience/respondent.ts';
import { fileName, type InputFile } from '../../files/input-file.ts';
import type { FocusGroup } from '../../focus-group/group.ts';
import { groupOf, importPoll } from '../../focus-group/guide/group-of-guide.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import { readGuideFile } from '../../focus-group/guide/read-guide-file.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { ImportedSurvey, ImportOptions } from '../../survey/import/import-surveyjs.ts';
import { importOptions, type SurveyFileOptions } from '../surveys/read-survey.ts';

export interface GuideOptions extends SurveyFileOptions {
  readonly focusGroupId: string;
  /** The file that participants are chosen from. @default the guide's; one that is given as bytes has none */
  readonly audience?: InputFile | undefined;
  /** Changes the guide before it is used. @default not at all */
  readonly change?: ((guide: FocusGroupGuide) => FocusGroupGuide) | undefined;
}

/** What a guide file makes of a group. */
export interface GuideFiles {
  readonly guide: FocusGroupGuide;
  readonly audience: readonly Respondent[];
  readonly group: FocusGroup;
  /** `null` where the guide has none. */
  readonly poll: ImportedSurvey | null;
  readonly pollOptions: ImportOptions;
}

/**
 * Reads a guide and its audience: whatever is wrong with them is found before anything is paid for.
 *
 * @throws PanelistError as `readGuideFile`, `readAudience`, `groupOf` and `importPoll`; `USAGE` without an audience
 */
export async function readGuide(
  guideFile: InputFile,
  { focusGroupId, audience: file, change = (guide) => guide, ...options }: GuideOptions,
): Promise<GuideFiles> {
  const read = await readGuideFile(guideFile);
  const from = file ?? read.participants.audience;
  if (from === undefined)
    throw new PanelistError(
      'USAGE',
      typeof guideFile === 'string'
        ? 'The guide has no participants.audience, so there is nobody to choose the participants from: set it.'
        : `${quote(fileName(guideFile))} came without its folder, so there is nobody to choose the participants from: give the audience too.`,
      { data: { reason: 'audience-missing' } },
    );
  const guide = change(read);
  const audience = await readAudience(from);
  const group = groupOf(guide, focusGroupId, audience);
  const pollOptions = await importOptions(options);
  return { guide, audience, group, poll: importPoll(guide, pollOptions), pollOptions };
}
