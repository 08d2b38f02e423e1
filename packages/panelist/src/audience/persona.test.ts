import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../text/one-line.ts';
import { parsePersona, personaLines } from './persona.ts';

const hostile = fc.constantFrom('a', 'é', '😀', ' ', '\n', '\r', '\u2028', '\u0000', '-', ':');

describe('personaLines', () => {
  it('writes one line per fact, in order', () => {
    expect(personaLines({ id: '1', persona: { age: '25', city: 'Little Rock' } })).toBe(
      '- age: 25\n- city: Little Rock',
    );
    expect(personaLines({ id: '1', persona: {} })).toBe('');
  });

  it('prevents a value from looking like another line', () => {
    const persona = { story: 'First.\r\n- age: 99\u2028\u0000end ' };
    expect(personaLines({ id: '1', persona })).toBe('- story: First. - age: 99 end');
  });

  it('bounds a value without cutting a character in two', () => {
    const lines = personaLines({
      id: '1',
      persona: { a: 'x'.repeat(499) + '😀'.repeat(9), b: 'y'.repeat(500) },
    });
    expect(lines).toBe(`- a: ${'x'.repeat(499)}…\n- b: ${'y'.repeat(500)}`);
  });

  it('writes one bounded, well-formed line per fact for any content', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: hostile, maxLength: 700 })), (persona) => {
        const lines = personaLines({ id: '1', persona });
        const count = Object.keys(persona).length;
        expect(lines === '' ? 0 : lines.split(/[\n\r\u2028\u2029]/).length).toBe(count);
        expect(lines.isWellFormed()).toBe(Object.keys(persona).every((key) => key.isWellFormed()));
        for (const line of lines.split('\n')) expect(line.length).toBeLessThanOrEqual(610);
      }),
      { numRuns: 40 },
    );
  });
});

describe('parsePersona', () => {
  it('returns the facts that were written', () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => /^[^:：]*$/.test(text));
    const value = fc.string({ unit: 'grapheme', maxLength: 60 });
    const isSeen = ([name, text]: readonly [string, string]): boolean =>
      oneLine(name) !== '' && oneLine(text) !== '';
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value).filter(isSeen), { minLength: 1, maxLength: 6 }), (facts) => {
        const persona = Object.fromEntries(facts);
        const text = `You are this person:\n${personaLines({ id: '1', persona })}`;
        const written = Object.entries(persona).map(([name, said]) => [oneLine(name), oneLine(said)]);
        expect(parsePersona(text)).toEqual(written);
      }),
    );
  });

  it('takes the longest list of facts, and on ties the last', () => {
    expect(parsePersona('- a: rule\n\n- b: 1\n- c: 2\n\nThen:\n- d: 3\n- e: 4')).toEqual([
      ['d', '3'],
      ['e', '4'],
    ]);
  });
});
