/**
 * For tests: walks one interview beside SurveyJS's own `Model` and lists where the two differ. The same random answers
 * go to both; at every request the questions asked, their titles, options and whether they are required are compared
 * with what SurveyJS would show, and at the end the data.
 */

import {
  Model,
  type QuestionMatrixModel,
  type QuestionPanelDynamicModel,
  type QuestionSelectBase,
} from 'survey-core';
import type { ChatModel, ChatReply, ChatRequest } from '../../models/chat-model.ts';
import { oneLine } from '../../text/one-line.ts';
import type { Interview } from '../answer.ts';
import { importSurveyJs } from '../import/import-surveyjs.ts';
import { stripHtml } from '../import/strip-html.ts';
import { interview } from '../interview/interview.ts';
import type { AskScope } from '../interview/interview-plan.ts';
import { planOf } from '../interview/make-plan.ts';
import { isEntryCount } from '../question-kinds/number.ts';
import type { Question, Questionnaire } from '../questionnaire.ts';
import { leftEmpty } from '../reply/left-empty.ts';
import { choicesOf, find, isShown, type Live, liveOf, rootOf, shownOn, within } from './live-questions.ts';
import { type Draw, type Reply, type Schema, sample } from './sample-reply.ts';

export interface Walk {
  /** In words, each with where it was seen; empty where both agree. */
  readonly differences: readonly string[];
  readonly requests: readonly ChatRequest[];
  readonly interview: Interview;
}

/** @param makeModel of another version of SurveyJS. @default of the one that Panelist imports surveys with */
export async function walkBeside(
  json: object,
  draw: Draw,
  ask: AskScope = 'page',
  makeModel: (json: object) => Model = (own) => new Model(own),
): Promise<Walk> {
  const questionnaire = importSurveyJs(json);
  const walk = new WalkBeside(questionnaire, makeModel(json), draw, ask);
  return walk.run();
}

class WalkBeside implements ChatModel {
  readonly id = 'walk/beside';
  readonly requests: ChatRequest[] = [];
  readonly differences: string[] = [];
  readonly #questionnaire: Questionnaire;
  readonly #model: Model;
  readonly #draw: Draw;
  readonly #ask: AskScope;
  readonly #byKey: ReadonlyMap<string, { readonly question: Question; readonly page: number }>;
  readonly #asked = new Set<string>();
  /** Keys that SurveyJS takes for wrong, which are to be asked again. */
  #wrong = new Set<string>();
  #page = 0;

  constructor(questionnaire: Questionnaire, model: Model, draw: Draw, ask: AskScope) {
    this.#questionnaire = questionnaire;
    this.#draw = draw;
    this.#ask = ask;
    this.#model = model;
    if (questionnaire.locale !== 'en') this.#model.locale = questionnaire.locale;
    this.#byKey = new Map(planOf(questionnaire, ask).questions.map((each) => [each.key, each]));
  }

  async run(): Promise<Walk> {
    const { signal } = new AbortController();
    const done = await interview(this.#questionnaire, { id: 'r', persona: {} }, this, {
      signal,
      ask: this.#ask,
    });
    if (this.#wrong.size > 0) this.#differ(`accepted what SurveyJS refuses: ${[...this.#wrong].join(', ')}`);
    this.#leavePages(Number.POSITIVE_INFINITY);
    this.#compareData(done);
    return { differences: this.differences, requests: this.requests, interview: done };
  }

