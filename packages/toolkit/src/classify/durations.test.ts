import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedWait, MAX_WAIT_MS, parseDecimal, parseGoDuration, parseInstant } from './durations.ts';

describe('parseDecimal', () => {
  it.each([
    ['0', 0],
    ['30', 30],
    ['0.5', 0.5],
    [' 12 ', 12],
    ['.25', 0.25],
  ])('reads %j', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });

  it.each(['', ' ', '-1', '1e300', 'NaN', 'Infinity', '0x10', '12s', '1 2', '2026-11-23T00:00:00Z'])(
    'does not read %j',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined();
    },
  );
});

describe('parseGoDuration', () => {
  it.each([
    ['12ms', 12],
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['1h2m3s', 3_723_000],
    ['7.66s', 7_660],
    ['2m59.56s', 179_560],
    ['33s', 33_000],
    ['20.04466179s', 20_044.66179],
    ['500µs', 0.5],
    ['500us', 0.5],
    ['0s', 0],
  ])('reads %j', (text, ms) => {
    expect(parseGoDuration(text)).toBeCloseTo(ms, 6);
  });

  it.each(['', '0', '-1', '-1s', '5', 's', '1s2', '1 s', '1d', '1S', 'soon', `${'1s'.repeat(100)}`])(
    'does not read %j',
    (text) => {
      expect(parseGoDuration(text)).toBeUndefined();
    },
  );

  it('reads back whatever Go would write', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(59), fc.nat(59), fc.nat(999), (hours, minutes, seconds, ms) => {
        const text = `${hours}h${minutes}m${seconds}.${String(ms).padStart(3, '0')}s`;
        const wanted = hours * 3_600_000 + minutes * 60_000 + seconds * 1_000 + ms;
        expect(parseGoDuration(text)).toBeCloseTo(wanted, 5);
      }),
    );
  });
});

describe('parseInstant', () => {
  const at = Date.UTC(1994, 10, 6, 8, 49, 37);

  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', at],
    ['Sunday, 06-Nov-94 08:49:37 GMT', at],
    ['Sun Nov  6 08:49:37 1994', at],
    ['1994-11-06T08:49:37Z', at],
    ['1994-11-06T09:49:37+01:00', at],
    ['1994-11-06t08:49:37.250z', at + 250],
  ])('reads %j', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    '',
    '12',
    '1994',
    '1994-11-06',
    'tomorrow',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    '2026-13-01T00:00:00Z',
  ])('does not read %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('reads back every date in both of the forms that servers send', () => {
    const dates = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2100-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseInstant(date.toISOString())).toBe(date.getTime());
        expect(parseInstant(date.toUTCString())).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
      }),
    );
  });
});

describe('boundedWait', () => {
  it('is a whole number of milliseconds, not shorter than requested and not beyond the bound', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (waitMs) => {
        const bounded = boundedWait(waitMs)!;
        expect(Number.isInteger(bounded)).toBe(true);
        expect(bounded).toBeGreaterThanOrEqual(0);
        expect(bounded).toBeLessThanOrEqual(MAX_WAIT_MS);
        if (waitMs >= 0 && waitMs <= MAX_WAIT_MS) expect(bounded).toBeGreaterThanOrEqual(waitMs - 1e-6);
      }),
    );
  });

  it('adds no millisecond for a binary fraction', () => {
    expect(2.007 * 1_000).toBeGreaterThan(2_007);
    expect(boundedWait(2.007 * 1_000)).toBe(2_007);
    expect(boundedWait(0.2)).toBe(1);
  });

  it('takes NaN for no wait', () => {
    expect(boundedWait(Number.NaN)).toBeUndefined();
  });
});
