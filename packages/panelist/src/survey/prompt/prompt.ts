import { quote } from '@panelist/toolkit';
import { personaLines } from '../../audience/persona.ts';
import type { Respondent } from '../../audience/respondent.ts';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import { type Frame, frameOf } from '../frame/frame.ts';
import type {
  Block,
  MultipleChoiceQuestion,
  NumberQuestion,
  Questionnaire,
  RankingQuestion,
  TextQuestion,
} from '../questionnaire.ts';
import { leftEmpty } from '../reply/left-empty.ts';
import type { AskedQuestion } from './asked-question.ts';

/** One question that has been asked, as later pages see it. */
export interface GivenAnswer {
  readonly title: string;
  readonly shown: string;
}

/** A text, a question, or cells of one grid that follow each other. */
export type PromptBlock = string | AskedQuestion | { readonly grid: Block; readonly cells: AskedQuestion[] };

/** What did not fit, for asking again. */
export interface Misfit {
  readonly asked: AskedQuestion;
  readonly problem: string;
}

/** Longer titles and answers are cut where later pages recall them: every page pays for them again. */
const maxRecalledTitle = 200;
const maxRecalledAnswer = 300;
/** Of the reply that did not fit, as it is shown when asking again. */
const maxShownReply = 4_000;

/** Everything that stays the same over the questionnaire comes first, where providers cache it. */
export function surveyPrompt({ title, description, locale }: Questionnaire): string {
  const about = [title, description].map(oneLine).filter((text) => text !== '');
  return frameOf(locale).survey({ about, leftEmpty });
}

export function systemPrompt(surveyPart: string, respondent: Respondent, frame: Frame): string {
  return `${surveyPart}\n${frame.person}\n${personaLines(respondent) || frame.nothingKnown}`;
}

/** Texts between questions, questions, and grids, as they follow each other. */
export function pagePrompt(heading: readonly string[], blocks: readonly PromptBlock[]): string {
  const lines = heading.map(oneLine);
  for (const block of blocks) {
    if (typeof block === 'string') lines.push(oneLine(block));
    else if ('cells' in block) lines.push(gridPrompt(block.cells));
    else lines.push(questionPrompt(block));
  }
  return lines.filter((line) => line !== '').join('\n');
}

/** The options are listed once where all cells have the same in the same order. */
function gridPrompt(cells: readonly AskedQuestion[]): string {
  const [first] = cells;
  const task = first && cells.length > 1 && first.choices ? `${taskOf(first)}\n${listedOptions(first)}` : '';
  const isShared =
    task !== '' && cells.every((cell) => cell.choices && `${taskOf(cell)}\n${listedOptions(cell)}` === task);
  if (!isShared || !first) return cells.map(questionPrompt).join('\n');
  // Rows may be shuffled, and their keys with them.
  const shared = first.frame.forEach(cells.length, task).trimEnd();
  return [shared, ...cells.map(cellPrompt)].join('\n');
}

function cellPrompt(asked: AskedQuestion): string {
  const { question, key, title, description, preset, frame } = asked;
  const lines = [`${key}${question.isRequired ? '' : frame.optional}. ${title}`];
  if (description !== '') lines.push(`  ${description}`);
  if (preset !== '') lines.push(`  ${frame.preset(shortened(preset, maxRecalledAnswer))}`);
  return lines.join('\n');
}

export function userPrompt(given: readonly GivenAnswer[], page: string, frame: Frame): string {
  if (given.length === 0) return page;
  return `${frame.answersSoFar}\n${given.map(recalled).join('\n')}\n\n${page}`;
}

/** The assistant's turn before `againPrompt`: providers refuse an empty one. */
export function shownReply(text: string, frame: Frame): string {
  return shortened(text.trim(), maxShownReply) || frame.emptyReply;
}

export function againPrompt(misfits: readonly Misfit[], frame: Frame): string {
  const problems = misfits.map(({ asked, problem }) => ({
    question: `${asked.key} (${shortened(asked.fullTitle, maxRecalledTitle)})`,
    problem,
  }));
  return frame.again(problems, misfits.map(({ asked }) => asked.key).join(', '));
}

function recalled({ title, shown }: GivenAnswer): string {
  return `- ${shortened(title, maxRecalledTitle)}: ${shortened(shown, maxRecalledAnswer)}`;
}

function questionPrompt(asked: AskedQuestion): string {
  const options = listedOptions(asked);
  return `${cellPrompt(asked)}\n  ${taskOf(asked)}${options === '' ? '' : `\n${options}`}`;
}

function listedOptions(asked: AskedQuestion): string {
  if (!asked.choices || isNumericScale(asked)) return '';
  return asked.choices.labels.map((label) => `  - ${label}`).join('\n');
}

