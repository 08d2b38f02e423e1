import { expect, it } from 'vitest';
import { formatUsd } from './usd.ts';

it.each([
  [0, '$0.00'],
  [0.000_012, '$0.00001'],
  [0.0123, '$0.0123'],
  [0.5, '$0.50'],
  [0.125, '$0.125'],
  [0.99996, '$1.00'],
  [12.345, '$12.35'],
  [1_234, '$1234.00'],
])('formats %d as %s', (usd, expected) => {
  expect(formatUsd(usd)).toBe(expected);
});
