import { type InterviewTexts, interviewTextsFor } from '../../languages/messages.ts';
import { PanelistError } from '../../panelist-error.ts';
import { expressionsTooLong } from '../expressions/expression-terms.ts';
import { type AskedQuestion, namesPipedBy } from '../prompt/asked-question.ts';
import { surveyPrompt } from '../prompt/system-prompt.ts';
import { pathOf } from '../question.ts';
import { isEntryCount } from '../question-kinds/number.ts';
import {
  type Block,
  type Check,
  type ComputedValue,
  type Expression,
  type Note,
  type Order,
  type Page,
  type PageElement,
  type Question,
  type Questionnaire,
  questionsIn,
  type Trigger,
} from '../questionnaire.ts';
import { upgradeQuestionnaire } from '../upgrade-questionnaire.ts';
import { ListEntries } from './list-entries.ts';
import { pipedNames } from './piping.ts';
import { namesIn, namesOf, QuestionReferences, refersTo, withComments } from './question-references.ts';

/** How much is put before a respondent at once. */
export type AskScope = 'question' | 'page' | 'survey';

/** A question with what an interview needs to know of it before it is asked. */
export interface PlannedQuestion {
  readonly question: Question;
  readonly key: string;
  /** Where it is listed among all questions. */
  readonly index: number;
  /** The index of its page in the file. */
  readonly page: number;
  /** The panels and grids with a title or description that it is in, the outermost first. */
  readonly groups: readonly Block[];
  /** The grid that it is a cell of; `null` for others. */
  readonly grid: Block | null;
  /** Of its section, what its conditions, texts, options and checks, and the texts before it, depend on. */
  readonly dependsOn: readonly PlannedQuestion[];
  /** What an answer must satisfy, with the questions of its section that each check reads. */
  readonly checks: readonly { readonly check: Check; readonly reads: readonly PlannedQuestion[] }[];
  /** Whether it reads the same for everybody, but for the order of its options. */
  readonly isFixed: boolean;
  /** As it reads with its options in the file's order and backwards, made when first needed. */
  readonly asListed: Map<string, AskedQuestion>;
}

/** A text between questions. */
export interface PlannedNote {
  readonly note: Note;
  /** Of its section, what it depends on: it is shown once these are settled. */
  readonly dependsOn: readonly PlannedQuestion[];
}

export type PlannedElement = PlannedNote | PlannedQuestion;

/** What is worked through in waves: a page, or all of them. */
export interface Section {
  /** For messages and live counts. */
  readonly name: string;
  readonly visibleIf: readonly Expression[];
  readonly heading: readonly string[];
  readonly questions: readonly PlannedQuestion[];
  /** The elements as they are listed in the file; a respondent's order is made of them where something is random. */
  readonly elements: readonly PlannedElement[];
  readonly parts: readonly OrderedPart[];
  readonly isRandom: boolean;
}

/** Elements that are ordered among themselves. */
export interface OrderedPart {
  readonly name: string;
  readonly order: Order;
  readonly elements: readonly (PlannedElement | OrderedPart)[];
}

export interface InterviewPlan {
  readonly questionnaire: Questionnaire;
  readonly frame: InterviewTexts;
  /** The part of the system message that all respondents share. */
  readonly surveyPart: string;
  readonly sections: readonly Section[];
  readonly questions: readonly PlannedQuestion[];
  /** Every question under its name and the path of its value, in lower case. */
  readonly byName: ReadonlyMap<string, PlannedQuestion>;
  readonly computedByName: ReadonlyMap<string, ComputedValue>;
  readonly entries: ListEntries;
  /** The questions that the condition of each skip trigger reads. */
  readonly readBySkips: ReadonlyMap<Trigger, readonly PlannedQuestion[]>;
  /** Questions whose answers must differ, by the name of their group. */
  readonly unique: ReadonlyMap<string, readonly PlannedQuestion[]>;
  /** Whether a name, in lower case, is one of this survey's or a part of one: then a text shows nothing while it has no value. */
  readonly isKnown: (name: string) => boolean;
}

