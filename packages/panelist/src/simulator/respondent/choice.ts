import { hashText, shareBelow, unit } from '../../random/hash-draws.ts';
import { ownOption } from './own-facts.ts';
import { PURPOSE, type Question } from './question.ts';
import { isAside, isExclusive, scaleOf } from './scale.ts';

/** Chooses one of `options`: what the persona states; else a point of the scale; else what it likes best. */
export function chooseOne(question: Question, options: readonly unknown[]): unknown {
  if (fallsOnFirst(question)) return options[0];
  return (
    ownOption(question, options) ?? choosePoint(question, options) ?? byLiking(question, options)[0]?.option
  );
}

/** The planted bias: depends on where an option stands, and on nothing that is liked. */
function fallsOnFirst(question: Question): boolean {
  const { firstOptionBias } = question.respondent;
  return firstOptionBias > 0 && question.chance(firstOptionBias, PURPOSE.firstOption);
}

/** Ranks `count` of the options, the most liked first. */
export function rank(question: Question, options: readonly unknown[], count: number): readonly unknown[] {
  const ranked = byLiking(question, options).map(({ option }) => option);
  if (fallsOnFirst(question)) ranked.sort((a, b) => Number(b === options[0]) - Number(a === options[0]));
  return ranked.slice(0, count);
}

/** Chooses between `min` and `max` of `options`, in their order. "None of the above" goes with no other. */
export function chooseSeveral(
  question: Question,
  options: readonly unknown[],
  min: number,
  max: number,
): readonly unknown[] {
  const ranked = byLiking(question, options);
  const own = ownOption(question, options);
  if (own !== undefined) ranked.sort((a, b) => Number(b.option === own) - Number(a.option === own));
  if (min <= 1 && max >= 1 && isExclusive(ranked[0]?.option)) return [ranked[0]?.option];
  const compatible = ranked.filter(({ option }) => !isExclusive(option));
  const eligible = compatible.length >= min ? compatible : ranked;
  const wanted = eligible.filter(({ liking }, rank) => rank === 0 || liking > 0.8).length;
  const chosen = new Set(eligible.slice(0, Math.max(min, Math.min(wanted, max))).map(({ option }) => option));
  return options.filter((option) => chosen.has(option));
}

/** Somebody's place on a scale of `z`: common opinion, group, disposition and chance. */
export function leaningOf(question: Question): number {
  const { positivity, thrift } = question.persona.traits;
  const spending = SPENDING.test(question.title) ? -0.5 * thrift : 0;
  // Uniform chance of ±1: as wide as the rest, so that no group is of one mind.
  const chance = 2 * (unit(question.draw(PURPOSE.scale)) - 0.5);
  const own = question.lean(0) + 0.3 * positivity + spending + chance;
  const { heardMood } = question.respondent;
  return heardMood === null ? own : (1 - CONFORMITY) * own + heardMood;
}

/** How far somebody is drawn towards what was said around them, of the way. */
const CONFORMITY = 0.3;

const SPENDING = /\b(pay|spend|afford|buy|purchase|subscribe)|愿意.{0,6}(花|付|买)|购买|付费|消费/i;
const CHEAP = /\b(price|cheap|cost|discount|free|afford|saving)|便宜|价格|优惠|折扣|免费|实惠/i;

/** One in thirty takes an option beside the scale, where there is one. */
const ASIDE_SHARE = 0.033;

function choosePoint(question: Question, options: readonly unknown[]): unknown {
  const scale = scaleOf(options);
  if (scale === null) return undefined;
  const asides = options.filter((_, index) => scale[index] === null);
  if (asides.length > 0 && question.chance(ASIDE_SHARE, PURPOSE.aside)) {
    return byLiking(question, asides)[0]?.option;
  }
  const levels = [...new Set(scale.filter((point) => point !== null))].sort((a, b) => a - b);
  const level =
    levels[Math.min(levels.length - 1, Math.floor(shareBelow(leaningOf(question)) * levels.length))];
  return options[scale.indexOf(level ?? null)];
}

interface Liked {
  readonly option: unknown;
  readonly liking: number;
}

/** All options, the most liked first: a random-utility model, so that shares follow the groups' leanings. */
function byLiking(question: Question, options: readonly unknown[]): Liked[] {
  const { thrift, openness } = question.persona.traits;
  return options
    .map((option): Liked => {
      const text = String(option);
      const hash = hashText(text);
      const gumbel = -Math.log(-Math.log(unit(question.draw(PURPOSE.option ^ hash))));
      const liking =
        1.5 * question.lean(hash) +
        gumbel +
        (CHEAP.test(text) ? 0.6 * thrift : 0) -
        (isExclusive(option) ? 1.2 + (isAside(option) ? 0.6 : 0) + 0.2 * openness : 0);
      return { option, liking };
    })
    .sort((a, b) => b.liking - a.liking);
}
