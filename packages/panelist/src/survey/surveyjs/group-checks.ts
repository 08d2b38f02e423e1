import { frameOf } from '../frame/frame.ts';
import {
  type Block,
  type Check,
  type Expression,
  type PageElement,
  type Question,
  questionsIn,
} from '../questionnaire.ts';
import { type Cell, pathOf, type Raw } from './cells.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
import { readValidators } from './validators.ts';

/** Beyond this the condition itself would be longer than the survey. */
const maxCompared = 200;

/** A panel or grid that is required needs an answer to one of its questions at least. */
export function withRequiredGroup(block: Block, node: SurveyNode, raw: object, context: ReadContext): Block {
  const { isRequired } = raw as Raw;
  const conditions = node.has('requiredIf') ? node.conditions('requiredIf') : [];
  const always = conditions.length === 0 && (isRequired === true || isRequired === 'true');
  const questions = questionsIn(block.elements).filter(isData);
  if ((!always && conditions.length === 0) || questions.length === 0) return block;
  const answered = questions
    .slice(0, maxCompared)
    .map((each) => `{${pathOf(each)}} notempty`)
    .join(' or ');
  const expression = always ? answered : `!(${conditions.join(' and ')}) or ${answered}`;
  const { problems } = frameOf(context.language.locale);
  return withChecks(block, () => [
    { expression, allowsUnknown: false, isOfGroup: true, message: problems.oneOfThem },
  ]);
}

/** Rows that must differ: in a column, in a key, or each from the others; and validators of the whole grid. */
export function withGridChecks(block: Block, node: SurveyNode, cell: Cell, context: ReadContext): Block {
  const { problems } = frameOf(context.language.locale);
  const keys = new Set<string>();
  const key = node.word('keyName') ?? '';
  if (key !== '') keys.add(key.toLowerCase());
  if (node.has('columns'))
    for (const column of node.list('columns')) {
      const { name, isUnique } = (column ?? {}) as Raw;
      if ((isUnique === true || isUnique === 'true') && typeof name === 'string')
        keys.add(name.toLowerCase());
    }
  const questions = questionsIn(block.elements);
  const eachRow = node.surveyClass === 'matrix' && node.boolean('eachRowUnique', false);
  const whole = node.has('validators')
    ? readValidators(node, [], context).checks.map((check) => ({ ...check, isOfGroup: true }))
    : [];
  return withChecks(block, (question) => [
    ...whole,
    ...othersOf(question, questions, cell, keys, eachRow).map((other): Check => {
      return { expression: differs(question, other), allowsUnknown: true, message: problems.notUnique };
    }),
  ]);
}

/** The cells before it that a cell must differ from. */
function othersOf(
  question: Question,
  questions: readonly Question[],
  { target }: Cell,
  keys: ReadonlySet<string>,
  eachRow: boolean,
): Question[] {
  const column = String(question.target.at(-1)).toLowerCase();
  const depth = target.length + (eachRow ? 1 : 2);
  if (question.target.length !== depth || !(eachRow || keys.has(column))) return [];
  return questions
    .slice(0, questions.indexOf(question))
    .filter(
      (other) =>
        other.target.length === depth && (eachRow || String(other.target.at(-1)).toLowerCase() === column),
    )
    .slice(-maxCompared);
}

function differs(question: Question, other: Question): Expression {
  const own = pathOf(question);
  return `{${own}} empty or {${own}} <> {${pathOf(other)}}`;
}

/** Comments are no questions of their own in SurveyJS, and numbers of entries are no data. */
function isData(question: Question): boolean {
  if (question.kind === 'number') return question.counts === null;
  return !String(question.target.at(-1)).endsWith('-Comment');
}

function withChecks(block: Block, checksOf: (question: Question) => readonly Check[]): Block {
  const add = (element: PageElement): PageElement => {
    if (element.kind === 'note') return element;
    if (element.kind === 'block') return { ...element, elements: element.elements.map(add) };
    const checks = isData(element) ? checksOf(element) : [];
    return checks.length === 0 ? element : { ...element, checks: [...element.checks, ...checks] };
  };
  return { ...block, elements: block.elements.map(add) };
}
