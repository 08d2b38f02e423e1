import { dirname } from 'node:path';
import { quote } from '@panelist/toolkit';
import { fileName, type InputFile } from '../../files/input-file.ts';
import { pathInside } from '../../files/path-inside.ts';
import { readText } from '../../files/read-text.ts';
import { PanelistError } from '../../panelist-error.ts';
import { readSurveyJson } from '../../survey/import/read-survey-file.ts';
import type { FocusGroupGuide } from './guide.ts';
import { parseGuideDocument } from './guide-document.ts';
import { GuideError } from './guide-problems.ts';
import { parseGuide } from './guide-schema.ts';

/** 2 MB: a hundred rounds with a page of stimulus each. */
const maxBytes = 2_000_000;

/**
 * Reads a guide: YAML 1.2 or JSON (which is YAML), UTF-8, at most 2 MB. The path of the audience comes back as it can
 * be opened from here; a poll's survey that is a file comes back as its content. Both must be in the guide's folder. A
 * guide that is given as bytes has no folder: it names no audience then, and its poll's survey must be in the guide.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; `GUIDE_INVALID`, with line and column; `SURVEY_INVALID` where the poll's file is not JSON
 */
export async function readGuideFile(file: InputFile): Promise<FocusGroupGuide> {
  const path = fileName(file);
  let text = '';
  for await (const piece of readText(file, { what: 'guide', invalidCode: 'GUIDE_INVALID', maxBytes }))
    text += piece;
  const guide = checked(path, text);
  const { participants, poll } = guide;
  const { audience } = participants;
  if (typeof file !== 'string') return withoutFolder(guide, path);
  return {
    ...guide,
    ...(audience !== undefined && {
      participants: { ...participants, audience: await besideGuide(path, 'participants.audience', audience) },
    }),
    ...(typeof poll?.survey === 'string' && {
      poll: { ...poll, survey: await surveyIn(await besideGuide(path, 'poll.survey', poll.survey)) },
    }),
  };
}

/** The names of files in it mean nothing here: no file of this machine may be read for them. */
function withoutFolder(guide: FocusGroupGuide, name: string): FocusGroupGuide {
  const { audience: _, ...participants } = guide.participants;
  if (typeof guide.poll?.survey !== 'string') return { ...guide, participants };
  throw new PanelistError(
    'GUIDE_INVALID',
    `${quote(name)}: poll.survey is the file ${quote(guide.poll.survey)}, which isn't here. Write the survey into the guide.`,
  );
}

/** A guide may come from a stranger: it must not name files of the user who runs it. */
async function besideGuide(guide: string, field: string, file: string): Promise<string> {
  const path = await pathInside(dirname(guide), file);
  if (path !== null) return path;
  throw new PanelistError(
    'GUIDE_INVALID',
    `${quote(guide)}: ${field} is ${quote(file)}, which is outside the guide's folder (links are followed). Put the file into that folder${field === 'poll.survey' ? ', or write the survey into the guide' : ''}.`,
    field === 'poll.survey' ? {} : { data: { reason: 'audience-outside' } },
  );
}

async function surveyIn(path: string): Promise<Record<string, unknown>> {
  const json = await readSurveyJson(path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new PanelistError(
    'SURVEY_INVALID',
    `${quote(path)} isn't a SurveyJS survey: a survey is a JSON object.`,
  );
}

function checked(path: string, text: string): FocusGroupGuide {
  try {
    const { value, positionOf } = parseGuideDocument(text, /\.json$/i.test(path));
    return parseGuide(value, positionOf);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    // What is wrong with a guide quotes it: of any other file, such as one that a path was mistyped for, nothing is quoted.
    const shown = /\.(ya?ml|json)$/i.test(path)
      ? problem
      : 'it is not a guide. A guide is a YAML or JSON file whose name ends in .yaml, .yml or .json: under such a name its problems are listed.';
    const problems = error instanceof GuideError && shown === problem ? error.problems : [];
    throw new GuideError(`${quote(path)}: ${shown}`, problems, { cause: error });
  }
}