function taskOf(asked: AskedQuestion): string {
  const { question, frame } = asked;
  switch (question.kind) {
    case 'single-choice':
      return frame.chooseOne(null);
    case 'multiple-choice':
      return frame.chooseSeveral(howMany(question, frame, offered(asked)), onlyAlone(asked));
    case 'ranking':
      return frame.rank(howManyRanked(question, frame, offered(asked)));
    case 'rating':
      return isNumericScale(asked) ? frame.chooseNumber(points(asked)) : frame.chooseOne(ends(asked));
    case 'number':
      return frame.giveNumber(numberRange(question, frame), asked.labels);
    case 'text':
      if (question.mask !== undefined) return frame.writeMasked(question.mask.pattern, question.mask.isDate);
      return question.format === 'plain'
        ? frame.writeText(question)
        : frame.giveForm(textForm(question, frame));
  }
}

/** As they are listed, quoted: the reader refuses them beside another. */
function onlyAlone({ question, options, choices }: AskedQuestion): readonly string[] {
  if (question.kind === 'multiple-choice' && question.maxSelected === 1) return [];
  return (options ?? []).flatMap(({ isExclusive }, index) =>
    isExclusive ? [quote(String(choices?.labels[index]))] : [],
  );
}

function offered({ options }: AskedQuestion): number {
  return options?.length ?? 0;
}

/** What form of text is asked for, as the respondent and the error say it. */
export function textForm(
  { format, earliest, latest }: Pick<TextQuestion, 'format' | 'earliest' | 'latest'>,
  frame: Frame,
): string {
  return frame.withinDates(frame.forms[format], earliest, latest);
}

function isNumericScale({ question, choices }: AskedQuestion): boolean {
  return question.kind === 'rating' && typeof choices?.labels[0] === 'number';
}

/** `1 (Not at all), 2, 3, 4, 5 (Very much)`. The ends keep their points where the scale is shown backwards. */
function points({ question, options, choices, minDescription, maxDescription }: AskedQuestion): string {
  const listed = 'options' in question ? question.options.filter(({ role }) => role === 'plain') : [];
  const [lowest, highest] = [listed[0]?.value, listed.at(-1)?.value];
  return (choices?.labels ?? [])
    .map((label, index) => {
      const text = choices?.texts[index] ?? '';
      const value = options?.[index]?.value;
      const end = value === lowest ? minDescription : value === highest ? maxDescription : '';
      const meaning = [text === String(label) ? '' : text, end].filter((part) => part !== '').join(', ');
      return meaning === '' ? String(label) : `${label} (${meaning})`;
    })
    .join(', ');
}

/** Of a scale of texts, named in the order in which it is listed. */
function ends({ question, options, minDescription, maxDescription, frame }: AskedQuestion) {
  if (minDescription === '' && maxDescription === '') return null;
  const listed = 'options' in question ? question.options : [];
  const shown = (options ?? [])
    .filter(({ role }) => role === 'plain')
    .map(({ value }) => listed.findIndex((option) => option.value === value));
  const from = minDescription || frame.lowest;
  const to = maxDescription || frame.highest;
  return (shown[0] ?? 0) <= (shown.at(-1) ?? 0) ? ([from, to] as const) : ([to, from] as const);
}

/** How many options may be chosen, as the respondent and the error say it. */
export function howMany(
  { minSelected, maxSelected, options, isRequired }: MultipleChoiceQuestion,
  { howMany: words }: Frame,
  offered: number = options.length,
): string {
  const none = isRequired ? '' : words.orNone;
  if (minSelected === maxSelected) return `${words.exactly(minSelected)}${none}`;
  if (maxSelected < offered) return `${words.between(Math.max(minSelected, 1), maxSelected)}${none}`;
  return `${minSelected > 1 ? words.atLeast(minSelected) : words.any(isRequired)}${none}`;
}

/** How many options are to be ranked, as the respondent and the error say it. */
export function howManyRanked(
  { minSelected, maxSelected, options, isRequired }: RankingQuestion,
  { howManyRanked: words }: Frame,
  offered: number = options.length,
): string {
  const none = isRequired ? '' : words.orNone;
  if (minSelected >= offered) return `${words.all(offered)}${none}`;
  if (minSelected === maxSelected) return `${words.exactly(minSelected)}${none}`;
  return `${words.between(Math.max(minSelected, 1), maxSelected)}${none}`;
}

/** What number is asked for, as the respondent and the error say it. */
export function numberRange({ min, max, integer, step }: NumberQuestion, frame: Frame): string {
  return frame.number({ integer, min, max, step: integer && step === 1 ? null : step });
}
