import { describe, expect, it } from 'vitest';
import { readSimulatorOptions } from './option-text.ts';

describe('a setting that is out of range', () => {
  it.each([
    ['server-error', '2', 'expected server-error to be a number from 0 to 1, got 2'],
    ['hint-ms', '-1', 'expected hint-ms to be a whole number'],
    ['rpm', '0', 'expected rpm to be a number above 0, got 0'],
    ['rate-limit-headers', 'some', 'expected rate-limit-headers to be one of all, retry-after, none'],
    ['latency', '9~5', 'expected latency to be a number, at least 9, got 5'],
  ])('is told by the name that it was written by: %s=%s', (name, text, message) => {
    const read = () =>
      readSimulatorOptions([
        ['seed', '3'],
        [name, text],
      ]);
    expect(read).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
    );
  });

  it('does not keep others from being read', () => {
    expect(
      readSimulatorOptions([
        ['server-error', '0.5'],
        ['rpm', '9'],
      ]),
    ).toEqual({
      requestsPerMinute: 9,
      faults: { serverError: 0.5 },
    });
  });
});
