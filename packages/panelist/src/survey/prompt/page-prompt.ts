import { type InterviewTexts, languages } from '../../languages/messages.ts';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import { kindOf, questionKinds } from '../question-kinds/index.ts';
import type { AskedAnswer } from '../question-kinds/kind.ts';
import type { Block } from '../questionnaire.ts';
import type { AskedQuestion } from './asked-question.ts';
import { oncePer, readerOf } from './text-pattern.ts';

/** One question that has been asked, as later pages see it. */
export interface GivenAnswer {
  readonly title: string;
  readonly shown: string;
}

/** A text, a question, or cells of one grid that follow each other. */
export type PromptBlock = string | AskedQuestion | { readonly grid: Block; readonly cells: AskedQuestion[] };

/** Longer titles and answers are cut where later pages recall them: every page pays for them again. */
export const maxRecalledTitle = 200;
const maxRecalledAnswer = 300;

const indent = '  ';
const bullet = '  - ';

/** Texts between questions, questions, and grids, as they follow each other. */
export function writePage(heading: readonly string[], blocks: readonly PromptBlock[]): string {
  const lines = heading.map(oneLine);
  for (const block of blocks) {
    if (typeof block === 'string') lines.push(oneLine(block));
    else if ('cells' in block) lines.push(gridText(block.cells));
    else lines.push(questionText(block));
  }
  return lines.filter((line) => line !== '').join('\n');
}

/** The options are listed once where all cells have the same in the same order. */
function gridText(cells: readonly AskedQuestion[]): string {
  const [first] = cells;
  const task = first && cells.length > 1 && first.choices ? taskText(first) : '';
  const isShared = task !== '' && cells.every((cell) => cell.choices && taskText(cell) === task);
  if (!isShared || !first) return cells.map(questionText).join('\n');
  // Rows may be shuffled, and their keys with them.
  const shared = first.frame.forEach(cells.length, task).trimEnd();
  return [shared, ...cells.map(cellText)].join('\n');
}

function taskText(asked: AskedQuestion): string {
  return `${instructionOf(asked)}\n${listedOptions(asked)}`;
}

function questionText(asked: AskedQuestion): string {
  const options = listedOptions(asked);
  return `${cellText(asked)}\n${indent}${instructionOf(asked)}${options === '' ? '' : `\n${options}`}`;
}

function cellText(asked: AskedQuestion): string {
  const { question, key, title, description, preset, frame } = asked;
  const lines = [`${key}${question.isRequired ? '' : frame.optional}. ${title}`];
  if (description !== '') lines.push(`${indent}${description}`);
  if (preset !== '') lines.push(`${indent}${frame.preset(shortened(preset, maxRecalledAnswer))}`);
  return lines.join('\n');
}

function instructionOf(asked: AskedQuestion): string {
  return kindOf(asked.question).instruction(asked);
}

/** Numbers of a scale are in the instruction. */
function listedOptions({ choices }: AskedQuestion): string {
  if (!choices || typeof choices.labels[0] === 'number') return '';
  return choices.labels.map((label) => `${bullet}${label}`).join('\n');
}

/** A page, after what the respondent answered before it. */
export function writePageRequest(given: readonly GivenAnswer[], page: string, frame: InterviewTexts): string {
  if (given.length === 0) return page;
  return `${frame.answersSoFar}\n${given.map(recalled).join('\n')}\n\n${page}`;
}

function recalled({ title, shown }: GivenAnswer): string {
  return `- ${shortened(title, maxRecalledTitle)}: ${shortened(shown, maxRecalledAnswer)}`;
}

/** A question as it is read back from a page. */
export interface ParsedQuestion {
  readonly key: string;
  readonly title: string;
  readonly isOptional: boolean;
  /** The options that are listed; empty where none are. */
  readonly options: readonly string[];
  /** What its instruction asks; `null` where there is none that a kind of question has. */
  readonly asked: AskedAnswer | null;
}

/** Lines and characters that are read of one message: far above what a page holds. */
const maxLines = 100_000;
const maxTitle = 10_000;

/**
 * The questions of a page request in any language, in order. A line may only look like a question's: compare the
 * title. Takes time in proportion to the length of the text.
 */
export function parsePageRequest(text: string): ParsedQuestion[] {
  const lines = text.split('\n', maxLines);
  const questions: ParsedQuestion[] = [];
  let shared: (Task & { rows: number }) | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith(indent)) continue;
    const heading = questionLine.exec(line);
    if (heading === null) {
      shared = sharedTask(line, lines, index) ?? shared;
      continue;
    }
    const { key = '', optional, title = '' } = heading.groups ?? {};
    const own = shared === null || shared.rows === 0 ? ownTask(lines, index) : shared;
    if (shared !== null) shared.rows = Math.max(0, shared.rows - 1);
    const { options, asked } = own;
    questions.push({
      key,
      title: title.slice(0, maxTitle),
      isOptional: optional !== undefined,
      options,
      asked,
    });
  }
  return questions;
}

interface Task {
  readonly options: readonly string[];
  readonly asked: AskedAnswer | null;
}

const frames = languages.map(({ interview }) => interview);
const optionalMarks = frames.map(({ optional }) => RegExp.escape(optional)).join('|');
const questionLine = new RegExp(`^(?<key>\\w{1,40})(?<optional>${optionalMarks})?\\. (?<title>.*)$`);

/** The indented lines behind a question's: a description, a preset, the instruction, and the options. */
function ownTask(lines: readonly string[], at: number): Task {
  let end = at + 1;
  while (lines[end]?.startsWith(indent)) end += 1;
  let first = end;
  while (first - 1 > at + 1 && lines[first - 1]?.startsWith(bullet)) first -= 1;
  const instruction = lines[first - 1];
  return {
    options: optionsFrom(lines, first),
    asked: first - 1 === at || instruction === undefined ? null : askedBy(instruction.slice(indent.length)),
  };
}

function optionsFrom(lines: readonly string[], first: number): string[] {
  let end = first;
  while (lines[end]?.startsWith(bullet)) end += 1;
  return lines.slice(first, end).map((line) => line.slice(bullet.length));
}

/** The instruction before the rows of a grid, with how many rows it is for. */
function sharedTask(line: string, lines: readonly string[], at: number): (Task & { rows: number }) | null {
  for (const frame of frames) {
    const [rows, task] = gridReaderIn(frame)(line) ?? [];
    if (rows === undefined || task === undefined) continue;
    // In the middle of a sentence, some languages write a small letter.
    const asked = askedBy(task) ?? askedBy(`${task.charAt(0).toUpperCase()}${task.slice(1)}`);
    if (asked !== null) return { options: optionsFrom(lines, at + 1), asked, rows };
  }
  return null;
}

const gridReaderIn = oncePer((frame: InterviewTexts) => readerOf(['number', 'text'], frame.forEach));

/** A survey has few instructions, and asks them thousands of times. */
const knownInstructions = new Map<string, AskedAnswer | null>();
const maxKnown = 1_000;
const maxInstruction = 2_000;

function askedBy(instruction: string): AskedAnswer | null {
  const known = knownInstructions.get(instruction);
  if (known !== undefined || instruction.length > maxInstruction) return known ?? null;
  let asked: AskedAnswer | null = null;
  for (const frame of frames)
    for (const kind of questionKinds) asked ??= kind.parseInstruction(instruction, frame);
  if (knownInstructions.size >= maxKnown) knownInstructions.clear();
  knownInstructions.set(instruction, asked);
  return asked;
}
