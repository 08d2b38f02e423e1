import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Option, Order } from '../questionnaire.ts';
import { optionOrder, orderedOptions } from './presentation-order.ts';

const roles = fc.constantFrom<Option['role']>(
  'plain',
  'plain',
  'plain',
  'other',
  'none',
  'refused',
  'dont-know',
);
const someOptions = fc
  .array(roles, { maxLength: 12 })
  .map((given) =>
    given.map(
      (role, value): Option => ({ value, text: `o${value}`, visibleIf: [], role, isExclusive: false }),
    ),
  );

describe('orderedOptions', () => {
  it('has all options, and those with a role last in their order, for any order and seed', () => {
    fc.assert(
      fc.property(
        someOptions,
        fc.constantFrom('as-listed', 'reversed', 'shuffled'),
        fc.string(),
        (options, order, seed) => {
          const shown = orderedOptions(options, order, () => seed);
          expect(new Set(shown)).toEqual(new Set(options));
          expect(orderedOptions(options, order, () => seed)).toEqual(shown);
          if (order === 'as-listed') return;
          const isPlain = ({ role }: Option) => role === 'plain';
          const plain = options.filter(isPlain);
          expect(shown.slice(plain.length)).toEqual(options.filter((option) => !isPlain(option)));
          if (order === 'reversed') expect(shown.slice(0, plain.length)).toEqual(plain.toReversed());
        },
      ),
    );
  });
});

describe('optionOrder', () => {
  const drawn = (order: Order, isOrdinal: boolean, randomize: boolean) => {
    const counts = { 'as-listed': 0, reversed: 0, shuffled: 0 };
    for (let person = 0; person < 1_000; person += 1)
      counts[optionOrder({ optionOrder: order }, isOrdinal, randomize, () => `P${person}`)] += 1;
    return counts;
  };

  it.each([
    ['as-listed', false],
    ['as-listed', true],
  ] as const)('%s, ordinal %s: as the file has it, unless the run asks for an order', (order, isOrdinal) => {
    expect(drawn(order, isOrdinal, false)['as-listed']).toBe(1_000);
  });

  it.each([
    ['as-listed', true],
    ['random', false],
    ['random', true],
  ] as const)(
    '%s, randomised %s: shuffles lists, and reverses scales for half of the respondents',
    (order, randomize) => {
      expect(drawn(order, false, randomize).shuffled).toBe(1_000);
      const scale = drawn(order, true, randomize);
      expect(scale.shuffled).toBe(0);
      // Four standard deviations.
      expect(Math.abs(scale.reversed - 500)).toBeLessThan(64);
    },
  );
});
