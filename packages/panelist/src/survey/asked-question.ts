import { oneLine } from '../text/one-line.ts';
import type { AnswerValue } from './answer.ts';
import { Choices } from './choices.ts';
import { pipedNames } from './piping.ts';
import type { Option, Question, Template } from './questionnaire.ts';

/** A question as one respondent reads it: piping filled in, every text on one line. */
export interface AskedQuestion {
  /** With `isRequired` and the bounds of what may be chosen as they are for this respondent. */
  readonly question: Question;
  /** Its key in the reply: `q` and its place in the questionnaire. Question names may be anything; keys may not. */
  readonly key: string;
  /** As it stands in its grid, if it is in one. */
  readonly title: string;
  /** As it is understood alone: the grid's title before it. */
  readonly fullTitle: string;
  readonly description: string;
  readonly minDescription: string;
  readonly maxDescription: string;
  /** The answer that stands already, as it is read; empty for none. */
  readonly preset: string;
  /** In the order in which they are shown; `null` when there is nothing to choose from. */
  readonly options: readonly Option[] | null;
  readonly choices: Choices | null;
}

/** What is this respondent's own in how a question is shown. */
export interface Shown {
  /** @default the question's own, as listed */
  readonly options?: readonly Option[] | undefined;
  /** @default the question's own */
  readonly isRequired?: boolean | undefined;
  readonly preset?: AnswerValue | undefined;
}

export function askedQuestion(
  question: Question,
  key: string,
  fill: (template: Template) => string,
  { options: given, isRequired = question.isRequired, preset }: Shown = {},
): AskedQuestion {
  const shown = (template: Template): string => oneLine(fill(template));
  const ends = 'minDescription' in question ? question : { minDescription: '', maxDescription: '' };
  const options = given ?? ('options' in question ? question.options : null);
  const numeric =
    question.kind === 'rating' && question.options.every(({ value }) => typeof value === 'number');
  const choices = options
    ? new Choices(
        options,
        options.map(({ text }) => shown(text)),
        numeric,
      )
    : null;
  const title = shown(question.title) || key;
  const stem = shown(question.stem);
  return {
    question: effective(question, isRequired, options?.length ?? 0),
    key,
    title,
    fullTitle: stem === '' ? title : `${stem}: ${title}`,
    description: shown(question.description),
    minDescription: shown(ends.minDescription),
    maxDescription: shown(ends.maxDescription),
    preset: preset === undefined ? '' : shownValue(choices, preset),
    options,
    choices,
  };
}

function effective(question: Question, isRequired: boolean, offered: number): Question {
  const isBounded = question.kind === 'multiple-choice' || question.kind === 'ranking';
  const isNarrowed = isBounded && question.maxSelected > offered;
  if (isRequired === question.isRequired && !isNarrowed) return question;
  if (!isBounded) return { ...question, isRequired };
  return {
    ...question,
    isRequired,
    minSelected: Math.min(Math.max(question.minSelected, isRequired ? 1 : 0), offered),
    maxSelected: Math.min(question.maxSelected, offered),
  };
}

/** The names that a question's texts pipe. */
export function namesPipedBy(question: Question): string[] {
  const templates = [question.stem, question.title, question.description];
  if ('options' in question) templates.push(...question.options.map(({ text }) => text));
  if ('minDescription' in question) templates.push(question.minDescription, question.maxDescription);
  return templates.flatMap(pipedNames);
}

/** A value as its respondent would read it back: the options' texts, not their values. `''` for none. */
export function shownAnswer({ choices }: AskedQuestion, value: AnswerValue | null): string {
  return value === null ? '' : shownValue(choices, value);
}

function shownValue(choices: Choices | null, value: AnswerValue): string {
  const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  return parts
    .map((part) => oneLine(String(choices?.texts[choices.values.indexOf(part as never)] || part)))
    .join(', ');
}
