import { type English, en } from './en/index.ts';
import { zh } from './zh/index.ts';

/** What Panelist says of a survey's results and of runs. */
export type Messages = English['results'];
/** What Panelist itself says in an interview. */
export type InterviewTexts = English['interview'];
/** What a focus group's transcript and report say. */
export type FocusGroupTexts = English['focusGroup'];

export const languages: readonly English[] = [en, zh];

/** In Chinese where the locale is Chinese, else in English. */
export function messagesFor(locale: string): Messages {
  return languageFor(locale).results;
}

/** As `messagesFor`. */
export function interviewTextsFor(locale: string): InterviewTexts {
  return languageFor(locale).interview;
}

/** As `messagesFor`. */
export function focusGroupTextsFor(language: string): FocusGroupTexts {
  return languageFor(language).focusGroup;
}

function languageFor(locale: string): English {
  return isChinese(locale) ? zh : en;
}

/** `zh`, `zh-cn`, `zh-TW`, `zh_Hant` … */
export function isChinese(locale: string): boolean {
  return /^zh(?![a-z])/i.test(locale);
}