const plans = new WeakMap<Questionnaire, Map<AskScope, InterviewPlan>>();

/** The plan of a questionnaire, made once per object: give every interview of a run the same one. */
export function planOf(questionnaire: Questionnaire, ask: AskScope): InterviewPlan {
  const known = plans.get(questionnaire) ?? new Map<AskScope, InterviewPlan>();
  plans.set(questionnaire, known);
  const plan = known.get(ask) ?? makePlan(upgradeQuestionnaire(questionnaire), ask);
  known.set(ask, plan);
  return plan;
}

function makePlan(questionnaire: Questionnaire, ask: AskScope): InterviewPlan {
  // The import checks it; one that was stored with its task may come from elsewhere.
  const tooLong = expressionsTooLong(questionnaire);
  if (tooLong !== null) throw new PanelistError('SURVEY_INVALID', `The survey cannot be run: ${tooLong}.`);
  const pages = ask === 'survey' ? [wholeSurvey(questionnaire)] : questionnaire.pages.map(onePage);
  const references = new QuestionReferences(questionnaire);
  const ends = endsOf(questionnaire, references);
  let count = 0;
  const sections = pages.map(({ page, pageOf }) => {
    const section = planSection(page, pageOf, count, references, ask === 'survey' ? ends : []);
    count += section.questions.length;
    return section;
  });
  const questions = sections.flatMap((section) => section.questions);
  const byName = new Map<string, PlannedQuestion>();
  for (const planned of questions)
    for (const name of namesOf(planned.question)) if (!byName.has(name)) byName.set(name, planned);
  const computedByName = new Map(
    questionnaire.computed.flatMap((each) => namesOf(each).map((name) => [name, each] as const)),
  );
  const names = [
    ...questions.map(({ question }) => String(question.target[0]).toLowerCase()),
    ...byName.keys(),
    ...computedByName.keys(),
    ...questionnaire.triggers.flatMap((trigger) => ('name' in trigger ? [trigger.name.toLowerCase()] : [])),
  ];
  return {
    questionnaire,
    frame: interviewTextsFor(questionnaire.locale),
    surveyPart: surveyPrompt(questionnaire),
    sections,
    questions,
    byName,
    computedByName,
    unique: Map.groupBy(
      questions.filter(({ question }) => question.uniqueAmong !== undefined),
      ({ question }) => question.uniqueAmong as string,
    ),
    readBySkips: readBySkips(questionnaire, references, questions),
    entries: new ListEntries(questions.map(({ question }) => question)),
    isKnown: (name) => refersTo(name, names),
  };
}

interface SectionSource {
  readonly page: Page;
  readonly pageOf: (question: Question) => number;
}

function onePage(page: Page, index: number): SectionSource {
  return { page, pageOf: () => index };
}

/** All pages as one: each page's condition goes to what is on it, and its title stays where it was. */
function wholeSurvey({ pages }: Questionnaire): SectionSource {
  const index = new Map(
    pages.flatMap(({ elements }, at) => questionsIn(elements).map(({ name }) => [name, at])),
  );
  const elements = pages.map((page): Block => {
    const { name, title, description, visibleIf, order } = page;
    const inside =
      visibleIf.length === 0 ? page.elements : page.elements.map((each) => under(each, visibleIf));
    return { kind: 'block', name, title, description, isGrid: false, visibleIf, order, elements: inside };
  });
  return {
    page: { name: 'survey', title: '', description: '', visibleIf: [], order: 'as-listed', elements },
    pageOf: ({ name }) => index.get(name) as number,
  };
}

function under(element: PageElement, conditions: readonly Expression[]): PageElement {
  const visibleIf = [...conditions, ...element.visibleIf];
  if (element.kind !== 'block') return { ...element, visibleIf };
  return { ...element, visibleIf, elements: element.elements.map((each) => under(each, conditions)) };
}

/** What each trigger that can end the survey, or skip a part of it, reads. */
function endsOf({ triggers }: Questionnaire, references: QuestionReferences): ReadonlySet<string>[] {
  return triggers
    .filter(({ kind }) => kind === 'complete' || kind === 'skip')
    .map(({ expression }) => references.seenThrough(namesIn(expression)));
}

