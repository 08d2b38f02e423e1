import { en } from './en.ts';
import { zh } from './zh.ts';

/** What each language must have: a key that is missing in one of them does not compile. */
export type Messages = typeof en;

/** In Chinese for `zh`, `zh-cn`, `zh-TW`, `zh_Hant` …, else in English. */
export function messagesFor(locale: string): Messages {
  return /^zh\b|^zh_/i.test(locale) ? zh : en;
}
