import { Helpers, Model, type QuestionRatingModel, surveyLocalization } from 'survey-core';
import 'survey-core/survey.i18n';
import { quote } from '@panelist/toolkit';
import { interviewTextsFor } from '../../languages/messages.ts';
import { kindOf } from '../question-kinds/index.ts';
import {
  type Expression,
  isScalar,
  type NumberQuestion,
  type Option,
  type OptionValue,
  type Question,
  type QuestionBase,
  type RankingQuestion,
} from '../questionnaire.ts';
import type { Cell } from './cells.ts';
import { forAll, maxOptions, readOptions } from './choices.ts';
import { importNumberQuestion, importTextQuestion } from './import-text-question.ts';
import { isOrdinalScale } from './ordinal-scale.ts';
import { expressionLiteral } from './references.ts';
import { specialOptions } from './special-options.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
import type { AskedType } from './survey-tree.ts';
import { readValidators } from './validators.ts';

/** What a question has from where it is. */
export interface Surroundings {
  /** The conditions of all that it is in. */
  readonly visibleIf: readonly Expression[];
  readonly enableIf: readonly Expression[];
  /** The title of its grid; empty outside of one. */
  readonly stem: string;
}

/** Characters of a question's name. */
const maxName = 200;

/** One SurveyJS question → one of ours; the two ends of a slider's range are two. */
export function importQuestion(
  type: AskedType,
  node: SurveyNode,
  around: Surroundings,
  cell: Cell,
  context: ReadContext,
): Question[] {
  const { name, target } = cell;
  if (name.length > maxName)
    context.problems.invalid(
      node.place,
      `its name has ${name.length} characters; at most ${maxName} can be used`,
    );
  const { value, expression } = node.preset();
  const base: QuestionBase = {
    name,
    target,
    path: node.place.path,
    // How many entries there are is asked in a sentence of its own.
    stem: type === 'entrycount' ? '' : around.stem,
    title: titleOf(type, node, name, context),
    description: node.text('description'),
    // SurveyJS lets `requiredIf` decide alone.
    isRequired: node.conditions('requiredIf').length === 0 && node.boolean('isRequired', false),
    requiredIf: node.conditions('requiredIf'),
    visibleIf: [...around.visibleIf, ...node.conditions()],
    enableIf: [...around.enableIf, ...node.conditions('enableIf')],
    defaultValue: value,
    defaultExpression: expression,
    checks: [],
  };
  return typedQuestions(type, base, node, context).map(withFittingDefault);
}

function titleOf(type: AskedType, node: SurveyNode, name: string, { language, warn }: ReadContext): string {
  const own = node.text('title') || (type === 'boolean' ? node.text('label') : '');
  if (type === 'entrycount') return interviewTextsFor(language.locale).howManyEntries(own);
  if (own !== '') return own;
  const shown = node.word('name') || name;
  warn(
    node.place,
    `it has no title in ${quote(language.locale)}: respondents read its name, ${quote(shown)}`,
  );
  return shown;
}

function typedQuestions(
  type: AskedType,
  base: QuestionBase,
  node: SurveyNode,
  context: ReadContext,
): Question[] {
  switch (type) {
    case 'text':
    case 'comment':
      return [importTextQuestion(type, base, node, context)];
    case 'entrycount':
      return [
        {
          ...importNumberQuestion(base, node, context, false),
          counts: node.object('counts') as NumberQuestion['counts'],
        },
      ];
    case 'slider':
      return slider(base, node, context);
    default: {
      const several = type === 'checkbox' || type === 'tagbox';
      const { checks } = readValidators(node, several ? ['answercount'] : [], context);
      return [choiceQuestion(type, { ...base, checks }, node, context)];
    }
  }
}

/** A default as its question would record it; one that it could not record is none. */
function withFittingDefault(question: Question): Question {
  const { defaultValue } = question;
  return defaultValue === null
    ? question
    : { ...question, defaultValue: kindOf(question).fittingDefault(question, defaultValue) };
}

function choiceQuestion(
  type: Exclude<AskedType, 'text' | 'comment' | 'slider' | 'entrycount'>,
  base: QuestionBase,
  node: SurveyNode,
  context: ReadContext,
): Question {
  switch (type) {
    case 'rating': {
      const order = { optionOrder: 'as-listed', isOrdinal: true } as const;
      const minDescription = node.text('minRateDescription');
      const maxDescription = node.text('maxRateDescription');
      return {
        ...base,
        kind: 'rating',
        options: ratingPoints(node, context),
        ...order,
        minDescription,
        maxDescription,
      };
    }
    case 'boolean':
      return {
        ...base,
        kind: 'single-choice',
        options: yesAndNo(node, context),
        optionOrder: 'as-listed',
        isOrdinal: false,
      };
    case 'checkbox':
    case 'tagbox':
      return multipleChoice(base, node, context);
    case 'imagepicker':
      if (node.boolean('multiSelect', false)) return multipleChoice(base, node, context);
      return { ...base, kind: 'single-choice', ...choices(node, context) };
    case 'ranking':
      return ranking(base, node, context);
    default:
      return { ...base, kind: 'single-choice', ...choices(node, context) };
  }
}

