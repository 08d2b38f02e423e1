import type { Shape } from '../../stored/shapes.ts';
import type { QuestionKind } from './kind.ts';
import { type MultipleChoiceQuestion, multipleChoice } from './multiple-choice.ts';
import { type NumberQuestion, number } from './number.ts';
import { type RankingQuestion, ranking } from './ranking.ts';
import { type RatingQuestion, rating } from './rating.ts';
import { type SingleChoiceQuestion, singleChoice } from './single-choice.ts';
import { type TextQuestion, text } from './text.ts';

/**
 * Every kind of question. A new kind is a file beside this one and its name here, in the union and in the list: what
 * else must know it does not compile without.
 */
export type Question =
  | SingleChoiceQuestion
  | MultipleChoiceQuestion
  | RankingQuestion
  | RatingQuestion
  | NumberQuestion
  | TextQuestion;

type OfKind<Kind> = Extract<Question, { readonly kind: Kind }>;

const kinds: { readonly [Kind in Question['kind']]: QuestionKind<OfKind<Kind>> } = {
  'single-choice': singleChoice,
  'multiple-choice': multipleChoice,
  ranking,
  rating,
  number,
  text,
};

export const questionKinds: readonly QuestionKind<Question>[] = Object.values(kinds);

export function kindOf<Q extends Question>(question: Q): QuestionKind<Q> {
  return kinds[question.kind] as unknown as QuestionKind<Q>;
}

/** The shapes of stored questions, by kind. */
export const storedQuestions: { readonly [Kind in Question['kind']]: Shape<OfKind<Kind>> } =
  Object.fromEntries(questionKinds.map(({ kind, stored }) => [kind, stored])) as never;
