import { Model, type QuestionRatingModel, surveyLocalization } from 'survey-core';
import 'survey-core/survey.i18n';
import { quote } from '@panelist/toolkit';
import type { Expression, Option, Question, QuestionBase, RankingQuestion } from '../questionnaire.ts';
import { readOptions } from './choices.ts';
import { importNumberQuestion, importTextQuestion } from './import-text-question.ts';
import { isOrdinalScale } from './ordinal-scale.ts';
import { expressionLiteral } from './references.ts';
import { specialOptions } from './special-options.ts';
import { isScalar, type ReadContext, type SurveyNode } from './survey-node.ts';
import type { Cell } from './survey-tree.ts';
import type { QuestionClass } from './surveyjs-properties.ts';
import { readValidators } from './validators.ts';

/** What a question has from where it stands. */
export interface Surroundings {
  /** The conditions of all that it stands in. */
  readonly visibleIf: readonly Expression[];
  readonly enableIf: readonly Expression[];
  /** The title of its grid; empty outside of one. */
  readonly stem: string;
}

/** Characters of a question's name. */
const maxName = 200;

/** One SurveyJS question → one of ours; the two ends of a slider's range are two. */
export function importQuestion(
  type: QuestionClass,
  node: SurveyNode,
  around: Surroundings,
  cell: Cell | null,
  context: ReadContext,
): Question[] {
  const name = cell?.name ?? (node.word('valueName') || node.word('name') || '');
  if (name.trim() === '') context.problems.invalid(node.place, 'it has no name');
  if (name.length > maxName)
    context.problems.invalid(
      node.place,
      `its name has ${name.length} characters; at most ${maxName} can be used`,
    );
  const label = type === 'boolean' ? node.text('label') : '';
  const base: QuestionBase = {
    name,
    target: cell?.target ?? [name],
    path: node.place.path,
    // How many entries there are is asked in a sentence of its own.
    stem: cell?.target.length === 0 ? '' : around.stem,
    title: node.text('title') || label || node.word('name') || name,
    description: node.text('description'),
    isRequired: node.boolean('isRequired', false),
    requiredIf: node.conditions('requiredIf'),
    visibleIf: [...around.visibleIf, ...node.conditions()],
    enableIf: [...around.enableIf, ...node.conditions('enableIf')],
    defaultValue: node.answer('defaultValue'),
    checks: [],
  };
  switch (type) {
    case 'text':
    case 'comment':
      return [importTextQuestion(type, base, node, context)];
    case 'slider':
      return slider(base, node, context);
    default: {
      const { checks } = readValidators(
        node,
        type === 'checkbox' || type === 'tagbox' ? ['answercount'] : [],
        context,
      );
      return [choiceQuestion(type, { ...base, checks }, node, context)];
    }
  }
}

function choiceQuestion(
  type: Exclude<QuestionClass, 'text' | 'comment' | 'slider'>,
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
  const own = [...readOptions(node, 'choices', context), ...numbered(node), ...carriedForward(node, context)];
  const order = node.word('choicesOrder') ?? 'none';
  if (!['none', 'asc', 'desc', 'random'].includes(order))
    context.problems.invalid(
      node.placeOf('choicesOrder'),
      `must be none, asc, desc or random, not ${quote(order)}`,
    );
  const plain = own.filter(({ role }) => role === 'plain');
  if (order === 'asc' || order === 'desc')
    plain.sort((a, b) => compareTexts(a, b) * (order === 'asc' ? 1 : -1));
  const options = [
    ...plain,
    ...own.filter(({ role }) => role !== 'plain'),
    ...specialOptions(node, own, context),
  ];
  if (options.length === 0) context.problems.invalid(node.place, 'it has no choices');
  return {
    options,
    optionOrder: order === 'random' ? 'random' : 'as-listed',
    isOrdinal: isOrdinalScale(options),
  };
}

function compareTexts(a: Option, b: Option): number {
  return a.text.localeCompare(b.text, 'en', { numeric: true });
}

/** A dropdown's `choicesMin` to `choicesMax`. */
function numbered(node: SurveyNode): Option[] {
  const min = node.number('choicesMin');
  const max = node.number('choicesMax');
  if (min === null || max === null) return [];
  const step = node.number('choicesStep') ?? 1;
  const count = Math.min(Math.max(Math.floor((max - min) / step) + 1, 0), 2_000);
  return Array.from({ length: count }, (_, index) => plainOption(min + index * step));
}

/** The options of an earlier question: all of them, or those that were or were not chosen there. */
function carriedForward(node: SurveyNode, context: ReadContext): Option[] {
  const from = node.word('choicesFromQuestion');
  if (from === null || from === '') return [];
  const source = context.sources.get(from.toLowerCase());
  if (source === undefined) {
    context.problems.unsupported(
      node.placeOf('choicesFromQuestion'),
      `the options of ${quote(from)} cannot be taken over: it must be an earlier question with a list of choices`,
    );
    return [];
  }
  const mode = node.word('choicesFromQuestionMode') ?? 'all';
  return source.options.map((option) => {
    if (mode === 'all') return option;
    const chosen = `{${from}} ${source.isSeveral ? 'contains' : '='} ${expressionLiteral(option.value)}`;
    const condition = mode === 'selected' ? chosen : `!(${chosen})`;
    return { ...option, visibleIf: [...option.visibleIf, condition] };
  });
}

function plainOption(value: number): Option {
  return { value, text: String(value), visibleIf: [], role: 'plain', isExclusive: false };
}

function multipleChoice(base: QuestionBase, node: SurveyNode, context: ReadContext): Question {
  const own = choices(node, context);
  return {
    ...base,
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

function slider(base: QuestionBase, node: SurveyNode, context: ReadContext): Question[] {
  const type = node.word('sliderType') ?? 'single';
  if (type !== 'range') return [importNumberQuestion(base, node, context, true)];
  const { name, target } = base;
  const [from, to] = [`${name}.from`, `${name}.to`];
  const preset = Array.isArray(base.defaultValue) ? (base.defaultValue as readonly number[]) : null;
  context.names.add({ key: from, page: node.page, pipesText: true });
  context.names.add({ key: to, page: node.page, pipesText: true });
  return [
    importNumberQuestion(
      {
        ...base,
        name: from,
        target: [...target, 0],
        stem: base.title,
        title: 'From',
        defaultValue: preset?.[0] ?? null,
      },
      node,
      context,
      true,
    ),
    importNumberQuestion(
      {
        ...base,
        name: to,
        target: [...target, 1],
        stem: base.title,
        title: 'To',
        defaultValue: preset?.[1] ?? null,
        checks: [{ expression: `{${name}[1]} >= {${name}[0]}`, message: 'it must not be below "From"' }],
      },
      node,
      context,
      true,
    ),
  ];
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