type Choices = Pick<RankingQuestion, 'options' | 'optionOrder' | 'isOrdinal'>;

function choices(node: SurveyNode, context: ReadContext): Choices {
  const forward = carriedForward(node, context);
  const own = forward ?? [...readOptions(node, 'choices', context), ...numbered(node, context)];
  const order = node.word('choicesOrder') ?? 'none';
  if (!['none', 'asc', 'desc', 'random'].includes(order))
    context.problems.invalid(
      node.placeOf('choicesOrder'),
      `must be none, asc, desc or random, not ${quote(order)}`,
    );
  const direction = order === 'asc' ? 1 : order === 'desc' ? -1 : 0;
  const sorted = own.toSorted((a, b) => compareTexts(a, b) * direction);
  const options = [...sorted, ...specialOptions(node, own, context)];
  if (options.length === 0)
    context.problems.unsupported(
      node.place,
      `it has no choices in the file; a list of choices can be given for ${quote(node.word('name'))}`,
    );
  return {
    options,
    optionOrder: order === 'random' ? 'random' : 'as-listed',
    isOrdinal: isOrdinalScale(options),
  };
}

/** As SurveyJS sorts them, numbers within texts by their size. */
function compareTexts(a: Option, b: Option): number {
  return Helpers.compareStrings(a.text, b.text);
}

/** A dropdown's `choicesMin` to `choicesMax`. */
function numbered(node: SurveyNode, { problems }: ReadContext): Option[] {
  const min = node.number('choicesMin');
  const max = node.number('choicesMax');
  const step = node.number('choicesStep') ?? 1;
  if (min === null || max === null || step <= 0) return [];
  const count = Math.max(Math.floor((max - min) / step) + 1, 0);
  if (count > maxOptions) {
    problems.invalid(node.placeOf('choicesMax'), `${count} options are too many; at most ${maxOptions}`);
    return [];
  }
  return Array.from({ length: count }, (_, index) => plainOption(min + index * step));
}

/** The options of an earlier question: all of them, or those that were or were not chosen there; they replace its own. */
function carriedForward(node: SurveyNode, context: ReadContext): readonly Option[] | null {
  const from = node.word('choicesFromQuestion');
  if (from === null || from === '') return null;
  const source = context.sources.get(from.toLowerCase());
  if (source === undefined) {
    context.problems.unsupported(
      node.placeOf('choicesFromQuestion'),
      `the options of ${quote(from)} cannot be taken over: it must be an earlier question with a list of choices`,
    );
    return [];
  }
  const mode = node.word('choicesFromQuestionMode') ?? 'all';
  const chosen = (option: Option): Expression =>
    `{${source.name}} ${source.isSeveral ? 'contains' : '='} ${expressionLiteral(option.value)}`;
  const options = source.options
    .filter(({ isSpecial }) => isSpecial !== true)
    .map((option): Option => {
      const condition =
        mode === 'selected' ? [chosen(option)] : mode === 'unselected' ? [`!(${chosen(option)})`] : [];
      return { ...option, visibleIf: [...option.visibleIf, ...condition, ...forAll(node, option.value)] };
    });
  const other = source.options.find(({ role, isSpecial }) => role === 'other' && isSpecial === true);
  if (mode !== 'selected' || other === undefined || node.boolean('showOtherItem', false)) return options;
  // What was written for "Other" is an option like the others.
  const comment = `${source.name}-Comment`;
  const written: Option = {
    ...plainOption(0),
    value: other.value,
    text: `{${comment}}`,
    visibleIf: [chosen(other), `{${comment}} notempty`],
  };
  return [...options, written];
}

function plainOption(value: number): Option {
  return { value, text: String(value), visibleIf: [], role: 'plain', isExclusive: false };
}

function multipleChoice(base: QuestionBase, node: SurveyNode, context: ReadContext): Question {
  const own = choices(node, context);
  // A validator of counts lets an empty answer pass; SurveyJS's own least number does not.
  const isRequired = base.isRequired || node.count('minSelectedChoices') !== null;
  return {
    ...base,
    isRequired,
    kind: 'multiple-choice',
    ...own,
    ...selectionBounds(base, own.options.length, node, context),
  };
}

