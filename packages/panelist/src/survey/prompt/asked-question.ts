import { oneLine } from '../../text/one-line.ts';
import type { AnswerValue } from '../answer.ts';
import type { Frame } from '../frame/frame.ts';
import { pipedNames } from '../interview/piping.ts';
import type { Option, Question, Template } from '../questionnaire.ts';
import { Choices } from './choices.ts';

/** A question as one respondent reads it: piping filled in, every text on one line. */
export interface AskedQuestion {
  /** With `isRequired` and the bounds of what may be chosen as they are for this respondent. */
  readonly question: Question;
  /** Its key in the reply: `q` and its place in the questionnaire. Question names may be anything; keys may not. */
  readonly key: string;
  /** As it is in its grid, if it is in one. */
  readonly title: string;
  /** As it is understood alone: the grid's title before it. */
  readonly fullTitle: string;
  readonly description: string;
  /** Of a rating: what its ends mean; empty for others. */
  readonly minDescription: string;
  readonly maxDescription: string;
  /** What points of a slider mean, `0 = Never, 100 = Always`; empty for others. */
  readonly labels: string;
  /** The answer that there is already, as it is read; empty for none. */
  readonly preset: string;
  /** In the order in which they are shown; `null` when there is nothing to choose from. */
  readonly options: readonly Option[] | null;
  readonly choices: Choices | null;
  /** The words around it. */
  readonly frame: Frame;
}

/** What is this respondent's own in how a question is shown. */
export interface Shown {
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
  frame: Frame,
  { options: given, isRequired = question.isRequired, preset, min, max }: Shown = {},
): AskedQuestion {
  const shown = (template: Template): string => oneLine(fill(template));
  const ends = question.kind === 'rating' ? question : { minDescription: '', maxDescription: '' };
  const labels = question.kind === 'number' ? question.labels : [];
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
  const title = shown(question.title) || oneLine(question.name);
  const stem = shown(question.stem);
  return {
    question: bounded(effective(question, isRequired, options?.length ?? 0), min, max),
    key,
    title,
    fullTitle: stem === '' ? title : `${stem}: ${title}`,
    description: shown(question.description),
    minDescription: shown(ends.minDescription),
    maxDescription: shown(ends.maxDescription),
    labels: labels.map(({ value, text }) => `${value} = ${shown(text)}`).join(', '),
    preset: preset === undefined ? '' : shownValue(choices, preset),
    options,
    choices,
    frame,
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

/** A computed bound that leaves no answer is not applied: the question could not be answered. */
function bounded(
  question: Question,
  min: number | string | undefined,
  max: number | string | undefined,
): Question {
  if (min === undefined && max === undefined) return question;
  if (question.kind === 'number') {
    const least = typeof min === 'number' ? Math.max(question.min ?? -Infinity, min) : question.min;
    const most = typeof max === 'number' ? Math.min(question.max ?? Infinity, max) : question.max;
    if (least !== null && most !== null && least > most) return question;
    // The steps stay where they were.
    const start = question.min ?? 0;
    return {
      ...question,
      min: onStep(least, start, question.step, Math.ceil),
      max: onStep(most, start, question.step, Math.floor),
    };
  }
  if (question.kind !== 'text') return question;
  const earliest = later(question.earliest, min);
  const latest = earlier(question.latest, max);
  return earliest !== null && latest !== null && earliest > latest
    ? question
    : { ...question, earliest, latest };
}

function onStep(
  bound: number | null,
  start: number,
  step: number | null,
  round: (steps: number) => number,
): number | null {
  if (bound === null || step === null) return bound;
  const steps = round(Number(((bound - start) / step).toPrecision(12)));
  return Number((start + steps * step).toPrecision(12));
}

function later(date: string | null, other: number | string | undefined): string | null {
  return typeof other === 'string' && (date === null || other > date) ? other : date;
}

function earlier(date: string | null, other: number | string | undefined): string | null {
  return typeof other === 'string' && (date === null || other < date) ? other : date;
}

/** The names that a question's texts pipe. */
export function namesPipedBy(question: Question): string[] {
  const templates = [question.stem, question.title, question.description];
  if ('options' in question) templates.push(...question.options.map(({ text }) => text));
  if (question.kind === 'rating') templates.push(question.minDescription, question.maxDescription);
  if (question.kind === 'number') templates.push(...question.labels.map(({ text }) => text));
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