function readBySkips(
  { triggers }: Questionnaire,
  references: QuestionReferences,
  questions: readonly PlannedQuestion[],
): ReadonlyMap<Trigger, readonly PlannedQuestion[]> {
  const skips = triggers.filter(({ kind }) => kind === 'skip');
  if (skips.length === 0) return new Map();
  const read = readersOf(questions);
  return new Map(
    skips.map((trigger) => [trigger, [...read(references.seenThrough(namesIn(trigger.expression)))]]),
  );
}

type Open<T> = { -readonly [Key in keyof T]: T[Key] };

function planSection(
  page: Page,
  pageOf: SectionSource['pageOf'],
  before: number,
  references: QuestionReferences,
  ends: readonly ReadonlySet<string>[],
): Section {
  const questions: Open<PlannedQuestion>[] = [];
  let isRandom = page.order === 'random';

  const planAll = (elements: readonly PageElement[], groups: readonly Block[]): OrderedPart['elements'] =>
    elements.map((element) => {
      if (element.kind === 'note') return { note: element, dependsOn: [] };
      if (element.kind === 'block') return planBlock(element, groups);
      const grid = groups.at(-1);
      const planned: Open<PlannedQuestion> = {
        question: element,
        key: `q${before + questions.length + 1}`,
        index: before + questions.length,
        page: pageOf(element),
        groups: groups.filter(({ title, description }) => title !== '' || description !== ''),
        grid: grid?.isGrid === true ? grid : null,
        dependsOn: [],
        checks: [],
        isFixed: isFixed(element),
        asListed: new Map(),
      };
      questions.push(planned);
      return planned;
    });
  const planBlock = (block: Block, groups: readonly Block[]): OrderedPart => {
    if (block.order === 'random') isRandom = true;
    const elements = planAll(block.elements, [...groups, block]);
    const part: OrderedPart = { name: block.name, order: block.order, elements };
    if (questionsIn(block.elements).length > 0) return part;
    // A panel of texts alone: its title is a text like them.
    const texts = [block.title, block.description].filter((text) => text !== '');
    const title = texts.map((text) => ({
      note: { kind: 'note', text, visibleIf: block.visibleIf } as const,
      dependsOn: [],
    }));
    return { name: '', order: 'as-listed', elements: [...title, part] };
  };

  const parts = [{ name: page.name, order: page.order, elements: planAll(page.elements, []) }];
  const elements = flattened(parts);
  addDependencies(elements, references, ends);
  return {
    name: page.name,
    visibleIf: page.visibleIf,
    heading: [page.title, page.description].filter((text) => text !== ''),
    questions,
    elements,
    parts,
    isRandom,
  };
}

function isFixed(question: Question): boolean {
  return (
    namesPipedBy(question).length === 0 &&
    question.requiredIf.length === 0 &&
    !('options' in question && question.options.some(({ visibleIf }) => visibleIf.length > 0)) &&
    !('minExpression' in question && (question.minExpression !== null || question.maxExpression !== null))
  );
}

/**
 * A question waits for what it reads. A text waits for those before it that it reads, and the questions behind it wait
 * with it: a stimulus comes before what asks about it.
 */