function ranking(base: QuestionBase, node: SurveyNode, context: ReadContext): Question {
  const own = choices(node, context);
  const bounds = node.boolean('selectToRankEnabled', false)
    ? selectionBounds(base, own.options.length, node, context)
    : { minSelected: own.options.length, maxSelected: own.options.length };
  return { ...base, kind: 'ranking', ...own, ...bounds };
}

function selectionBounds(
  { isRequired }: QuestionBase,
  count: number,
  node: SurveyNode,
  context: ReadContext,
): { minSelected: number; maxSelected: number } {
  const { minCount, maxCount } = readValidators(node, ['answercount'], context);
  const minSelected = Math.max(node.count('minSelectedChoices') ?? 0, minCount, isRequired ? 1 : 0);
  const maxSelected = Math.min(node.count('maxSelectedChoices') ?? count, maxCount, count);
  if (minSelected > maxSelected && count > 0)
    context.problems.invalid(
      node.place,
      `at least ${minSelected} and at most ${maxSelected} choices cannot both be`,
    );
  return { minSelected, maxSelected };
}

/** SurveyJS keeps a range as a list of its two ends; the second is asked once the first is known. */
function slider(base: QuestionBase, node: SurveyNode, context: ReadContext): Question[] {
  const type = node.word('sliderType') ?? 'single';
  if (type !== 'range') return [importNumberQuestion(base, node, context, true)];
  const { name, target, title } = base;
  const frame = interviewTextsFor(context.language.locale);
  const preset = Array.isArray(base.defaultValue) ? (base.defaultValue as readonly OptionValue[]) : [];
  return [frame.from, frame.to].map((end, index): Question => {
    const own = index === 0 ? `${name}.from` : `${name}.to`;
    context.names.add({ key: own, page: node.page, pipesText: true });
    const question = importNumberQuestion(
      {
        ...base,
        name: own,
        target: [...target, index],
        title: `${title} – ${end}`,
        defaultValue: preset[index] ?? null,
      },
      node,
      context,
      true,
    );
    return index === 0 ? question : { ...question, minExpression: `{${name}[0]}` };
  });
}

function ratingPoints(node: SurveyNode, context: ReadContext): readonly Option[] {
  const listed = node.has('rateValues') ? readOptions(node, 'rateValues', context) : [];
  const min = node.number('rateMin');
  const max = node.number('rateMax');
  const step = node.number('rateStep');
  const count = node.number('rateCount');
  const given = Object.entries({
    rateMin: min,
    rateMax: max,
    rateStep: step,
    rateCount: count,
    rateType: node.word('rateType'),
    rateValues: listed.length === 0 ? null : listed.map(({ value }) => value),
    autoGenerate: node.has('autoGenerate') ? node.boolean('autoGenerate', true) : null,
  }).filter(([, value]) => value !== null);
  const model = new Model({ elements: [{ type: 'rating', name: 'q', ...Object.fromEntries(given) }] });
  const rating = model.getQuestionByName('q') as QuestionRatingModel;
  const points = rating.visibleRateValues.map((item) => item.value as unknown).filter(isScalar);
  if (rating.rateValues.length > 0 && !rating.autoGenerate) return listed;
  const last = points.at(-1);
  const isCut = max !== null && typeof last === 'number' && max - last >= (step ?? 1);
  // SurveyJS heeds `rateCount` only beside one end of the scale.
  const isMiscounted = count !== null && (min === null) !== (max === null) && count !== points.length;
  if (isCut || isMiscounted || points.length < 2) {
    context.problems.invalid(
      node.place,
      `its scale would have ${points.length} points, from ${quote(points[0])} to ${quote(last)}, which is not what it says: SurveyJS shows 2 to 20. List the points in rateValues, or ask for a number`,
    );
  }
  return points.map((value) => ({
    value,
    text: String(value),
    visibleIf: [],
    role: 'plain',
    isExclusive: false,
  }));
}

function yesAndNo(node: SurveyNode, { language }: ReadContext): readonly Option[] {
  const label = (key: string): string => surveyLocalization.getString(key, language.locale);
  const own = { visibleIf: [], role: 'plain', isExclusive: false } as const;
  return [
    {
      value: node.scalar('valueTrue') ?? true,
      text: node.text('labelTrue') || label('booleanCheckedLabel'),
      ...own,
    },
    {
      value: node.scalar('valueFalse') ?? false,
      text: node.text('labelFalse') || label('booleanUncheckedLabel'),
      ...own,
    },
  ];
}
