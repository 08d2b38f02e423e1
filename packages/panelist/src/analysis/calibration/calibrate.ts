import { kindOf } from '../../survey/question-kinds/index.ts';
import type { OptionValue, Question } from '../../survey/questionnaire.ts';
import type { AnswerColumn } from '../answer-column.ts';
import type { AnswerTable } from '../answer-table.ts';
import type { HumanAnswers } from '../human-answers.ts';
import { totalVariationDistance } from '../statistics/total-variation.ts';
import { type HoldOut, holdOut, MIN_HOLD_OUT } from './hold-out.ts';
import {
  type LinkedAnswers,
  linkedAnswers,
  type RespondentAnswer,
  respondentAnswers,
} from './linked-answers.ts';
import { type PredictionPowered, predictionPowered } from './prediction-powered.ts';
import { type Retest, retest } from './retest.ts';
import { type ScaleSpread, scaleSpread } from './scale-spread.ts';
import { type SubgroupError, sharesOf, subgroupErrors } from './subgroups.ts';

/** The model's shares beside people's, and equal shares beside people's, as total variation. */
export interface SharesGuess {
  readonly measure: 'total variation';
  readonly model: number;
  readonly equalShares: number;
}

export interface CorrectedEstimate extends PredictionPowered {
  /** The mean, or the share of an option. */
  readonly of: 'mean' | OptionValue;
}

export interface QuestionCalibration {
  readonly question: Question;
  readonly humanN: number;
  /** For numbers and scales; `null` for others. */
  readonly spread: ScaleSpread | null;
  /** Person by person if enough people are linked, else by shares; `null` if neither is possible. */
  readonly guess: HoldOut | SharesGuess | null;
  /** Whether the model does better than the guess. `null` without one. */
  readonly beatsGuess: boolean | null;
  readonly retest: Retest | null;
  /** Empty if too few people are linked. */
  readonly corrected: readonly CorrectedEstimate[];
  readonly subgroups: readonly SubgroupError[];
}

/**
 * - `too few people`: no question has 20 human answers, so that nothing can be said;
 * - `no guess`: no question allows a comparison with a guess;
 * - `worse than a guess`: on at least half of the questions a guess without a model does as well;
 * - `wrong spread`: better than a guess on most questions, but at least half of the scales vary less than half as
 *   much as people, or more than twice as much;
 * - `better than a guess`: none of these.
 */
export type Verdict =
  | 'too few people'
  | 'no guess'
  | 'worse than a guess'
  | 'wrong spread'
  | 'better than a guess';

export interface Calibration {
  readonly verdict: Verdict;
  /** Of the questions that have a guess: how many the model answers better than the guess. */
  readonly beatsGuess: { readonly questions: number; readonly of: number };
  /** Whether people's ids were given. */
  readonly areLinked: boolean;
  readonly people: number;
  /** People whom a respondent plays. */
  readonly linkedPeople: number;
  readonly respondents: number;
  readonly questions: readonly QuestionCalibration[];
}

export interface CalibrationOptions {
  /** Of the split into halves. @default 1 */
  readonly seed?: number | undefined;
  /** Columns of personas or of the human answers. @default none */
  readonly by?: readonly string[] | undefined;
  /** Whether the ids of people are those of respondents. @default false */
  readonly areLinked?: boolean | undefined;
  /** The same people, asked again. */
  readonly again?: HumanAnswers | undefined;
}

/**
 * How far the synthetic answers can be trusted, judged by people's answers to the same questions.
 *
 * @param synthetic with the persona columns to group by
 * @param humans with the same columns, where the file has them
 */
