import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonSyntaxError, jsonProblem } from './json-syntax.ts';

describe('findJsonSyntaxError', () => {
  it.each([
    ['{\n  "a": 1,\n}', 3, 1, 'name in double quotes'],
    ['{"a": 1\n "b": 2}', 2, 2, '"," or "}"'],
    ['[1, 2', 1, 6, 'too early: expected "," or "]"'],
    ['', 1, 1, 'too early: expected a value'],
    ['{"a" 1}', 1, 6, '":"'],
    ['[1,]', 1, 4, 'expected a value'],
    ['{} x', 1, 4, 'not a JSON value'],
    ['{} 1', 1, 4, 'nothing may follow'],
    ["{'a': 1}", 1, 2, 'name in double quotes'],
    ['{"a": tru}', 1, 7, 'this is not a JSON value'],
    ['[01]', 1, 2, 'this is not a JSON value'],
    ['{"a": "b\n"}', 1, 7, 'not closed'],
    ['["\\x"]', 1, 2, 'not a JSON value'],
    ['{"a": }', 1, 7, 'expected a value'],
    ['// note\n{}', 1, 1, 'expected a value'],
    ['{"a": [1}]', 1, 9, '"," or "]"'],
    ['\r\n\r\n}', 3, 1, 'expected a value'],
  ])('%j', (text, line, column, problem) => {
    expect(findJsonSyntaxError(text)).toMatchObject({
      line,
      column,
      problem: expect.stringContaining(problem),
    });
  });

  it('excerpts the surroundings of the error in a long line', () => {
    const found = findJsonSyntaxError(`[${'1,'.repeat(50_000)}oops, ${'1,'.repeat(50_000)}1]`);
    expect(found?.excerpt).toContain('1,1,oops, 1,1');
    expect(found?.excerpt.length).toBeLessThanOrEqual(100);
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const nearly = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '}', '{', ']', '[', '"', ':', '1', 'x', ' ', '\\', '-', '\n'),
      )
      .map(([json, place, insert]) => {
        const at = place % (json.length + 1);
        return json.slice(0, at) + insert + json.slice(at + (place % 2));
      });
    fc.assert(
      fc.property(nearly, (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(findJsonSyntaxError(text) === null).toBe(isJson);
      }),
      { numRuns: 2_000 },
    );
  });

  it('removes terminal control characters', () => {
    const { excerpt, problem } = findJsonSyntaxError('{"a": "\u001b[2J\u0007x" }') ?? {};
    expect(`${excerpt}${problem}`).not.toMatch(/\p{Cc}/u);
    expect(excerpt).toContain('"a"');
  });

  it('is quoted with its line only from a file named .json', () => {
    const secret = 'root:$6$secret:19000:0:99999:7:::\n';
    expect(jsonProblem('a/s.JSON', secret)).toBe(
      'line 1, column 1: this is not a JSON value, here:\n  root:$6$secret:19000:0:99999:7:::',
    );
    for (const path of ['/etc/shadow', 'json', 's.json.bak'])
      for (const text of [secret, `"${secret}`, 'secret', '{"secret" secret}', '[1secret]', 'null secret']) {
        const problem = jsonProblem(path, text);
        expect(problem).toMatch(/^line 1, column \d+: .*Its name does not end in \.json\.$/);
        expect(problem).not.toMatch(/secret|root/);
      }
  });

  it('handles a text of megabytes', () => {
    expect(findJsonSyntaxError(`{"a": "${'é\\n'.repeat(2_000_000)}"`)).toMatchObject({
      problem: expect.stringContaining('too early'),
    });
  });
});
