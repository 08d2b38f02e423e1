import { oneLine } from '../text/one-line.ts';
import type { AnswerValue } from './answer.ts';
import { Choices } from './choices.ts';
import { pipedNames } from './piping.ts';
import type { Question, Template } from './questionnaire.ts';

/** A question as one respondent reads it: piping filled in, every text on one line. */
export interface AskedQuestion {
  readonly question: Question;
  /** Its key in the reply: `q` and its place in the questionnaire. Question names may be anything; keys may not. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly minDescription: string;
  readonly maxDescription: string;
  /** `null` when there is nothing to choose from. */
  readonly choices: Choices | null;
}

export function askedQuestion(
  question: Question,
  key: string,
  fill: (template: Template) => string,
): AskedQuestion {
  const shown = (template: Template): string => oneLine(fill(template));
  const rating = question.kind === 'rating' ? question : null;
  const options = 'options' in question ? question.options : null;
  const numeric = rating?.options.every(({ value }) => typeof value === 'number') ?? false;
  return {
    question,
    key,
    title: shown(question.title) || key,
    description: shown(question.description),
    minDescription: rating ? shown(rating.minDescription) : '',
    maxDescription: rating ? shown(rating.maxDescription) : '',
    choices: options
      ? new Choices(
          options,
          options.map(({ text }) => shown(text)),
          numeric,
        )
      : null,
  };
}

/** The names that a question's texts pipe. */
export function namesPipedBy(question: Question): string[] {
  const templates = [question.title, question.description];
  if ('options' in question) templates.push(...question.options.map(({ text }) => text));
  if (question.kind === 'rating') templates.push(question.minDescription, question.maxDescription);
  return templates.flatMap(pipedNames);
}

/** A value as its respondent would read it back: the options' texts, not their values. `''` for none. */
export function shownAnswer({ choices }: AskedQuestion, value: AnswerValue | null): string {
  if (value === null) return '';
  const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  return parts
    .map((part) => oneLine(String(choices?.texts[choices.values.indexOf(part as never)] || part)))
    .join(', ');
}
