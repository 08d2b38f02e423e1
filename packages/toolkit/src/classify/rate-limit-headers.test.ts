import { describe, expect, it } from 'vitest';
import { headerLookup, rateLimitStates } from './rate-limit-headers.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

function states(headers: Readonly<Record<string, string>>) {
  return rateLimitStates(headerLookup(new Headers(headers))!, NOW);
}

describe('rateLimitStates', () => {
  it('reads the requests and tokens of an OpenAI response', () => {
    expect(
      states({
        'x-ratelimit-limit-requests': '500',
        'x-ratelimit-remaining-requests': '499',
        'x-ratelimit-reset-requests': '120ms',
        'x-ratelimit-limit-tokens': '200000',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '1m0s',
      }),
    ).toEqual([
      { dimension: 'requests', limit: 500, remaining: 499, resetMs: 120 },
      { dimension: 'tokens', limit: 200_000, remaining: 0, resetMs: 60_000 },
    ]);
  });

  it('reads the four limits of an Anthropic response, whose resets are instants', () => {
    const all = ['requests', 'tokens', 'input-tokens', 'output-tokens'].map((dimension, at) => [
      [`anthropic-ratelimit-${dimension}-limit`, String(1_000 * (at + 1))],
      [`anthropic-ratelimit-${dimension}-remaining`, String(at)],
      [`anthropic-ratelimit-${dimension}-reset`, `2026-11-23T12:00:0${at + 1}Z`],
    ]);
    expect(states(Object.fromEntries(all.flat()))).toEqual([
      { dimension: 'requests', limit: 1_000, remaining: 0, resetMs: 1_000 },
      { dimension: 'tokens', limit: 2_000, remaining: 1, resetMs: 2_000 },
      { dimension: 'input-tokens', limit: 3_000, remaining: 2, resetMs: 3_000 },
      { dimension: 'output-tokens', limit: 4_000, remaining: 3, resetMs: 4_000 },
    ]);
  });

  it.each([
    ['x-ratelimit-limit-tokens', '9000', { limit: 9_000 }],
    ['x-ratelimit-remaining-tokens', '7', { remaining: 7 }],
    ['x-ratelimit-remaining-tokens', '0', { remaining: 0 }],
    ['x-ratelimit-reset-tokens', '6m0s', { resetMs: 360_000 }],
  ])('reads what the header reports and no more: %s: %s', (name, value, told) => {
    expect(states({ [name]: value })).toEqual([
      { dimension: 'tokens', limit: undefined, remaining: undefined, resetMs: undefined, ...told },
    ]);
  });

  it.each([
    ['nothing at all', {}],
    ['an answer of another kind', { 'content-type': 'application/json', 'retry-after': '5' }],
    ["Azure's -1", { 'x-ratelimit-limit-requests': '-1', 'x-ratelimit-remaining-requests': '-1' }],
    ["Azure's 0 as a limit", { 'x-ratelimit-limit-requests': '0', 'x-ratelimit-reset-requests': '0' }],
    ['words', { 'x-ratelimit-limit-requests': 'many', 'x-ratelimit-remaining-requests': 'NaN' }],
    [
      'numbers beyond all reason',
      { 'x-ratelimit-limit-tokens': '1e9', 'x-ratelimit-remaining-tokens': 'Infinity' },
    ],
    ['a date as a number', { 'x-ratelimit-limit-tokens': '2026-11-23T12:00:00Z' }],
    ['a reset that is past', { 'anthropic-ratelimit-tokens-reset': '2026-11-23T11:59:59Z' }],
  ])('makes nothing of %s', (_name, headers) => {
    expect(states(headers)).toEqual([]);
  });

  it('keeps what remains where the limit says nothing', () => {
    expect(states({ 'x-ratelimit-limit-requests': '0', 'x-ratelimit-remaining-requests': '12' })).toEqual([
      { dimension: 'requests', limit: undefined, remaining: 12, resetMs: undefined },
    ]);
  });
});
