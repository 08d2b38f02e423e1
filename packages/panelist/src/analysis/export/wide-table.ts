import type { Answer, Interview } from '../../survey/answer.ts';
import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { surveyWords } from '../survey-words.ts';
import { statusMeanings } from './answer-statuses.ts';
import { type ExportTable, type Field, tableOf } from './export-table.ts';
import { indicatorColumns } from './indicator-columns.ts';
import type { SurveyScan } from './survey-scan.ts';

interface WideRow {
  readonly result: SurveyResult;
  readonly answers: ReadonlyMap<string, Answer>;
}

/**
 * A row an interview: `respondent_id`, `replicate`, `weight`, `persona.<column>` …, for each question its recorded
 * value under its name and what became of it under `<name>.status` (with `indicators` also `indicatorColumns`), computed values, `requested_model`,
 * `returned_models`, and `synthetic`, which is true in every row.
 */
export function wideTable(
  questionnaire: Questionnaire,
  scan: SurveyScan,
  { indicators = false }: { readonly indicators?: boolean | undefined } = {},
): ExportTable {
  const words = surveyWords(questionnaire);
  const fields: Field<WideRow>[] = [
    ...identityFields<WideRow>(({ result }) => result),
    ...personaFields<WideRow>(scan, ({ result }) => result),
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
        description: `What became of ${question.name}: ${statusMeanings}.`,
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
        description: computedDescription(questionnaire, name),
        read: ({ result }) => ownValue(result.interview.computed, name),
      };
    }),
    ...modelFields<WideRow>(({ result }) => result.interview),
  ];
  return tableOf(fields, (result) => [
    { result, answers: new Map(result.interview.answers.map((answer) => [answer.question, answer])) },
  ]);
}

/** What every table begins with. */
export function identityFields<Row>(resultOf: (row: Row) => SurveyResult): Field<Row>[] {
  return [
    {
      name: 'respondent_id',
      type: 'text',
      description: 'The synthetic respondent.',
      read: (row) => resultOf(row).respondent.id,
    },
    {
      name: 'replicate',
      type: 'integer',
      description: "Which of the respondent's interviews it is: 0 for the first.",
      read: (row) => resultOf(row).replicate,
    },
    {
      name: 'weight',
      type: 'number',
      description: 'Of the respondent, relative to the others; 1 where the audience has none.',
      read: (row) => resultOf(row).weight,
    },
  ];
}

/** `persona.<column>` of every column that occurs. */
export function personaFields<Row>(
  { personaColumns }: Pick<SurveyScan, 'personaColumns'>,
  resultOf: (row: Row) => SurveyResult,
): Field<Row>[] {
  return personaColumns.map((column) => ({
    name: `persona.${column}`,
    type: 'text',
    description: 'Of the persona, as the audience file has it.',
    read: (row) => {
      const { persona } = resultOf(row).respondent;
      return Object.hasOwn(persona, column) ? (persona[column] as string) : null;
    },
  }));
}

/** What every table of answers ends with. */
export function modelFields<Row>(interviewOf: (row: Row) => Interview): Field<Row>[] {
  return [
    {
      name: 'requested_model',
      type: 'text',
      description: 'The model that was asked for.',
      read: (row) => interviewOf(row).requestedModel,
    },
    {
      name: 'returned_models',
      type: 'texts',
      description:
        'The models that the provider says answered the interview, in the order of their first reply.',
      read: (row) => [...new Set(interviewOf(row).calls.map(({ returnedModel }) => returnedModel))],
    },
    syntheticField(),
  ];
}

export function syntheticField<Row>(): Field<Row> {
  return {
    name: 'synthetic',
    type: 'boolean',
    description: 'Always true: a language model played the respondent.',
    read: () => true,
  };
}

function ownValue(values: Interview['computed'], name: string): Interview['computed'][string] | null {
  return Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

function computedDescription({ computed }: Questionnaire, name: string): string {
  const expression = computed.find((value) => value.name === name)?.expression;
  return expression === undefined ? 'Computed from the answers.' : `Computed from the answers: ${expression}`;
}
