import type { ReplySchema } from '../models/chat-model.ts';
import { answerSchema } from './answer-schema.ts';
import { type AskedQuestion, askedQuestion, namesPipedBy } from './asked-question.ts';
import { expressionParts } from './expressions.ts';
import { pipedNames } from './piping.ts';
import { pagePrompt, surveyPrompt } from './prompt.ts';
import type { Note, Page, PageElement, Question, Questionnaire, Template } from './questionnaire.ts';

/** A question with what an interview needs to know of it before it is asked. */
export interface PlannedQuestion {
  readonly question: Question;
  readonly key: string;
  /** The questions of the same page that its conditions and texts hang on. */
  readonly hangsOn: readonly PlannedQuestion[];
  /** As everybody reads it; `null` when that depends on earlier answers. */
  readonly fixed: AskedQuestion | null;
}

export interface PlannedPage {
  readonly page: Page;
  readonly elements: readonly (Note | PlannedQuestion)[];
  readonly questions: readonly PlannedQuestion[];
  /** Whether its own title and description are the same for everybody. */
  readonly hasFixedHeading: boolean;
  /** Prompt and schema of each set of elements that has been shown and is the same for everybody. */
  readonly sheets: Map<string, Sheet>;
}

/** What is put before a respondent at once. */
export interface Sheet {
  readonly asked: readonly AskedQuestion[];
  readonly prompt: string;
  readonly schema: ReplySchema;
}

export interface InterviewPlan {
  /** The part of the system message that all respondents share. */
  readonly surveyPart: string;
  readonly pages: readonly PlannedPage[];
  /** Every question under its name. */
  readonly byName: ReadonlyMap<string, PlannedQuestion>;
}

/** Sets of visible questions that one page keeps; a page with more of them computes the rest each time. */
const maxSheets = 500;
const plans = new WeakMap<Questionnaire, InterviewPlan>();

/** The plan of a questionnaire, made once per object: give every interview of a run the same one. */
export function planOf(questionnaire: Questionnaire): InterviewPlan {
  const known = plans.get(questionnaire);
  if (known) return known;
  let count = 0;
  const pages = questionnaire.pages.map((page) => {
    const plan = planPage(page, count);
    count += plan.questions.length;
    return plan;
  });
  const questions = pages.flatMap((page) => page.questions);
  const plan: InterviewPlan = {
    surveyPart: surveyPrompt(questionnaire),
    pages,
    byName: new Map(questions.map((planned) => [planned.question.name, planned])),
  };
  plans.set(questionnaire, plan);
  return plan;
}

/**
 * Prompt and schema for some of a page's elements. `fill` puts answers into texts that need them.
 * What is the same for everybody is made once.
 */
export function sheetOf(
  planned: PlannedPage,
  shown: readonly (Note | PlannedQuestion)[],
  fill: (template: Template) => string,
): Sheet {
  const isFixed = planned.hasFixedHeading && shown.every(isFixedElement);
  const cacheKey = isFixed ? shown.map((element) => planned.elements.indexOf(element)).join() : '';
  const known = isFixed ? planned.sheets.get(cacheKey) : undefined;
  if (known) return known;
  const asked: AskedQuestion[] = [];
  const blocks = shown.map((element) => {
    if (!('question' in element)) return fill(element.text);
    const question = element.fixed ?? askedQuestion(element.question, element.key, fill);
    asked.push(question);
    return question;
  });
  const heading = [planned.page.title, planned.page.description].map(fill);
  const sheet: Sheet = { asked, prompt: pagePrompt(heading, blocks), schema: answerSchema(asked) };
  if (isFixed && planned.sheets.size < maxSheets) planned.sheets.set(cacheKey, sheet);
  return sheet;
}

function isFixedElement(element: Note | PlannedQuestion): boolean {
  return 'question' in element ? element.fixed !== null : pipedNames(element.text).length === 0;
}

function planPage(page: Page, before: number): PlannedPage {
  const planned = new Map<PageElement, PlannedQuestion & { hangsOn: readonly PlannedQuestion[] }>();
  const inOrder = page.elements.filter((element): element is Question => element.kind !== 'note');
  for (const [index, question] of inOrder.entries()) {
    const key = `q${before + index + 1}`;
    const fixed = namesPipedBy(question).length > 0 ? null : askedQuestion(question, key, (text) => text);
    planned.set(question, { question, key, hangsOn: [], fixed });
  }
  const questions = [...planned.values()];
  for (const each of questions) {
    const names = namesReadBy(each.question);
    each.hangsOn = questions.filter((other) => other !== each && names.some((name) => refersTo(name, other)));
  }
  return {
    page,
    elements: page.elements.map((element) =>
      element.kind === 'note' ? element : (planned.get(element) as PlannedQuestion),
    ),
    questions,
    hasFixedHeading: pipedNames(page.title).length + pipedNames(page.description).length === 0,
    sheets: new Map(),
  };
}

function namesReadBy(question: Question): string[] {
  return [
    ...question.visibleIf.flatMap((condition) => expressionParts(condition)?.variables ?? []),
    ...namesPipedBy(question),
  ];
}

/** `q1`, `Q1`, `q1[0]`, `q1.length` all read `q1`. Too many are harmless: the question is only asked later. */
function refersTo(variable: string, { question }: PlannedQuestion): boolean {
  const read = variable.toLowerCase();
  const name = question.name.toLowerCase();
  return read === name || (read.startsWith(name) && /^[.[]/.test(read.slice(name.length)));
}
