import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDeeperThan, isTextDeeperThan } from './json-depth.ts';

it('says of a JSON text what it says of its value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (text, levels) => {
      expect(isTextDeeperThan(text, levels)).toBe(isDeeperThan(JSON.parse(text), levels));
    }),
  );
});

it.each([
  ['"[[[["', 0, false],
  ['["\\\\", [1]]', 1, true],
  ['["\\"[[", 1]', 1, false],
  ['[[[', 2, true],
  ['"never ends', 1, false],
  ['"'.concat('\\'.repeat(1_000)), 1, false],
])('reads strings and what is broken: %s', (text, levels, isDeeper) => {
  expect(isTextDeeperThan(text, levels)).toBe(isDeeper);
});

it('takes a moment for megabytes of brackets and of strings', () => {
  expect(isTextDeeperThan('['.repeat(24_000_000), 20)).toBe(true);
  expect(isTextDeeperThan(`["${'\\\\'.repeat(5_000_000)}"]`, 20)).toBe(false);
});
