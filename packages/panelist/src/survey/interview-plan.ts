import { type AskedQuestion, namesPipedBy } from './asked-question.ts';
import { pipedNames } from './piping.ts';
import { surveyPrompt } from './prompt.ts';
import { namesIn, namesOf, QuestionReferences, refersTo } from './question-references.ts';
import {
  type Block,
  type Expression,
  type Note,
  type Order,
  type Page,
  type PageElement,
  type Question,
  type Questionnaire,
  questionsIn,
} from './questionnaire.ts';
import type { Sheet } from './sheet.ts';

/** How much is put before a respondent at once. */
export type AskScope = 'question' | 'page' | 'survey';

/** A question with what an interview needs to know of it before it is asked. */
export interface PlannedQuestion {
  readonly question: Question;
  readonly key: string;
  /** The index of its page in the file. */
  readonly page: number;
  /** The grid that it is a cell of; `null` for others. */
  readonly grid: Block | null;
  /** Of its section, what its conditions, texts, options and checks hang on. */
  readonly hangsOn: readonly PlannedQuestion[];
  /** Whether it reads the same for everybody, but for the order of its options. */
  readonly isFixed: boolean;
  /** As it reads with its options in the file's order and backwards, made when first needed. */
  readonly asListed: Map<string, AskedQuestion>;
}

/** Something shown: a note, or a question. A panel's title is a note; a grid's goes with its questions. */
export type PlannedElement = Note | PlannedQuestion;

/** What is worked through in waves: a page, or all of them. */
export interface Section {
  /** For messages and live counts. */
  readonly name: string;
  readonly visibleIf: readonly Expression[];
  readonly heading: readonly string[];
  readonly hasFixedHeading: boolean;
  readonly questions: readonly PlannedQuestion[];
  /** The elements as they stand in the file; a respondent's order is made of them where something is random. */
  readonly elements: readonly PlannedElement[];
  readonly parts: readonly OrderedPart[];
  readonly isRandom: boolean;
  /** Prompt and schema of each set of elements that has been shown and is the same for everybody. */
  readonly sheets: Map<string, Sheet>;
}

/** Elements that are ordered among themselves. */
export interface OrderedPart {
  readonly name: string;
  readonly order: Order;
  readonly elements: readonly (PlannedElement | OrderedPart)[];
}

export interface InterviewPlan {
  readonly questionnaire: Questionnaire;
  /** The part of the system message that all respondents share. */
  readonly surveyPart: string;
  readonly sections: readonly Section[];
  readonly questions: readonly PlannedQuestion[];
  /** Every question under its name. */
  readonly byName: ReadonlyMap<string, PlannedQuestion>;
  /** All that texts may pipe: questions, computed values, and what triggers set. */
  readonly pipeable: ReadonlySet<string>;
}

const plans = new WeakMap<Questionnaire, Map<AskScope, InterviewPlan>>();

/** The plan of a questionnaire, made once per object: give every interview of a run the same one. */
export function planOf(questionnaire: Questionnaire, ask: AskScope): InterviewPlan {
  const known = plans.get(questionnaire) ?? new Map<AskScope, InterviewPlan>();
  plans.set(questionnaire, known);
  const plan = known.get(ask) ?? makePlan(questionnaire, ask);
  known.set(ask, plan);
  return plan;
}

function makePlan(questionnaire: Questionnaire, ask: AskScope): InterviewPlan {
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
  return {
    questionnaire,
    surveyPart: surveyPrompt(questionnaire),
    sections,
    questions,
    byName: new Map(questions.map((planned) => [planned.question.name, planned])),
    pipeable: new Set([
      ...questions.map(({ question }) => question.name),
      ...questionnaire.computed.map(({ name }) => name),
      ...questionnaire.triggers.flatMap((trigger) => ('name' in trigger ? [trigger.name] : [])),
    ]),
  };
}

interface SectionSource {
  readonly page: Page;
  readonly pageOf: (question: Question) => number;
}

function onePage(page: Page, index: number): SectionSource {
  return { page, pageOf: () => index };
}

