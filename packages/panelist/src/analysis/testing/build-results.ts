import type { Answer, AnswerStatus, AnswerValue } from '../../survey/answer.ts';
import type {
  MultipleChoiceQuestion,
  NumberQuestion,
  Option,
  OptionValue,
  Question,
  Questionnaire,
  RankingQuestion,
  RatingQuestion,
  SingleChoiceQuestion,
  TextQuestion,
} from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { plainText } from '../../survey/testing/build-questionnaire.ts';

/** Builders of questions and results for tests. */
const base = (name: string) => ({
  name,
  target: [name],
  path: name,
  stem: '',
  title: `Title of ${name}`,
  description: '',
  isRequired: true,
  requiredIf: [],
  visibleIf: [],
  enableIf: [],
  defaultValue: null,
  defaultExpression: null,
  checks: [],
});

/** `[value, text, role]`, or a value that is also the text. */
type GivenOption = OptionValue | readonly [OptionValue, string, Option['role']?];

function options(given: readonly GivenOption[]): Option[] {
  return given.map((each) => {
    const [value, text, role = 'plain'] = typeof each === 'object' ? each : ([each, String(each)] as const);
    return { value, text, role, visibleIf: [], isExclusive: false };
  });
}

const choice = (name: string, given: readonly GivenOption[]) => ({
  ...base(name),
  options: options(given),
  optionOrder: 'random' as const,
  isOrdinal: false,
});

export function single(name: string, ...given: GivenOption[]): SingleChoiceQuestion {
  return { kind: 'single-choice', ...choice(name, given) };
}

export function scale(name: string, ...given: GivenOption[]): SingleChoiceQuestion {
  return { ...single(name, ...given), isOrdinal: true, measurementLevel: 'ordinal' };
}

export function multiple(name: string, ...given: GivenOption[]): MultipleChoiceQuestion {
  return { kind: 'multiple-choice', ...choice(name, given), minSelected: 0, maxSelected: given.length };
}

export function ranking(name: string, ...given: GivenOption[]): RankingQuestion {
  return { kind: 'ranking', ...choice(name, given), minSelected: 1, maxSelected: given.length };
}

export function rating(name: string, points = 5): RatingQuestion {
  const values = Array.from({ length: points }, (_, place) => place + 1);
  return { kind: 'rating', ...choice(name, values), isOrdinal: true, minDescription: '', maxDescription: '' };
}

export function number(name: string, bounds: Partial<NumberQuestion> = {}): NumberQuestion {
  const ends = { min: null, max: null, minExpression: null, maxExpression: null, step: null };
  return { kind: 'number', ...base(name), ...ends, counts: null, labels: [], integer: false, ...bounds };
}

export function text(name: string): TextQuestion {
  return { kind: 'text', ...base(name), multiline: false, ...plainText };
}

export function questionnaire(...elements: Question[]): Questionnaire {
  const page = {
    name: 'page',
    title: '',
    description: '',
    visibleIf: [],
    order: 'as-listed' as const,
    elements,
  };
  return {
    title: 'A survey',
    description: '',
    locale: 'en',
    pages: [page],
    computed: [],
    triggers: [],
    lists: [],
    clearInvisibleValues: 'onComplete',
    skipped: [],
  };
}

/** An answer: a value, a status, `null` for an empty answer, or a value with the options as displayed. */
export type Given =
  | AnswerValue
  | null
  | { readonly status: AnswerStatus; readonly value?: AnswerValue }
  | { readonly value: AnswerValue; readonly shown: readonly OptionValue[] };

export interface GivenResult {
  readonly id: string;
  readonly answers: Readonly<Record<string, Given>>;
  readonly weight?: number;
  readonly replicate?: number;
  readonly persona?: Readonly<Record<string, string>>;
}

export function result({ id, answers, weight = 1, replicate = 0, persona = {} }: GivenResult): SurveyResult {
  return {
    respondent: { id, persona },
    replicate,
    weight,
    interview: {
      respondentId: id,
      answers: Object.entries(answers).map(([question, given]) => answerOf(question, given)),
      computed: {},
      askedOrder: [],
      calls: [],
      requestedModel: 'm',
      parameters: { temperature: null, seed: null },
    },
  };
}

function answerOf(question: string, given: Given): Answer {
  const isPlain = given === null || typeof given !== 'object' || Array.isArray(given);
  const detail = (isPlain ? { value: given } : given) as {
    status?: AnswerStatus;
    value?: AnswerValue | null;
    shown?: readonly OptionValue[];
  };
  const { status = 'answered', value = null, shown = null } = detail;
  return { question, status, value, raw: null, repairs: [], shownOptions: shown, calls: [], problem: null };
}

/** One respondent for each entry, each answering the same question. */
export function answersTo(question: Question, given: readonly Given[]): SurveyResult[] {
  return given.map((each, place) => result({ id: `r${place}`, answers: { [question.name]: each } }));
}
