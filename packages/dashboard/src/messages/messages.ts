import { storedPreference } from '../stored-preference.ts';
import type { Messages } from './en/index.ts';

export type { Messages };

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** Each language in itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };

export const languagePreference = storedPreference<Language>('panelist.language', languages, () =>
  /^zh\b/i.test(navigator.language) ? 'zh' : 'en',
);

/** A language is a file of its own: the first view loads one. */
export async function loadMessages(language: Language): Promise<Messages> {
  return language === 'zh'
    ? (await import('./zh/index.ts')).messages
    : (await import('./en/index.ts')).messages;
}
