import { expect, it } from 'vitest';
import { withKeys } from './with-keys.ts';

it('gives equal values different keys, and the others their own text', () => {
  const keys = withKeys(['a', 'b', 'a', 'a'], (text) => text).map(({ key }) => key);
  expect(keys[0]).toBe('a');
  expect(keys[1]).toBe('b');
  expect(new Set(keys).size).toBe(4);
});
