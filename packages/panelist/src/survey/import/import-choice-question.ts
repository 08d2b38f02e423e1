import { Model, type QuestionRatingModel, surveyLocalization } from 'survey-core';
import 'survey-core/survey.i18n';
import { quote } from '@panelist/toolkit';
import { isScalar, type Option, type Question, type QuestionBase } from '../questionnaire.ts';
import { choices, saidLevel } from './question-options.ts';
import type { AskedType } from './raw-survey.ts';
import { readOptions } from './read-options.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
import { readValidators } from './validators.ts';

/** A question of one or several options. */
export function choiceQuestion(
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
        ...saidLevel(node, context),
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
        ...saidLevel(node, context),
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
  // SurveyJS uses `rateCount` only together with one end of the scale.
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
