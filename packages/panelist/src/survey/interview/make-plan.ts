import { interviewTextsFor } from '../../languages/messages.ts';
import { PanelistError } from '../../panelist-error.ts';
import { expressionsTooLong } from '../expressions/expression-terms.ts';
import { namesPipedBy } from '../prompt/asked-question.ts';
import { surveyPrompt } from '../prompt/system-prompt.ts';
import {
  type Block,
  type Expression,
  type Page,
  type PageElement,
  type Question,
  type Questionnaire,
  questionsIn,
  type Trigger,
} from '../questionnaire.ts';
import { upgradeQuestionnaire } from '../upgrade-questionnaire.ts';
import type { AskScope, InterviewPlan, OrderedPart, PlannedQuestion, Section } from './interview-plan.ts';
import { ListEntries } from './list-entries.ts';
import { addDependencies, type Open, readersOf } from './plan-dependencies.ts';
import { flattened } from './plan-order.ts';
import { namesIn, namesOf, QuestionReferences, refersTo } from './question-references.ts';

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
