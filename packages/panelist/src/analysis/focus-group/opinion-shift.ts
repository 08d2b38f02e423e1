import type { GroupPolls } from '../../focus-group/turns/read-polls.ts';
import type { AnswerValue, Interview } from '../../survey/answer.ts';
import { type Question, questionsOf } from '../../survey/questionnaire.ts';
import { isNumeric, numberOf } from '../scale-points.ts';
import { type Interval, studentInterval } from '../statistics/intervals.ts';
import { type SurveyWords, surveyWords } from '../survey-words.ts';
import { mean } from './quantiles.ts';

/** How far numbers moved, and whether they converged. */
export interface NumberShift {
  readonly meanBefore: number;
  readonly meanAfter: number;
  /** Mean of the participants' differences, after minus before. */
  readonly difference: number;
  /** Paired 95 % interval of the difference: model sampling error only. `null` for fewer than two pairs. */
  readonly interval: Interval | null;
  /** Standard deviation of the answers; `null` for fewer than two pairs. Conformity makes `sdAfter` smaller. */
  readonly sdBefore: number | null;
  readonly sdAfter: number | null;
  /** Participants who moved nearer to the others' mean before, and those who moved away from it. */
  readonly nearer: number;
  readonly farther: number;
}

/** How a choice changed. */
export interface ChoiceShift {
  /** The most frequent answer before; on ties, the first of the question's options. */
  readonly commonest: string;
  readonly shareBefore: number;
  readonly shareAfter: number;
}

export interface QuestionShift {
  readonly question: string;
  readonly title: string;
  /** Participants with an answer both times. */
  readonly pairs: number;
  /** Number of them whose second answer was different. */
  readonly changed: number;
  readonly number: NumberShift | null;
  readonly choice: ChoiceShift | null;
}

/** Computes the change of each question's answers among participants who answered both times. */
export function opinionShifts({ questionnaire, before, after }: GroupPolls): QuestionShift[] {
  const later = new Map(after.map((interview) => [interview.respondentId, interview]));
  const pairsOf = (name: string): Pair[] =>
    before.flatMap((interview) => {
      const first = answerOf(interview, name);
      const second = answerOf(later.get(interview.respondentId), name);
      return first === null || second === null ? [] : [[first, second] as const];
    });
  const words = surveyWords(questionnaire);
  return questionsOf(questionnaire).map((question) => {
    const pairs = pairsOf(question.name);
    const changed = pairs.filter(
      ([first, second]) => JSON.stringify(first) !== JSON.stringify(second),
    ).length;
    return {
      question: question.name,
      title: words.readable(question.title) || question.name,
      pairs: pairs.length,
      changed,
      number: isNumeric(question) ? numberShift(question, pairs) : null,
      choice: isNumeric(question) ? null : choiceShift(question, pairs, words),
    };
  });
}

type Pair = readonly [before: AnswerValue, after: AnswerValue];

function answerOf(interview: Interview | undefined, name: string): AnswerValue | null {
  const answer = interview?.answers.find(({ question }) => question === name);
  return answer?.status === 'answered' ? answer.value : null;
}

function numberShift(question: Question, pairs: readonly Pair[]): NumberShift | null {
  const numbers = pairs.flatMap(([first, second]) => {
    const before = numberOf(question, first);
    const after = numberOf(question, second);
    return before === null || after === null ? [] : [{ before, after }];
  });
  const n = numbers.length;
  if (n === 0) return null;
  const befores = numbers.map(({ before }) => before);
  const afters = numbers.map(({ after }) => after);
  const differences = numbers.map(({ before, after }) => after - before);
  const difference = mean(differences) as number;
  const sum = befores.reduce((total, value) => total + value, 0);
  const moves = numbers.map(({ before, after }) => {
    // Without the participant's own answer, which would pull the mean towards it.
    const others = n < 2 ? before : (sum - before) / (n - 1);
    return Math.sign(Math.abs(before - others) - Math.abs(after - others));
  });
  const spread = sd(differences);
  return {
    meanBefore: mean(befores) as number,
    meanAfter: mean(afters) as number,
    difference,
    interval: spread === null ? null : studentInterval(difference, spread / Math.sqrt(n), n - 1),
    sdBefore: sd(befores),
    sdAfter: sd(afters),
    nearer: moves.filter((move) => move > 0).length,
    farther: moves.filter((move) => move < 0).length,
  };
}

function choiceShift(
  question: Question,
  pairs: readonly Pair[],
  { readable }: SurveyWords,
): ChoiceShift | null {
  if (question.kind !== 'single-choice' || pairs.length === 0) return null;
  const count = (place: 0 | 1, value: unknown): number =>
    pairs.filter((pair) => pair[place] === value).length;
  const [first, ...others] = question.options;
  if (first === undefined) return null;
  const commonest = others.reduce(
    (best, option) => (count(0, option.value) > count(0, best.value) ? option : best),
    first,
  );
  return {
    commonest: readable(commonest.text),
    shareBefore: count(0, commonest.value) / pairs.length,
    shareAfter: count(1, commonest.value) / pairs.length,
  };
}

function sd(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values) as number;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
