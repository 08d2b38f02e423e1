/**
 * For tests: walks one interview beside SurveyJS's own `Model` and lists where the two differ. The same random answers
 * go to both; at every request the questions asked, their titles, options and whether they are required are compared
 * with what SurveyJS would show, and at the end the data.
 */
import {
  type ItemValue,
  type Question as LiveQuestion,
  Model,
  type QuestionMatrixDropdownModelBase,
  type QuestionMatrixModel,
  type QuestionMultipleTextModel,
  type QuestionPanelDynamicModel,
  type QuestionSelectBase,
} from 'survey-core';
import type { ChatModel, ChatReply, ChatRequest } from '../../models/chat-model.ts';
import { oneLine } from '../../text/one-line.ts';
import type { Interview } from '../answer.ts';
import { importSurveyJs } from '../import-surveyjs.ts';
import { interview } from '../interview.ts';
import { type AskScope, planOf } from '../interview-plan.ts';
import { leftEmpty } from '../left-empty.ts';
import type { Question, Questionnaire } from '../questionnaire.ts';
import { stripHtml } from '../surveyjs/strip-html.ts';

/** A number in [0, 1). */
export type Draw = () => number;

export interface Walk {
  /** In words, each with where it was seen; empty where both agree. */
  readonly differences: readonly string[];
  readonly requests: readonly ChatRequest[];
  readonly interview: Interview;
}

/** The question, cell or comment area of SurveyJS's that one of ours asks. */
interface Live {
  readonly question: LiveQuestion;
  /** Of a grid's cell: its column's title, which SurveyJS shows above it. */
  readonly title?: string;
  readonly part: 'value' | 'comment' | 'count' | { readonly row: string } | { readonly end: number };
}

type Reply = string | number | readonly (string | number)[];

