import { interviewTextsFor } from '../../languages/messages.ts';
import { pathOf } from '../question.ts';
import { isEntryCount } from '../question-kinds/number.ts';
import { type Block, type Check, type PageElement, type Question, questionsIn } from '../questionnaire.ts';
import type { Cell, Raw } from './cells.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
import { readValidators } from './validators.ts';

/** A panel or grid that is required needs an answer to one of its questions at least. */
export function withRequiredGroup(block: Block, node: SurveyNode, raw: object, context: ReadContext): Block {
  const { isRequired } = raw as Raw;
  const conditions = node.has('requiredIf') ? node.conditions('requiredIf') : [];
  const always = conditions.length === 0 && (isRequired === true || isRequired === 'true');
  const questions = questionsIn(block.elements).filter(isData);
  if ((!always && conditions.length === 0) || questions.length === 0) return block;
  const answered = questions.map((each) => `{${pathOf(each)}} notempty`).join(' or ');
  const expression = always ? answered : `!(${conditions.join(' and ')}) or ${answered}`;
  const { problems, atLeastOne } = interviewTextsFor(context.language.locale);
  const isChoice = always && questions.length > 1 && questions.some((question) => !question.isRequired);
  const withNote = isChoice ? withText(block, atLeastOne) : block;
  return withChecks(withNote, [
    { expression, allowsUnknown: false, isOfGroup: true, message: problems.oneOfThem },
  ]);
}

/** Rows that must differ, in a column, in a key, or each from the others; and validators of the whole grid. */
export function withGridChecks(block: Block, node: SurveyNode, cell: Cell, context: ReadContext): Block {
  const keys = new Set<string>();
  const key = node.word('keyName') ?? '';
  if (key !== '') keys.add(key.toLowerCase());
  if (node.has('columns'))
    for (const column of node.list('columns')) {
      const { name, isUnique } = (column ?? {}) as Raw;
      if ((isUnique === true || isUnique === 'true') && typeof name === 'string')
        keys.add(name.toLowerCase());
    }
  const eachRow = node.surveyClass === 'matrix' && node.boolean('eachRowUnique', false);
  const depth = cell.target.length + (eachRow ? 1 : 2);
  const whole = node.has('validators')
    ? readValidators(node, [], context).checks.map((check) => ({ ...check, isOfGroup: true }))
    : [];
  const unique = mapQuestions(block, (question) => {
    const column = String(question.target.at(-1)).toLowerCase();
    const isUnique = question.target.length === depth && (eachRow || keys.has(column));
    return isUnique ? { ...question, uniqueAmong: eachRow ? cell.name : `${cell.name}.${column}` } : question;
  });
  const frame = interviewTextsFor(context.language.locale);
  const rules = eachRow
    ? [frame.noTwoRowsAlike]
    : [...keys].map((each) => frame.noTwoAlike(titleOfColumn(each)));
  const withNote = rules.reduce(withText, unique);
  return whole.length === 0 ? withNote : withChecks(withNote, whole);

  function titleOfColumn(column: string): string {
    const found = questionsIn(block.elements).find(
      ({ target }) => target.length === depth && String(target.at(-1)).toLowerCase() === column,
    );
    return found?.title ?? column;
  }
}

/** Every request in which one of its questions is asked has it. */
function withText(block: Block, text: string): Block {
  return { ...block, description: [block.description, text].filter((part) => part !== '').join('\n') };
}

function withChecks(block: Block, checks: readonly Check[]): Block {
  return mapQuestions(block, (question) =>
    isData(question) ? { ...question, checks: [...question.checks, ...checks] } : question,
  );
}

function mapQuestions(block: Block, map: (question: Question) => Question): Block {
  const mapElement = (element: PageElement): PageElement => {
    if (element.kind === 'note') return element;
    return element.kind === 'block' ? mapQuestions(element, map) : map(element);
  };
  return { ...block, elements: block.elements.map(mapElement) };
}

/** Comments aren't questions of their own in SurveyJS, and numbers of entries aren't data. */
function isData(question: Question): boolean {
  return !isEntryCount(question) && !String(question.target.at(-1)).endsWith('-Comment');
}
