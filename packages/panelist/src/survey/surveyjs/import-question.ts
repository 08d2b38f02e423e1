import { Model, type QuestionRatingModel, surveyLocalization } from 'survey-core';
import 'survey-core/survey.i18n';
import { quote } from '@panelist/toolkit';
import type { Option, Question } from '../questionnaire.ts';
import { readOptions } from './choices.ts';
import { importTextQuestion } from './import-text-question.ts';
import { isScalar, type ReadContext, type SurveyNode } from './survey-node.ts';
import type { QuestionClass } from './surveyjs-properties.ts';
import { readValidators } from './validators.ts';

type QuestionBase = Pick<Question, 'name' | 'path' | 'title' | 'description' | 'isRequired' | 'visibleIf'>;

/** Characters of a question's name. */
const maxName = 200;

/** One SurveyJS question → one of ours. `around` are the conditions of the panels that it is in. */
export function importQuestion(
  type: QuestionClass,
  node: SurveyNode,
  around: readonly string[],
  context: ReadContext,
): Question {
  const name = node.word('valueName') || node.word('name') || '';
  if (name.trim() === '') context.problems.invalid(node.place, 'it has no name');
  if (name.length > maxName)
    context.problems.invalid(
      node.place,
      `its name has ${name.length} characters; at most ${maxName} can be used`,
    );
  const label = type === 'boolean' ? node.text('label') : '';
  const base: QuestionBase = {
    name,
    path: node.place.path,
    title: node.text('title') || label || node.word('name') || name,
    description: node.text('description'),
    isRequired: node.boolean('isRequired', false),
    visibleIf: [...around, ...node.conditions()],
  };
  // Those that take some read them themselves.
  if (type !== 'text' && type !== 'comment' && type !== 'checkbox') readValidators(node, [], context);
  switch (type) {
    case 'radiogroup':
    case 'dropdown':
      return { ...base, kind: 'single-choice', options: choices(node, context) };
    case 'checkbox':
      return multipleChoice(base, node, context);
    case 'rating':
      return {
        ...base,
        kind: 'rating',
        options: ratingPoints(node, context),
        minDescription: node.text('minRateDescription'),
        maxDescription: node.text('maxRateDescription'),
      };
    case 'boolean':
      return { ...base, kind: 'single-choice', options: yesAndNo(node, context) };
    case 'text':
    case 'comment':
      return importTextQuestion(type, base, node, context);
  }
}

function choices(node: SurveyNode, context: ReadContext): readonly Option[] {
  const options = readOptions(node, 'choices', context);
  if (options.length === 0) context.problems.invalid(node.place, 'it has no choices');
  return options;
}

function multipleChoice(base: QuestionBase, node: SurveyNode, context: ReadContext): Question {
  const options = choices(node, context);
  const { minCount, maxCount } = readValidators(node, ['answercount'], context);
  const minSelected = Math.max(node.count('minSelectedChoices') ?? 0, minCount, base.isRequired ? 1 : 0);
  const maxSelected = Math.min(node.count('maxSelectedChoices') ?? options.length, maxCount, options.length);
  if (minSelected > maxSelected && options.length > 0)
    context.problems.invalid(
      node.place,
      `at least ${minSelected} and at most ${maxSelected} choices cannot both be`,
    );
  return { ...base, kind: 'multiple-choice', options, minSelected, maxSelected };
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
  return points.map((value) => ({ value, text: String(value) }));
}

function yesAndNo(node: SurveyNode, { language }: ReadContext): readonly Option[] {
  const label = (key: string): string => surveyLocalization.getString(key, language.locale);
  return [
    { value: node.scalar('valueTrue') ?? true, text: node.text('labelTrue') || label('booleanCheckedLabel') },
    {
      value: node.scalar('valueFalse') ?? false,
      text: node.text('labelFalse') || label('booleanUncheckedLabel'),
    },
  ];
}
