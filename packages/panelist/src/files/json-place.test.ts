import { describe, expect, it } from 'vitest';
import { lineOfJson, linesOfJson } from './json-place.ts';

const text = `
{
  "title": "pages[0] \\" {",
  "pages": [
    { "elements": [] },
    {
      "elements": [
        { "name": "a" }, { "name": "b",
          "choices": [1,
            "two", true,
            { "value": 3 }
          ]
        }
      ]
    }
  ]
}`;

describe('lineOfJson', () => {
  it.each([
    ['', 2],
    ['title', 3],
    ['pages', 4],
    ['pages[0].elements', 5],
    ['pages[1]', 6],
    ['pages[1].elements[0].name', 8],
    ['pages[1].elements[1]', 8],
    ['pages[1].elements[1].choices[1]', 10],
    ['pages[1].elements[1].choices[2]', 10],
    ['pages[1].elements[1].choices[3].value', 11],
  ])('of %j is %d', (path, line) => {
    expect(lineOfJson(text, path)).toBe(line);
  });

  it.each([
    ['pages[1].elements[1].titel', 8],
    ['pages[7].elements', 4],
    ['triggers[0]', 2],
  ])('of the missing path %j is the line of the innermost existing part: %d', (path, line) => {
    expect(lineOfJson(text, path)).toBe(line);
  });
});

describe('linesOfJson', () => {
  it('finds many paths in one pass, and returns them in the given order', () => {
    const paths = ['pages[1].elements[1].choices[3]', 'title', 'nothing', 'title', 'pages[1].elements[0]'];
    expect(linesOfJson(text, paths)).toEqual([11, 3, 2, 3, 8]);
    expect(linesOfJson('[\n1,\n[2,\n3]]', ['[1][1]', '[0]', '0'])).toEqual([4, 2, 1]);
    expect(linesOfJson(text, [])).toEqual([]);
  });
});
