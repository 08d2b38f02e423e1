import { describe, expect, it } from 'vitest';
import { createFormat } from './format.ts';

const english = createFormat('en');
const chinese = createFormat('zh');

describe('format', () => {
  it.each([
    [0, '0s'],
    [340, '0.3s'],
    [12_000, '12s'],
    [200_000, '3m 20s'],
    [180_000, '3m'],
    [7_500_000, '2h 5m'],
    [90_061_000, '1d 1h'],
  ])('writes %d ms as %s', (ms, expected) => {
    expect(english.duration(ms)).toBe(expected);
  });

  it('leaves a smaller unit out after a gap', () => {
    expect(english.duration(3_605_000)).toBe('1h');
  });

  it.each([
    [0, '$0.00'],
    [0.00123, '$0.0012'],
    [1.5, '$1.50'],
    [1234.567, '$1,234.57'],
  ])('writes %d dollars as %s', (value, expected) => {
    expect(english.usd(value)).toBe(expected);
  });

  it.each([
    [1, '1 byte'],
    [512_000, '512 kB'],
    [3_400_000, '3.4 MB'],
  ])('writes %d bytes as %s', (bytes, expected) => {
    expect(english.bytes(bytes)).toBe(expected);
  });

  it('writes in Chinese', () => {
    expect(chinese.duration(200_000)).toBe('3分钟 20秒');
    expect(chinese.percent(0.123, 1)).toBe('12.3%');
    expect(chinese.compact(12_345)).toBe('1.23万');
  });
});
