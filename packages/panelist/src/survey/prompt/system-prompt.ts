import { personaLines } from '../../audience/persona.ts';
import type { Respondent } from '../../audience/respondent.ts';
import { type InterviewTexts, interviewTextsFor } from '../../languages/messages.ts';
import { oneLine } from '../../text/one-line.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { leftEmpty } from '../reply/left-empty.ts';

/** Everything that stays the same over the questionnaire comes first, where providers cache it. */
export function surveyPrompt({ title, description, locale }: Questionnaire): string {
  const about = [title, description].map(oneLine).filter((text) => text !== '');
  return interviewTextsFor(locale).survey({ about, leftEmpty });
}

/** The simulator reads the respondent back with `parsePersona`. */
export function systemPrompt(surveyPart: string, respondent: Respondent, frame: InterviewTexts): string {
  return `${surveyPart}\n${frame.person}\n${personaLines(respondent) || frame.nothingKnown}`;
}