  async reply(request: ChatRequest): Promise<ChatReply> {
    this.requests.push(request);
    const properties = (request.replySchema?.schema.properties ?? {}) as Record<string, Schema>;
    const keys = Object.keys(properties);
    const isAgain = request.messages.some(({ role }) => role === 'assistant');
    const answers: Record<string, Reply> = {};
    if (!isAgain) {
      const pages = keys.map((key) => this.#byKey.get(key)?.page ?? 0);
      this.#leavePages(Math.min(...pages));
      for (const key of keys) {
        const difference = this.#compareQuestion(key, properties[key] as Schema);
        if (difference !== null) this.#differ(difference);
      }
    }
    for (const key of this.#wrong)
      if (!isAgain || !keys.includes(key))
        this.#differ(`${this.#nameOf(key)} was accepted, SurveyJS refuses it`);
    if (isAgain)
      for (const key of keys)
        if (!this.#wrong.has(key)) this.#differ(`${this.#nameOf(key)} is refused, SurveyJS accepts it`);
    this.#wrong = new Set();
    for (const key of keys) answers[key] = this.#answer(key, properties[key] as Schema, isAgain);
    for (const key of keys) if (this.#errorOf(key) !== null) this.#wrong.add(key);
    if (isAgain)
      for (const key of this.#wrong) {
        const live = this.#liveOf(key);
        if (live) this.#set(live, undefined);
      }
    if (isAgain) this.#wrong.clear();
    const text = JSON.stringify(answers);
    return {
      text,
      finishReason: 'stop',
      returnedModel: 'walk',
      inputTokens: 1,
      outputTokens: 1,
      elapsedMs: 0,
    };
  }

  #differ(what: string): void {
    this.differences.push(what);
  }

  #nameOf(key: string): string {
    return this.#byKey.get(key)?.question.name ?? key;
  }

  /** Tries some answers until SurveyJS takes one; now and then it gives one that SurveyJS refuses. */
  #answer(key: string, schema: Schema, isAgain: boolean): Reply {
    const live = this.#liveOf(key);
    const question = this.#byKey.get(key)?.question as Question;
    // What is tried and given up would set off triggers.
    const wantsWrong = !isAgain && this.#model.triggers.length === 0 && this.#draw() < 0.05;
    let reply: Reply = leftEmpty;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      reply = sample(schema, question, this.#draw);
      if (!live) return reply;
      this.#set(live, recorded(question, live, reply));
      if (this.#model.triggers.length > 0 || (this.#errorOf(key) === null) !== wantsWrong) return reply;
    }
    return reply;
  }

  /** What SurveyJS has against an answer, or against the grid or panel that it is in; `null` for nothing. */
  #errorOf(key: string): string | null {
    const live = this.#liveOf(key);
    if (!live || live.part === 'count') return null;
    const { question, part } = live;
    if (typeof part === 'object' && 'end' in part && part.end === 0) return null;
    const page = rootOf(question).page as { validate?: (fire: boolean) => void } | null;
    if (page?.validate) page.validate(true);
    else question.validate(true);
    const about: {
      readonly errors: readonly {
        readonly text: string;
        readonly notificationType?: string;
        readonly getErrorType?: () => string;
      }[];
    }[] = [];
    if (part === 'value' || (typeof part === 'object' && 'end' in part)) about.push(question);
    else if (part === 'comment') return null;
    else about.push(question);
    for (let outer: unknown = question; outer !== null && outer !== undefined; ) {
      const { parent, parentQuestion } = outer as { parent?: unknown; parentQuestion?: unknown };
      outer = parentQuestion ?? parent;
      if (outer !== null && outer !== undefined && 'errors' in (outer as object))
        about.push(outer as (typeof about)[number]);
    }
    // What is written for "Other" is a question of its own, asked behind it.
    const errors = about
      .flatMap((each) => each.errors ?? [])
      .filter((error) => error.getErrorType?.() !== 'otherempty');
    const error = errors.find(({ notificationType = 'error' }) => notificationType === 'error');
    if (error === undefined) return null;
    if (typeof part === 'object' && 'row' in part && error.getErrorType?.() === 'requiredinallrowserror')
      return (question.value as Record<string, unknown> | undefined)?.[part.row] === undefined
        ? 'required'
        : null;
    if (typeof part === 'object' && 'row' in part && error.getErrorType?.() === 'eachrowuniqueeerror') {
      const row = (question as QuestionMatrixModel).visibleRows.find(({ name }) => String(name) === part.row);
      return (row as unknown as { hasError?: boolean })?.hasError === true ? 'eachRowUnique' : null;
    }
    return error.text || String(error.getErrorType?.());
  }

  #set({ question, part }: Live, value: unknown): void {
    if (part === 'comment') question.comment = value === undefined ? '' : String(value);
    else if (part === 'count') {
      const count = Number(value ?? 0);
      if ('panelCount' in question) (question as QuestionPanelDynamicModel).panelCount = count;
      else (question as unknown as { rowCount: number }).rowCount = count;
    } else if (part === 'value') question.value = value;
    else if ('row' in part) {
      const all = { ...((question.value as object | undefined) ?? {}) } as Record<string, unknown>;
      if (value === undefined) delete all[part.row];
      else all[part.row] = value;
      question.value = Object.keys(all).length === 0 ? undefined : all;
    } else {
      const ends = Array.isArray(question.value) ? [...(question.value as unknown[])] : [];
      ends[part.end] = value;
      question.value = ends;
    }
  }

