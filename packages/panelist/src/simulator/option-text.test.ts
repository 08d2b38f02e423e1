import { describe, expect, it } from 'vitest';
import { readSimulatorOptions } from './option-text.ts';

describe('a setting that is out of range', () => {
  it.each([
    ['server-error', '2', 'expected server-error to be a number from 0 to 1, got 2'],
    ['hint-ms', '-1', 'expected hint-ms to be a whole number'],
    ['rpm', '0', 'expected rpm to be a number above 0, got 0'],
    ['rate-limit-headers', 'some', 'expected rate-limit-headers to be one of all, retry-after, none'],
    ['rpm-then', '0@5', 'expected rpm-then to be a number above 0, got 0'],
    ['rpm-then', '2400', 'rpm-then must be N@MS, as in 2400@5000'],
    ['rpm-then', 'x@5', 'rpm-then must be N@MS, two numbers as in 2400@5000, got "x"'],
    ['latency', '9~5', 'expected latency to be a number, at least 9, got 5'],
  ])('is reported under its name in the input: %s=%s', (name, text, message) => {
    const read = () =>
      readSimulatorOptions([
        ['seed', '3'],
        [name, text],
      ]);
    expect(read).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
    );
  });

  it('does not prevent reading the others', () => {
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

it('is parsed for a changing limit from the command line and from a model id', () => {
  expect(readSimulatorOptions(new URLSearchParams('rpm=6000&rpm-then=2400@5000'))).toEqual({
    requestsPerMinute: 6_000,
    requestsPerMinuteThen: { perMinute: 2_400, afterMs: 5_000 },
    faults: {},
  });
});
