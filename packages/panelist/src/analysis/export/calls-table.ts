import type { Messages } from '../../languages/messages.ts';
import type { InterviewCall } from '../../survey/answer.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { type Cell, type ColumnType, type ExportTable, type Field, tableOf } from './export-table.ts';
import { type ColumnTexts, identityFields, syntheticField } from './wide-table.ts';

interface CallRow {
  readonly result: SurveyResult;
  readonly call: InterviewCall;
  readonly index: number;
}

function callFields(columns: ColumnTexts): readonly Field<CallRow>[] {
  return [
    field('call', 'integer', columns.call, ({ index }) => index),
    field('questions', 'texts', columns.questionsOfCall, ({ result: { interview }, index }) =>
      interview.answers.filter(({ calls }) => calls.includes(index)).map(({ question }) => question),
    ),
    field('prompt_hash', 'text', columns.promptHash, ({ call }) => call.promptHash),
    field('requested_model', 'text', columns.requestedModel, ({ result }) => result.interview.requestedModel),
    field('returned_model', 'text', columns.returnedModel, ({ call }) => call.returnedModel),
    field(
      'temperature',
      'number',
      columns.temperature,
      ({ result }) => result.interview.parameters.temperature,
    ),
    field('seed', 'number', columns.seed, ({ result }) => result.interview.parameters.seed),
    field('attempts', 'integer', columns.attempts, ({ call }) => call.attempts),
    field('input_tokens', 'integer', columns.inputTokens, ({ call }) => call.inputTokens),
    field('output_tokens', 'integer', columns.outputTokens, ({ call }) => call.outputTokens),
    field('elapsed_ms', 'number', columns.elapsedMs, ({ call }) => call.elapsedMs),
  ];
}

/**
 * One row per request to the model. Attempts and times can differ between two runs with the same answers, so they are
 * only in this export.
 */
export function callsTable({ columns }: Pick<Messages, 'columns'>): ExportTable {
  return tableOf(
    [
      ...identityFields<CallRow>(({ result }) => result, columns),
      ...callFields(columns),
      syntheticField(columns),
    ],
    (result) => result.interview.calls.map((call, index) => ({ result, call, index })),
  );
}

function field(
  name: string,
  type: ColumnType,
  description: string,
  read: (row: CallRow) => Cell,
): Field<CallRow> {
  return { name, type, description, read };
}
