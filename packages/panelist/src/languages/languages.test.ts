import { expect, it } from 'vitest';
import { COMPARISON_INTERVAL_LABEL } from '../analysis/compare-humans.ts';
import { INTERVAL_LABEL } from '../analysis/statistics/intervals.ts';
import { results as en } from './en/results.ts';
import { messagesFor } from './messages.ts';
import { results as zh } from './zh/results.ts';

it.each(['zh', 'zh-cn', 'ZH-TW', 'zh_Hant'])('%s is Chinese', (locale) => {
  expect(messagesFor(locale)).toBe(zh);
});

it.each(['', 'en', 'en-GB', 'de', 'zha', 'zzh'])('%j is said in English', (locale) => {
  expect(messagesFor(locale)).toBe(en);
});

it('uses the same English label for intervals as the data', () => {
  expect(en.figures.intervalCovers).toBe(INTERVAL_LABEL);
  expect(en.comparison.intervalCovers).toBe(COMPARISON_INTERVAL_LABEL);
});

/** Terms that Chinese texts have too. */
const terms = ['zh', 'CN', 'p', 'alpha', 'Alpha', 'ICC', 'Token', 'token', 'Cram', 'r', 'V'];

/** Every text with where it is; a function's with placeholders put in. */
function textsOf(messages: object, path = ''): (readonly [path: string, text: string])[] {
  return Object.entries(messages).flatMap(([key, value]) => {
    const at = `${path}.${key}`;
    if (typeof value === 'string') return [[at, value] as const];
    if (typeof value !== 'function') return textsOf(value as object, at);
    const names = Array.from({ length: value.length }, (_, index) => `⟨${index}⟩`);
    return [[at, String(value(...names))] as const];
  });
}

it('has Chinese texts that contain all arguments of the English ones', () => {
  const english = new Map(textsOf(en));
  for (const [path, text] of textsOf(zh)) {
    // Its parts are given as one object.
    if (path === '.run.usage') continue;
    const latin = text.replaceAll(/⟨\d⟩/g, '').match(/[a-z]+/gi) ?? [];
    if (!/\p{Script=Han}/u.test(text))
      expect([path, latin.filter((word) => !terms.includes(word))]).toEqual([path, []]);
    // No English punctuation after Chinese, and no blank between Chinese characters.
    expect(`${path}: ${text}`).not.toMatch(/\p{Script=Han}[,;:?!]|\p{Script=Han} \p{Script=Han}/u);
    const placeholders = (of: string): string[] => [...new Set(of.match(/⟨\d⟩/g))].toSorted();
    const isLonger = ['.statuses.legend', '.figures.answers'].includes(path);
    if (!isLonger) expect([path, placeholders(text)]).toEqual([path, placeholders(english.get(path) ?? '')]);
  }
});
