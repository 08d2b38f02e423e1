import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPiping, pipedNames } from './piping.ts';

const answers: Record<string, string> = { name: 'Ada', 'home town': 'Lyon', nothing: '' };
const shown = (name: string): string | undefined => answers[name];

describe('fillPiping', () => {
  it('replaces names by answers', () => {
    expect(fillPiping('{name} of { home town }, {name}!', shown)).toBe('Ada of Lyon, Ada!');
  });

  it('inserts nothing without an answer, and leaves unknown names unchanged', () => {
    expect(fillPiping('[{nothing}] {1,2} {} { } {a: 1} {other}', shown)).toBe(
      '[] {1,2} {} { } {a: 1} {other}',
    );
  });

  it('uses the innermost braces, like SurveyJS', () => {
    expect(fillPiping('{{name}}', shown)).toBe('{Ada}');
  });

  it('does not search inserted text', () => {
    expect(fillPiping('{a}', (name) => (name === 'a' ? '{b} $& $1' : 'twice'))).toBe('{b} $& $1');
  });

  it('does not change any text without braces', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replaceAll('{', '(');
        expect(fillPiping(plain, () => 'x')).toBe(plain);
      }),
    );
  });
});

describe('pipedNames', () => {
  it('lists them in order', () => {
    expect(pipedNames('{b} { a } {b} {x:1}')).toEqual(['b', 'a', 'b']);
  });
});