export async function walkBeside(json: object, draw: Draw, ask: AskScope = 'page'): Promise<Walk> {
  const questionnaire = importSurveyJs(json);
  const walk = new WalkBeside(questionnaire, json, draw, ask);
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

  constructor(questionnaire: Questionnaire, json: object, draw: Draw, ask: AskScope) {
    this.#questionnaire = questionnaire;
    this.#draw = draw;
    this.#ask = ask;
    this.#model = new Model(json);
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
      const isData = question.kind !== 'number' || question.counts === null;
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

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

function read(text: string): string {
  return oneLine(stripHtml(text));
}

function choicesOf(question: LiveQuestion): readonly ItemValue[] | null {
  const type = question.getType();
  if (
    ['radiogroup', 'dropdown', 'buttongroup', 'imagepicker', 'checkbox', 'tagbox', 'ranking'].includes(type)
  )
    return (question as QuestionSelectBase).visibleChoices.filter(
      (item) => item.isEnabled && item !== (question as { selectAllItem?: unknown }).selectAllItem,
    );
  return null;
}

function isShown(question: LiveQuestion): boolean {
  return question.isVisible && question.isParentVisible;
}

function rootOf(question: LiveQuestion): LiveQuestion {
  let root = question;
  while (root.parentQuestion) root = root.parentQuestion as LiveQuestion;
  return root;
}

/** SurveyJS's question for one of ours, by where its value is; `null` where it has none now. */
function liveOf(model: Model, { name, target, path, ...question }: Question): Live | null {
  if (question.kind === 'number' && 'counts' in question && question.counts !== null) {
    const [list, ...inside] = question.counts.target;
    const live = find(model, String(list));
    const found = live ? within(live, inside) : null;
    return found ? { question: found.question, part: 'count' } : null;
  }
  const [first, ...rest] = target;
  const root =
    (name.includes('#') || String(first) !== name ? byPath(model, path) : null) ?? find(model, String(first));
  if (!root) {
    const owner = String(first).endsWith('-Comment') ? find(model, String(first).slice(0, -8)) : null;
    return owner && rest.length === 0 ? { question: owner, part: 'comment' } : null;
  }
  return within(root, rest);
}

/** The question at the top of a path of the file: `pages[0].elements[2].elements[0]`. */
function byPath(model: Model, path: string): LiveQuestion | null {
  const steps = [...path.matchAll(/(?:^|\.)(pages|elements|questions)\[(\d+)\]/gy)];
  let at: { readonly elements?: readonly unknown[] } | undefined;
  for (const [, list, index] of steps) {
    if (list === 'pages') at = model.pages[Number(index)];
    else at = ((at ?? model.pages[0])?.elements?.[Number(index)] ?? undefined) as typeof at;
  }
  return at !== undefined && 'getValueName' in at ? (at as unknown as LiveQuestion) : null;
}

function within(question: LiveQuestion, path: readonly (string | number)[]): Live | null {
  if (path.length === 0) return { question, part: 'value' };
  const [step, next, ...rest] = path;
  const type = question.getType();
  if (type === 'slider') return { question, part: { end: Number(step) } };
  if (type === 'matrix') return { question, part: { row: String(step) } };
  if (type === 'multipletext') {
    const item = (question as QuestionMultipleTextModel).items.find((each) => each.name === step);
    return item ? { question: item.editor, part: 'value' } : null;
  }
  if (type === 'paneldynamic') {
    const panel = (question as QuestionPanelDynamicModel).panels[Number(step)];
    return panel ? inside(panel.questions, String(next), rest) : null;
  }
  if (type === 'matrixdropdown' || type === 'matrixdynamic') {
    const rows = (question as QuestionMatrixDropdownModelBase).visibleRows;
    const row =
      typeof step === 'number' ? rows[step] : rows.find(({ rowName }) => String(rowName) === String(step));
    const cell = row?.cells.find(({ column }) => column.name === next);
    if (cell && rest.length === 0)
      return { question: cell.question, part: 'value', title: cell.column.locTitle.renderedHtml };
    if (row?.hasPanel) row.showDetailPanel();
    return row ? inside(row.questions, String(next), rest) : null;
  }
  return null;
}

function inside(
  questions: readonly LiveQuestion[],
  name: string,
  rest: readonly (string | number)[],
): Live | null {
  const found = questions.find((each) => each.getValueName() === name || each.name === name);
  if (found) return within(found, rest);
  const owner = name.endsWith('-Comment')
    ? questions.find((each) => each.getValueName() === name.slice(0, -8))
    : null;
  return owner ? { question: owner, part: 'comment' } : null;
}

function find(model: Model, name: string): LiveQuestion | null {
  return (
    model.getAllQuestions().find((each) => each.getValueName() === name) ??
    (model.getQuestionByName(name) as LiveQuestion | null)
  );
}

const askable = new Set(
  'radiogroup dropdown buttongroup imagepicker checkbox tagbox ranking rating boolean text comment slider'.split(
    ' ',
  ),
);

function pathKey(name: string): string {
  return name
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/\.from$/, '.0')
    .replace(/\.to$/, '.1');
}

/** Names, as ours, of all that SurveyJS shows on a page and lets be answered. */
function* shownOn(model: Model, index: number): Generator<[string, LiveQuestion]> {
  const page = model.pages[index];
  if (!page?.isVisible) return;
  for (const question of page.questions) yield* shownIn(question, question.getValueName());
}

function* shownIn(question: LiveQuestion, name: string): Generator<[string, LiveQuestion]> {
  if (!isShown(question) || question.isReadOnly) return;
  const type = question.getType();
  if (askable.has(type)) {
    if (type === 'slider' && (question as unknown as { sliderType: string }).sliderType === 'range') {
      yield [`${name}.from`, question];
      yield [`${name}.to`, question];
      return;
    }
    if ((choicesOf(question)?.length ?? 2) < (type === 'ranking' ? 2 : 1)) return;
    yield [name, question];
  }
  if (question.hasComment) yield [`${name}-Comment`, question];
  else if ((question as QuestionSelectBase).isOtherSelected) yield [`${name}-Comment`, question];
  if (type === 'matrix') {
    for (const row of (question as QuestionMatrixModel).visibleRows) {
      if (!(row as unknown as { isReadOnly?: boolean }).isReadOnly)
        yield [`${name}.${String(row.name)}`, question];
    }
  }
  if (type === 'multipletext')
    for (const { name: item, editor } of (question as QuestionMultipleTextModel).items)
      yield* shownIn(editor, `${name}.${item}`);
  if (type === 'paneldynamic')
    for (const [at, panel] of (question as QuestionPanelDynamicModel).panels.entries())
      for (const each of panel.questions) yield* shownIn(each, `${name}[${at}].${each.getValueName()}`);
  if (type === 'matrixdropdown' || type === 'matrixdynamic')
    for (const [at, row] of (question as QuestionMatrixDropdownModelBase).visibleRows.entries()) {
      const entry = type === 'matrixdynamic' ? `${name}[${at}]` : `${name}.${String(row.rowName)}`;
      for (const cell of row.cells) yield* shownIn(cell.question, `${entry}.${cell.column.name}`);
      for (const detail of row.detailPanel?.questions ?? [])
        yield* shownIn(detail, `${entry}.${detail.getValueName()}`);
    }
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

function sample(schema: Schema, question: Question, draw: Draw): Reply {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)] as T;
  if (schema.enum) {
    const choices = draw() < 0.85 ? schema.enum.filter((each) => each !== leftEmpty) : schema.enum;
    return pick(choices.length > 0 ? choices : schema.enum) as Reply;
  }
  if (schema.type === 'array') {
    const items = [...((schema.items as Schema).enum ?? [])] as (string | number)[];
    const least = schema.minItems ?? 0;
    const most = Math.min(schema.maxItems ?? items.length, items.length);
    const isWhole = question.kind === 'ranking' && question.minSelected >= items.length;
    const count = isWhole ? (draw() < 0.9 ? most : least) : least + Math.floor(draw() * (most - least + 1));
    const chosen: (string | number)[] = [];
    const alone =
      'options' in question
        ? question.options.filter(({ isExclusive }) => isExclusive).map(({ text }) => text)
        : [];
    while (chosen.length < count && items.length > 0)
      chosen.push(...items.splice(Math.floor(draw() * items.length), 1));
    const only = chosen.find((each) => alone.includes(String(each)));
    if (only !== undefined) return [only];
    if (question.kind === 'ranking') return chosen;
    const listed = ((schema.items as Schema).enum ?? []) as (string | number)[];
    return listed.filter((each) => chosen.includes(each));
  }
  if (!question.isRequired && draw() < 0.1) return leftEmpty;
  if (question.kind === 'number') {
    const min = question.min ?? Math.min(0, (question.max ?? 1) - 20);
    const max = question.max ?? min + 20;
    const step = question.step ?? 1;
    return min + Math.floor(draw() * (Math.floor((max - min) / step) + 1)) * step;
  }
  if (question.kind === 'text' && question.format !== 'plain') return dated[question.format] ?? 'text';
  return pick(['alpha', 'beta', 'gamma delta', 'x', '12', 'yes']);
}

const dated: Readonly<Record<string, string>> = {
  date: '2026-05-17',
  'datetime-local': '2026-05-17T10:30',
  month: '2026-05',
  week: '2026-W20',
  time: '10:30',
  email: 'a@example.org',
  url: 'https://example.org',
  tel: '+49 30 1234567',
  color: '#aabbcc',
};

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