export function calibrate(
  synthetic: AnswerTable,
  humans: HumanAnswers,
  { seed = 1, by = [], areLinked = false, again }: CalibrationOptions = {},
): Calibration {
  const people = new Set(humans.table.respondentIds);
  const isPlayed = (id: string): boolean => areLinked && people.has(id);
  const questions = synthetic.columns.flatMap((column, place): QuestionCalibration[] => {
    const { question } = column;
    if (!humans.columns.has(question.name) || kindOf(question).answerForm === 'text') return [];
    const humanColumn = humans.table.columns[place] as AnswerColumn;
    const answers = {
      synthetic: respondentAnswers(synthetic, column),
      human: respondentAnswers(humans.table, humanColumn),
    };
    const linked = areLinked
      ? linkedAnswers(answers.synthetic, answers.human, isPlayed)
      : { pairs: [], others: [] };
    const form = formOf(column);
    const guess = guessOf(linked, answers, form, seed);
    const askedAgain = again?.table.columns[place];
    return [
      {
        question,
        humanN: answers.human.size,
        spread: scaleSpread(column, answers.synthetic, answers.human),
        guess,
        beatsGuess: guess && guess.model < ('baseRate' in guess ? guess.baseRate : guess.equalShares),
        retest:
          again && askedAgain && form && areLinked
            ? retest(answers.human, respondentAnswers(again.table, askedAgain), answers.synthetic, form)
            : null,
        corrected: correctedEstimates(column, linked),
        subgroups: by.flatMap((name) => subgroupErrors(name, synthetic, humans.table, answers)),
      },
    ];
  });
  const judged = questions.filter(({ beatsGuess }) => beatsGuess !== null);
  const beatsGuess = {
    questions: judged.filter((question) => question.beatsGuess).length,
    of: judged.length,
  };
  return {
    verdict: verdictOf(questions, beatsGuess),
    beatsGuess,
    areLinked,
    people: humans.table.respondents,
    linkedPeople: synthetic.respondentIds.filter(isPlayed).length,
    respondents: synthetic.respondents,
    questions,
  };
}

function formOf({ isNumeric, answerForm }: AnswerColumn): 'number' | 'option' | null {
  if (isNumeric) return 'number';
  return answerForm === 'option' ? 'option' : null;
}

function guessOf(
  { pairs }: LinkedAnswers,
  answers: Record<'synthetic' | 'human', ReadonlyMap<string, RespondentAnswer>>,
  form: 'number' | 'option' | null,
  seed: number,
): HoldOut | SharesGuess | null {
  if (form === null) return null;
  const usable =
    form === 'option'
      ? pairs
      : pairs.filter(({ human, synthetic }) => human.number !== null && synthetic.number !== null);
  const byPerson = holdOut(usable, form, seed);
  if (byPerson !== null) return byPerson;
  const [model, people] = [sharesOf([...answers.synthetic.values()]), sharesOf([...answers.human.values()])];
  if (model === null || people === null || answers.human.size < MIN_HOLD_OUT) return null;
  return {
    measure: 'total variation',
    model: totalVariationDistance(model, people),
    equalShares: totalVariationDistance(
      people.map(() => 1 / people.length),
      people,
    ),
  };
}

function correctedEstimates(column: AnswerColumn, { pairs, others }: LinkedAnswers): CorrectedEstimate[] {
  const estimate = (of: 'mean' | OptionValue, pick: (answer: RespondentAnswer) => number | null) => {
    const linked = pairs.flatMap(({ human, synthetic }) => {
      const [answer, predicted] = [pick(human), pick(synthetic)];
      return answer === null || predicted === null ? [] : [{ answer, predicted, weight: human.weight }];
    });
    const rest = others.flatMap((answer) => {
      const predicted = pick(answer);
      return predicted === null ? [] : [{ predicted, weight: answer.weight }];
    });
    const found = predictionPowered(linked, rest, of === 'mean' ? 'mean' : 'share');
    return found === null ? [] : [{ of, ...found }];
  };
  if (column.isNumeric) return estimate('mean', ({ number }) => number);
  return (column.options ?? []).flatMap(({ value }, option) =>
    estimate(value, ({ shares }) => shares?.[option] ?? null),
  );
}

function verdictOf(
  questions: readonly QuestionCalibration[],
  { questions: better, of }: Calibration['beatsGuess'],
): Verdict {
  if (questions.every(({ humanN }) => humanN < MIN_HOLD_OUT)) return 'too few people';
  if (of === 0) return 'no guess';
  if (2 * better <= of) return 'worse than a guess';
  const ratios = questions.flatMap(({ spread }) => spread?.varianceRatio ?? []);
  const wrong = ratios.filter((ratio) => ratio < 0.5 || ratio > 2).length;
  return wrong > 0 && 2 * wrong >= ratios.length ? 'wrong spread' : 'better than a guess';
}
