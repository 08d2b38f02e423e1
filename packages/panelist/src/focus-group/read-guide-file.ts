import { dirname, isAbsolute, join } from 'node:path';
import { quote } from '@panelist/toolkit';
import { readText } from '../files/read-text.ts';
import { PanelistError } from '../panelist-error.ts';
import { readSurveyJson } from '../survey/read-survey-file.ts';
import type { FocusGroupGuide } from './guide.ts';
import { parseGuideDocument } from './guide-document.ts';
import { parseGuide } from './guide-schema.ts';

/** 2 MB: a hundred rounds with a page of stimulus each. */
const maxBytes = 2_000_000;

/**
 * Reads a guide: YAML 1.2 or JSON (which is YAML), UTF-8, at most 2 MB. The path of the audience comes back as it can
 * be opened from here; a poll's survey that is a file comes back as what stands in it.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; `GUIDE_INVALID`, with line and column; `SURVEY_INVALID` where the poll's file is not JSON
 */
export async function readGuideFile(path: string): Promise<FocusGroupGuide> {
  let text = '';
  for await (const piece of readText(path, { what: 'guide', invalidCode: 'GUIDE_INVALID', maxBytes }))
    text += piece;
  const guide = checked(path, text);
  const fromHere = (file: string): string => (isAbsolute(file) ? file : join(dirname(path), file));
  const { participants, poll } = guide;
  const { audience } = participants;
  return {
    ...guide,
    ...(audience !== undefined && { participants: { ...participants, audience: fromHere(audience) } }),
    ...(typeof poll?.survey === 'string' && {
      poll: { ...poll, survey: await surveyIn(fromHere(poll.survey)) },
    }),
  };
}

async function surveyIn(path: string): Promise<Record<string, unknown>> {
  const json = await readSurveyJson(path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new PanelistError(
    'SURVEY_INVALID',
    `${quote(path)} is no SurveyJS survey: a survey is a JSON object.`,
  );
}

function checked(path: string, text: string): FocusGroupGuide {
  try {
    const { value, placeOf } = parseGuideDocument(text, /\.json$/i.test(path));
    return parseGuide(value, placeOf);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new PanelistError('GUIDE_INVALID', `${quote(path)}: ${problem}`, { cause: error });
  }
}
