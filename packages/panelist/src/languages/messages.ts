import { en } from './en.ts';
import { zh } from './zh.ts';

/** What each language must have: a key that is missing in one of them does not compile. */
export type Messages = typeof en;

/** In Chinese where the locale is Chinese, else in English. */
export function messagesFor(locale: string): Messages {
  return isChinese(locale) ? zh : en;
}

/** `zh`, `zh-cn`, `zh-TW`, `zh_Hant` … */
export function isChinese(locale: string): boolean {
  return /^zh(?![a-z])/i.test(locale);
}