  #liveOf(key: string): Live | null {
    const question = this.#byKey.get(key)?.question;
    return question ? liveOf(this.#model, question) : null;
  }

  /** Returns what keeps the two from being compared at all. */
  #compareQuestion(key: string, schema: Schema): string | null {
    const { question } = this.#byKey.get(key) as { question: Question };
    this.#asked.add(question.target.join('.'));
    const live = liveOf(this.#model, question);
    if (!live) return `${question.name} is asked, SurveyJS has no such question`;
    const { question: own, part } = live;
    if (!isShown(own)) return `${question.name} is asked, SurveyJS hides it`;
    if (own.isReadOnly) return `${question.name} is asked, SurveyJS has it read-only`;
    if (typeof part === 'object' && 'row' in part) {
      const row = (own as QuestionMatrixModel).visibleRows.find(({ name }) => String(name) === part.row);
      if (!row) return `${question.name} is asked, SurveyJS hides its row`;
      this.#same(`${question.name}: title`, read(row.text), read(String(schema.description)));
    } else if (part === 'value') {
      const ours = read(String(schema.description)).replace(/ \(\d+\)$/, '');
      this.#same(
        `${question.name}: title`,
        read(live.title ?? own.locTitle.renderedHtml)
          .replace(/\{[^{}]*\}$/, '')
          .trim(),
        ours,
      );
      // An empty answer has less than the least number too.
      const least = (own as unknown as { minSelectedChoices?: number }).minSelectedChoices ?? 0;
      const isRequired = own.isRequired || (own.getType() !== 'ranking' && least > 0);
      const required = !this.#isOptional(key, schema);
      this.#same(`${question.name}: required`, isRequired, required);
      const shown = choicesOf(own);
      const listed = (schema.enum ?? (schema.items as Schema | undefined)?.enum)?.filter(
        (each) => each !== leftEmpty,
      );
      if (shown !== null && listed !== undefined) {
        const theirs = shown.map(({ text }) => read(text));
        const ours = listed.map((each) => read(String(each).replace(/^\d+\) /, '')));
        if ((own as QuestionSelectBase).choicesOrder === 'random')
          for (const list of [theirs, ours]) list.sort();
        this.#same(`${question.name}: options`, JSON.stringify(theirs), JSON.stringify(ours));
      }
    }
    return null;
  }

  #isOptional(key: string, schema: Schema): boolean {
    if (schema.type === 'array') return (schema.minItems ?? 0) === 0;
    if (schema.enum) return schema.enum.includes(leftEmpty);
    return this.requests.at(-1)?.messages.at(-1)?.content.includes(`${key} (optional). `) === true;
  }

  #same(what: string, theirs: unknown, ours: unknown): void {
    if (theirs !== ours)
      this.#differ(`${what}: SurveyJS ${JSON.stringify(theirs)}, ours ${JSON.stringify(ours)}`);
  }

  /** Before a question of a later page is asked, all that SurveyJS shows on those before it must have been. */
  #leavePages(next: number): void {
    for (; this.#page < Math.min(next, this.#questionnaire.pages.length); this.#page += 1) {
      if (this.#isBehindTrigger()) continue;
      for (const [name, question] of shownOn(this.#model, this.#page)) {
        if (!this.#asked.has(pathKey(name)))
          this.#differ(`${name} is not asked, SurveyJS shows it (${question.getType()})`);
      }
    }
  }

  /** SurveyJS keeps the defaults of cells that are hidden while their grid is shown; nobody saw them. */
  #isHiddenCell(path: string): boolean {
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const [first, ...rest] = steps;
    const root = find(this.#model, String(first));
    if (rest.length < 2 || !root?.getType().startsWith('matrixd')) return false;
    const cell = within(root, rest)?.question;
    return cell !== undefined && !cell.isVisible;
  }

  /** Whether a trigger has ended the survey, or skips the page. */
  #isBehindTrigger(): boolean {
    return this.#model.triggers.some((trigger) => {
      if (!this.#model.runCondition(trigger.expression)) return false;
      if (trigger.getType() === 'completetrigger') return true;
      if (trigger.getType() !== 'skiptrigger') return false;
      const target = this.#model.getQuestionByName((trigger as unknown as { gotoName: string }).gotoName);
      return target !== null && this.#model.pages.indexOf(target.page as never) > this.#page;
    });
  }

  #compareData(done: Interview): void {
    this.#model.doComplete();
    const theirs = new Map<string, unknown>();
    flatten(JSON.parse(JSON.stringify(this.#model.data)), '', theirs);
    const ours = new Map<string, unknown>();
    const plan = planOf(this.#questionnaire, this.#ask);
    const data: Record<string, unknown> = {};
    for (const [index, { value }] of done.answers.entries()) {
      const question = plan.questions[index]?.question as Question;
      const isData = !isEntryCount(question);
      if (value !== null && isData) put(data, question.target, value);
    }
    const computed = new Map(this.#questionnaire.computed.map(({ name, target }) => [name, target]));
    for (const [name, value] of Object.entries(done.computed)) put(data, computed.get(name) ?? [name], value);
    flatten(JSON.parse(JSON.stringify(data)), '', ours);
    const ranked = new Set(
      plan.questions.flatMap(({ question }) =>
        question.kind === 'ranking' ? [question.target.join('.')] : [],
      ),
    );
    const sorted = (path: string, value: unknown): string =>
      JSON.stringify(Array.isArray(value) && !ranked.has(path) ? value.toSorted() : value);
    for (const [path, value] of theirs)
      if (!this.#isHiddenCell(path) && sorted(path, ours.get(path)) !== sorted(path, value))
        this.#differ(
          `data ${path}: SurveyJS ${JSON.stringify(value)}, ours ${JSON.stringify(ours.get(path))}`,
        );
    for (const [path, value] of ours)
      if (!theirs.has(path)) this.#differ(`data ${path}: SurveyJS has none, ours ${JSON.stringify(value)}`);
  }
}

function read(text: string): string {
  return oneLine(stripHtml(text));
}

function pathKey(name: string): string {
  return name
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/\.from$/, '.0')
    .replace(/\.to$/, '.1');
}

/** What our reply means as SurveyJS's value. */
function recorded(question: Question, live: Live, reply: Reply): unknown {
  if (reply === leftEmpty) return undefined;
  if (live.part === 'comment' || !('options' in question)) return reply;
  const shown = choicesOf(live.question);
  const one = (said: unknown): unknown => {
    const own = question.options.find(
      ({ value, text }) => read(text) === said || String(value) === String(said),
    );
    if (own && !text(own.text)) return own.value;
    const listed = shown?.find((item) => read(item.text) === String(said).replace(/^\d+\) /, ''));
    return listed ? (listed.value as unknown) : (own?.value ?? said);
  };
  if (Array.isArray(reply)) return reply.length === 0 ? undefined : reply.map(one);
  return one(reply);

  function text(template: string): boolean {
    return template.includes('{');
  }
}

function put(data: Record<string, unknown>, target: readonly (string | number)[], value: unknown): void {
  let at: Record<string | number, unknown> = data;
  for (const [index, step] of target.slice(0, -1).entries()) {
    if (typeof at[step] !== 'object' || at[step] === null)
      at[step] = typeof target[index + 1] === 'number' ? [] : {};
    at = at[step] as Record<string | number, unknown>;
  }
  at[target.at(-1) as string | number] = value;
}

/** Leaves of an object by path; empty objects, which SurveyJS keeps for entries without answers, have none. */
function flatten(value: unknown, path: string, into: Map<string, unknown>): void {
  if (typeof value !== 'object' || value === null) {
    if (value !== null) into.set(path, value);
    return;
  }
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null)) {
    if (value.length > 0) into.set(path, value);
    return;
  }
  for (const [key, each] of Object.entries(value)) flatten(each, path === '' ? key : `${path}.${key}`, into);
}
