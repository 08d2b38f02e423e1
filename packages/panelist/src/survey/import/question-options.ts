import { Helpers } from 'survey-core';
import 'survey-core/survey.i18n';
import { quote } from '@panelist/toolkit';
import type { Expression, MeasurementLevel, Option, RankingQuestion } from '../questionnaire.ts';
import { isOrdinalScale } from './ordinal-scale.ts';
import { forAll, maxOptions, readOptions } from './read-options.ts';
import { expressionLiteral } from './references.ts';
import { specialOptions } from './special-options.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';

type Choices = Pick<RankingQuestion, 'options' | 'optionOrder' | 'isOrdinal' | 'measurementLevel'>;

/** The options of a question with its order, as the file lists or generates them. */
export function choices(node: SurveyNode, context: ReadContext): Choices {
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
      { lacksChoices: true },
    );
  return {
    options,
    optionOrder: order === 'random' ? 'random' : 'as-listed',
    isOrdinal: isOrdinalScale(options),
    ...saidLevel(node, context),
  };
}

/** Panelist's own property `measurementLevel`, which SurveyJS ignores; nothing where the author does not say. */
export function saidLevel(
  node: SurveyNode,
  { problems }: ReadContext,
): { readonly measurementLevel?: MeasurementLevel } {
  const level = node.word('measurementLevel');
  if (level === 'nominal' || level === 'ordinal') return { measurementLevel: level };
  if (level !== null)
    problems.invalid(node.placeOf('measurementLevel'), `must be nominal or ordinal, not ${quote(level)}`);
  return {};
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
