import 'survey-core/survey.i18n';
import { quote } from '@panelist/toolkit';
import { interviewTextsFor } from '../../languages/messages.ts';
import { kindOf } from '../question-kinds/index.ts';
import type { Expression, NumberQuestion, OptionValue, Question, QuestionBase } from '../questionnaire.ts';
import type { Cell } from './cells.ts';
import { choiceQuestion } from './import-choice-question.ts';
import { importNumberQuestion, importTextQuestion } from './import-text-question.ts';
import type { AskedType } from './raw-survey.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
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
