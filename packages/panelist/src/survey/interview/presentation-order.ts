import { SeededDraw, shuffled } from '../../random/seeded-draw.ts';
import type { Option, OptionsBase } from '../questionnaire.ts';

/** How one question's options are put before one respondent. */
export type OptionOrder = 'as-listed' | 'reversed' | 'shuffled';

/**
 * How the options are ordered where the file or the run asks for an order by seed. A scale is never shuffled: it reads
 * forwards for half of the respondents and backwards for the others.
 */
export function optionOrder(
  question: Pick<OptionsBase, 'optionOrder'>,
  isScale: boolean,
  randomize: boolean,
  seed: () => string,
): OptionOrder {
  if (question.optionOrder === 'as-listed' && !randomize) return 'as-listed';
  if (!isScale) return 'shuffled';
  return new SeededDraw(seed()).below(2) === 1 ? 'reversed' : 'as-listed';
}

/** The options in the order in which they are displayed; those with a meaning of their own stay where they are, last. */
export function orderedOptions(
  options: readonly Option[],
  order: OptionOrder,
  seed: () => string,
): readonly Option[] {
  if (order === 'as-listed') return options;
  const plain = options.filter(({ role }) => role === 'plain');
  const special = options.filter(({ role }) => role !== 'plain');
  if (order === 'reversed') return [...plain.toReversed(), ...special];
  const movable = shuffled(
    plain.filter(({ isPinned }) => isPinned !== true),
    seed(),
  )[Symbol.iterator]();
  return [
    ...plain.map((option) => (option.isPinned === true ? option : (movable.next().value as Option))),
    ...special,
  ];
}