function addDependencies(
  elements: readonly PlannedElement[],
  references: QuestionReferences,
  ends: readonly ReadonlySet<string>[],
): void {
  const questions = elements.filter((element): element is Open<PlannedQuestion> => 'question' in element);
  const read = readersOf(questions);
  const ending = new Set(ends.flatMap((reads) => [...read(reads)]));
  const passed = new Set<PlannedQuestion>();
  const readByTexts = new Set<PlannedQuestion>();
  for (const element of elements) {
    if ('note' in element) {
      const { text, visibleIf } = element.note;
      const reads = references.seenThrough([
        ...visibleIf.flatMap(namesIn),
        ...withComments(pipedNames(text)),
      ]);
      const own = [...read(reads)].filter((other) => passed.has(other));
      (element as Open<PlannedNote>).dependsOn = own;
      for (const other of own) readByTexts.add(other);
      continue;
    }
    const planned = element as Open<PlannedQuestion>;
    const headings = references.seenThrough(
      withComments(planned.groups.flatMap(({ title, description }) => pipedNames(`${title} ${description}`))),
    );
    const depends = new Set([
      ...read(references.namesReadBy(planned.question)),
      ...[...read(headings)].filter((other) => passed.has(other)),
      ...readByTexts,
      ...[...ending].filter((other) => other.page < planned.page),
    ]);
    depends.delete(planned);
    planned.dependsOn = [...depends];
    passed.add(planned);
  }
  addChecks(questions, (expression) => [...read(references.seenThrough(namesIn(expression)))]);
}

/** A question waits for what its checks read too, unless these wait for it. */
function addChecks(
  questions: readonly Open<PlannedQuestion>[],
  readBy: (expression: Expression) => PlannedQuestion[],
): void {
  const byExpression = new Map<Expression, PlannedQuestion[]>();
  for (const planned of questions) {
    planned.checks = planned.question.checks.map((check) => {
      const reads = byExpression.get(check.expression) ?? readBy(check.expression);
      byExpression.set(check.expression, reads);
      return { check, reads };
    });
  }
  for (const planned of questions)
    for (const { check, reads } of planned.checks) {
      if (check.isOfGroup === true) continue;
      const waited = reads.filter((other) => {
        const isMutual = other.checks.some((each) => each.reads.includes(planned));
        return other !== planned && !isMutual && !dependsOn(other, planned);
      });
      planned.dependsOn = [...new Set([...planned.dependsOn, ...waited])];
    }
}

function dependsOn(one: PlannedQuestion, other: PlannedQuestion): boolean {
  const seen = new Set<PlannedQuestion>();
  const open = [one];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === other) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...next.dependsOn);
  }
  return false;
}

/** How many entries a list has is read by the list's name: `{list.length}`. */
function namesReadOf(question: Question): readonly string[] {
  const names = namesOf(question);
  if (!isEntryCount(question)) return names;
  const list = pathOf(question.counts).toLowerCase();
  return [...names, list, `${list}.length`];
}

/** Which questions a set of names reads, each name looked up once. */
function readersOf(questions: readonly PlannedQuestion[]): (names: Iterable<string>) => Set<PlannedQuestion> {
  const names = questions.map((each) => [each, namesReadOf(each.question)] as const);
  const byName = new Map<string, readonly PlannedQuestion[]>();
  return (reads) => {
    const all = new Set<PlannedQuestion>();
    for (const name of reads) {
      const found = byName.get(name) ?? names.flatMap(([each, own]) => (refersTo(name, own) ? [each] : []));
      byName.set(name, found);
      for (const each of found) all.add(each);
    }
    return all;
  };
}

/** The elements in a row; `shuffle` orders those of a part that is random. */
export function flattened(
  parts: OrderedPart['elements'],
  shuffle?: <T>(items: readonly T[], name: string) => readonly T[],
): PlannedElement[] {
  return parts.flatMap((part): PlannedElement[] => {
    if (!('elements' in part)) return [part];
    if (part.order === 'as-listed' || shuffle === undefined) return flattened(part.elements, shuffle);
    const { groups, after } = withTheirNotes(part.elements);
    return flattened([...shuffle(groups, part.name), after].flat(), shuffle);
  });
}

/** A note goes where that goes which it precedes; those `after` everything stay there. */
function withTheirNotes(elements: OrderedPart['elements']): {
  readonly groups: readonly OrderedPart['elements'][];
  readonly after: readonly PlannedNote[];
} {
  const groups: (PlannedElement | OrderedPart)[][] = [];
  let notes: PlannedNote[] = [];
  for (const element of elements) {
    if ('note' in element) notes.push(element);
    else {
      groups.push([...notes, element]);
      notes = [];
    }
  }
  return { groups, after: notes };
}
