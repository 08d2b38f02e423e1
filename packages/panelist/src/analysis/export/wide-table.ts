import type { Messages } from '../../languages/messages.ts';
import type { Answer, Interview } from '../../survey/answer.ts';
import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { statusMeanings } from '../status-words.ts';
import { surveyWords } from '../survey-words.ts';
import { type ExportTable, type Field, tableOf } from './export-table.ts';
import { indicatorColumns } from './indicator-columns.ts';
import type { SurveyScan } from './survey-scan.ts';

/** Descriptions of columns in the survey's language. */
export type ColumnTexts = Messages['columns'];

interface WideRow {
  readonly result: SurveyResult;
  readonly answers: ReadonlyMap<string, Answer>;
}

/**
 * One row per interview: `respondent_id`, `replicate`, `weight`, `persona.<column>` …, for each question its recorded
 * value under its name and its status under `<name>.status` (with `indicators` also `indicatorColumns`), computed values,
 * `requested_model`, `returned_models`, and `synthetic`, which is true in every row.
 */
export function wideTable(
  questionnaire: Questionnaire,
  scan: SurveyScan,
  { indicators = false }: { readonly indicators?: boolean | undefined } = {},
): ExportTable {
  const words = surveyWords(questionnaire);
  const { columns } = words.messages;
  const meanings = statusMeanings(words.messages);
  const fields: Field<WideRow>[] = [
    ...identityFields<WideRow>(({ result }) => result, columns),
    ...personaFields<WideRow>(scan, ({ result }) => result, columns),
    ...questionsOf(questionnaire).flatMap((question): Field<WideRow>[] => [
      {
        name: question.name,
        type: scan.typeOf(question.name),
        description: '',
        question,
        read: ({ answers }) => answers.get(question.name)?.value ?? null,
      },
      {
        name: `${question.name}.status`,
        type: 'text',
        description: columns.statusOf(question.name, meanings),
        read: ({ answers }) => answers.get(question.name)?.status ?? null,
      },
      ...(indicators
        ? indicatorColumns<WideRow>(question, ({ answers }) => answers.get(question.name), words)
        : []),
    ]),
    ...scan.computedNames.map((name): Field<WideRow> => {
      return {
        name,
        type: scan.typeOf(name),
        description: computedDescription(questionnaire, name, columns),
        read: ({ result }) => ownValue(result.interview.computed, name),
      };
    }),
    ...modelFields<WideRow>(({ result }) => result.interview, columns),
  ];
  return tableOf(fields, (result) => [
    { result, answers: new Map(result.interview.answers.map((answer) => [answer.question, answer])) },
  ]);
}

/** The first columns of every table. */
export function identityFields<Row>(
  resultOf: (row: Row) => SurveyResult,
  columns: ColumnTexts,
): Field<Row>[] {
  return [
    {
      name: 'respondent_id',
      type: 'text',
      description: columns.respondentId,
      read: (row) => resultOf(row).respondent.id,
    },
    {
      name: 'replicate',
      type: 'integer',
      description: columns.replicate,
      read: (row) => resultOf(row).replicate,
    },
    {
      name: 'weight',
      type: 'number',
      description: columns.weight,
      read: (row) => resultOf(row).weight,
    },
  ];
}

/** One column `persona.<column>` for each persona column that occurs. */
export function personaFields<Row>(
  { personaColumns }: Pick<SurveyScan, 'personaColumns'>,
  resultOf: (row: Row) => SurveyResult,
  columns: ColumnTexts,
): Field<Row>[] {
  return personaColumns.map((column) => ({
    name: `persona.${column}`,
    type: 'text',
    description: columns.persona,
    read: (row) => {
      const { persona } = resultOf(row).respondent;
      return Object.hasOwn(persona, column) ? (persona[column] as string) : null;
    },
  }));
}

/** The last columns of every table of answers. */
export function modelFields<Row>(interviewOf: (row: Row) => Interview, columns: ColumnTexts): Field<Row>[] {
  return [
    {
      name: 'requested_model',
      type: 'text',
      description: columns.requestedModel,
      read: (row) => interviewOf(row).requestedModel,
    },
    {
      name: 'returned_models',
      type: 'texts',
      description: columns.returnedModels,
      read: (row) => [...new Set(interviewOf(row).calls.map(({ returnedModel }) => returnedModel))],
    },
    syntheticField(columns),
  ];
}

export function syntheticField<Row>({ synthetic }: ColumnTexts): Field<Row> {
  return {
    name: 'synthetic',
    type: 'boolean',
    description: synthetic,
    read: () => true,
  };
}

function ownValue(values: Interview['computed'], name: string): Interview['computed'][string] | null {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

function computedDescription(
  { computed, triggers = [] }: Questionnaire,
  name: string,
  columns: ColumnTexts,
): string {
  const expression = computed.find((value) => value.name === name)?.expression;
  if (expression !== undefined) return columns.computedBy(expression);
  const conditions = triggers.flatMap((trigger) =>
    'name' in trigger && trigger.name === name ? [trigger.expression] : [],
  );
  return conditions.length === 0 ? columns.computed : columns.triggeredBy(conditions.join('; '));
}
