import type { InterviewTexts } from '../../languages/messages.ts';
import { oneLine } from '../../text/one-line.ts';
import type { AnswerValue } from '../answer.ts';
import { pipedNames } from '../interview/piping.ts';
import { kindOf } from '../question-kinds/index.ts';
import type { Asked } from '../question-kinds/kind.ts';
import type { Option, Question, Template } from '../questionnaire.ts';
import { DisplayedOptions } from './displayed-options.ts';

/** A question of any kind as one respondent reads it. */
export type AskedQuestion = Asked<Question>;

/** What is this respondent's own in how a question is displayed. */
export interface Display {
  /** @default the question's own, as listed */
  readonly options?: readonly Option[] | undefined;
  /** @default the question's own */
  readonly isRequired?: boolean | undefined;
  readonly preset?: AnswerValue | undefined;
  /** Computed bounds: numbers, or dates as their question writes them. */
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
}

export function askedQuestion(
  question: Question,
  key: string,
  fill: (template: Template) => string,
  frame: InterviewTexts,
  { options: given, isRequired = question.isRequired, preset, min, max }: Display = {},
): AskedQuestion {
  const filled = (template: Template): string => oneLine(fill(template));
  const kind = kindOf(question);
  const options = given ?? ('options' in question ? question.options : null);
  const choices = options
    ? new DisplayedOptions(
        options,
        options.map(({ text }) => filled(text)),
        kind.hasNumericLabels(question),
      )
    : null;
  const narrowed = kind.narrowed(question, isRequired, options?.length ?? 0);
  const isBounded = min !== undefined || max !== undefined;
  const title = filled(question.title) || oneLine(question.name);
  const stem = filled(question.stem);
  return {
    question: isBounded ? kind.bounded(narrowed, min, max) : narrowed,
    key,
    title,
    fullTitle: stem === '' ? title : `${stem}: ${title}`,
    description: filled(question.description),
    ownTexts: kind.ownTexts(question).map(filled),
    preset: preset === undefined ? '' : valueText(choices, preset),
    options,
    choices,
    frame,
  };
}

/** The names that a question's texts pipe. */
export function namesPipedBy(question: Question): string[] {
  const templates = [
    question.stem,
    question.title,
    question.description,
    ...kindOf(question).ownTexts(question),
  ];
  if ('options' in question) templates.push(...question.options.map(({ text }) => text));
  return templates.flatMap(pipedNames);
}

/** A value as its respondent would read it back: the options' texts, not their values. `''` for none. */
export function answerText({ choices }: AskedQuestion, value: AnswerValue | null): string {
  return value === null ? '' : valueText(choices, value);
}

function valueText(choices: DisplayedOptions | null, value: AnswerValue): string {
  const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  return parts
    .map((part) => oneLine(String(choices?.texts[choices.values.indexOf(part as never)] || part)))
    .join(', ');
}