/** All pages as one: each page's condition goes to what stands on it, and its title stays where it was. */
function wholeSurvey({ pages }: Questionnaire): SectionSource {
  const index = new Map(
    pages.flatMap(({ elements }, at) => questionsIn(elements).map(({ name }) => [name, at])),
  );
  const elements = pages.map((page): Block => {
    const { name, title, description, visibleIf, order } = page;
    const inside =
      visibleIf.length === 0 ? page.elements : page.elements.map((each) => under(each, visibleIf));
    return {
      kind: 'block',
      name,
      title,
      description,
      isStem: false,
      visibleIf,
      order,
      elements: inside,
    };
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

/** What each trigger that can end the survey reads. */
function endsOf({ triggers }: Questionnaire, references: QuestionReferences): ReadonlySet<string>[] {
  return triggers
    .filter(({ kind }) => kind === 'complete')
    .map(({ expression }) => references.seenThrough(namesIn(expression)));
}

function planSection(
  page: Page,
  pageOf: SectionSource['pageOf'],
  before: number,
  references: QuestionReferences,
  ends: readonly ReadonlySet<string>[],
): Section {
  const planned = new Map<Question, PlannedQuestion & { hangsOn: readonly PlannedQuestion[] }>();
  let isRandom = false;

  const planAll = (elements: readonly PageElement[], grid: Block | null): OrderedPart['elements'] =>
    elements.flatMap((element): OrderedPart['elements'] => {
      if (element.kind === 'note') return [element];
      if (element.kind === 'block') return planBlock(element, grid);
      const key = `q${before + planned.size + 1}`;
      const isFixed =
        namesPipedBy(element).length === 0 &&
        element.requiredIf.length === 0 &&
        !('options' in element && element.options.some(({ visibleIf }) => visibleIf.length > 0));
      const question = {
        question: element,
        key,
        page: pageOf(element),
        grid,
        hangsOn: [],
        isFixed,
        asListed: new Map(),
      };
      planned.set(element, question);
      return [question];
    });
  const planBlock = (block: Block, around: Block | null): OrderedPart['elements'] => {
    if (block.order === 'random') isRandom = true;
    const part: OrderedPart = {
      name: block.name,
      order: block.order,
      elements: planAll(block.elements, block.isStem ? block : around),
    };
    const titles = block.isStem ? [] : [block.title, block.description].filter((text) => text !== '');
    const title = titles.map((text): Note => ({ kind: 'note', text, visibleIf: block.visibleIf }));
    // The title first, whatever the order of what stands under it.
    return title.length === 0 ? [part] : [{ name: '', order: 'as-listed', elements: [...title, part] }];
  };

  if (page.order === 'random') isRandom = true;
  const parts = [{ name: page.name, order: page.order, elements: planAll(page.elements, null) }];
  const questions = [...planned.values()];
  const names = new Map(questions.map((each) => [each, namesOf(each.question)]));
  const isRead = (reads: Iterable<string>, other: PlannedQuestion): boolean =>
    [...reads].some((read) => refersTo(read, names.get(other) ?? []));
  const ending = new Set(questions.filter((each) => ends.some((reads) => isRead(reads, each))));
  for (const each of questions) {
    const reads = references.namesReadBy(each.question);
    each.hangsOn = questions.filter(
      (other) => other !== each && ((other.page < each.page && ending.has(other)) || isRead(reads, other)),
    );
  }
  const heading = [page.title, page.description];
  return {
    name: page.name,
    visibleIf: page.visibleIf,
    heading,
    hasFixedHeading: heading.flatMap(pipedNames).length === 0,
    questions,
    elements: flattened(parts),
    parts,
    isRandom,
    sheets: new Map(),
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

/** A note goes where that goes which it stands before; those `after` everything stay there. */
function withTheirNotes(elements: OrderedPart['elements']): {
  readonly groups: readonly OrderedPart['elements'][];
  readonly after: readonly Note[];
} {
  const groups: (PlannedElement | OrderedPart)[][] = [];
  let notes: Note[] = [];
  for (const element of elements) {
    if ('kind' in element) notes.push(element);
    else {
      groups.push([...notes, element]);
      notes = [];
    }
  }
  return { groups, after: notes };
}
