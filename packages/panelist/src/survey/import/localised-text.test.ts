import { describe, expect, it } from 'vitest';
import { TextLanguage } from './localised-text.ts';

const choose = (wanted: string | null, ofFile: string | null, texts: Record<string, string>): string =>
  new TextLanguage(wanted, ofFile).choose(new Map(Object.entries(texts)));

describe('TextLanguage', () => {
  const texts = { default: 'd', fr: 'f', 'zh-cn': 'z', 'pt-BR': 'p' };

  it.each([
    [null, null, 'd'],
    ['fr', null, 'f'],
    ['fr-CA', null, 'f'],
    ['zh', null, 'z'],
    ['zh_TW', null, 'z'],
    ['pt-br', null, 'p'],
    [null, 'fr', 'f'],
    ['zh-cn', 'fr', 'z'],
    ['de', 'fr', 'f'],
    ['de', null, 'd'],
    ['en', 'fr', 'd'],
    [null, 'default', 'd'],
  ])('wanted %s, the file in %s: %s', (wanted, ofFile, text) => {
    expect(choose(wanted, ofFile, texts)).toBe(text);
  });

  it('uses no text of another language and no blank text', () => {
    expect(choose('de', null, { fr: 'f' })).toBe('');
    expect(choose('fr', null, { fr: ' ', default: 'd' })).toBe('d');
    expect(choose('fr', null, {})).toBe('');
  });

  it('reports the language of its texts', () => {
    expect(new TextLanguage('zh-CN', 'fr').locale).toBe('zh-cn');
    expect(new TextLanguage(null, 'fr').locale).toBe('fr');
    expect(new TextLanguage(null, 'default').locale).toBe('en');
  });

  it('reports if the requested language never occurs', () => {
    const language = new TextLanguage('de', null);
    expect(language.missing()).toBeNull();
    language.choose(new Map(Object.entries(texts)));
    expect(language.missing()).toEqual(['default', 'fr', 'pt-br', 'zh-cn']);
    language.choose(new Map([['de', 'x']]));
    expect(language.missing()).toBeNull();
  });
});
