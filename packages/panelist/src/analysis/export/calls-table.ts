import type { InterviewCall } from '../../survey/answer.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { type Cell, type ColumnType, type ExportTable, type Field, tableOf } from './export-table.ts';
import { identityFields, syntheticField } from './wide-table.ts';

interface CallRow {
  readonly result: SurveyResult;
  readonly call: InterviewCall;
  readonly index: number;
}

const callFields: readonly Field<CallRow>[] = [
  field('call', 'integer', 'Its place among the requests of the interview, from 0.', ({ index }) => index),
  field('questions', 'texts', 'What it asked.', ({ result: { interview }, index }) =>
    interview.answers.filter(({ calls }) => calls.includes(index)).map(({ question }) => question),
  ),
  field('prompt_hash', 'text', 'SHA-256 of all that determines the reply.', ({ call }) => call.promptHash),
  field(
    'requested_model',
    'text',
    'The model that was asked for.',
    ({ result }) => result.interview.requestedModel,
  ),
  field(
    'returned_model',
    'text',
    'The model that the provider says answered.',
    ({ call }) => call.returnedModel,
  ),
  field(
    'temperature',
    'number',
    "As it was sent; empty for the provider's own.",
    ({ result }) => result.interview.parameters.temperature,
  ),
  field(
    'seed',
    'number',
    'As it was sent; empty for none.',
    ({ result }) => result.interview.parameters.seed,
  ),
  field(
    'attempts',
    'integer',
    'Requests that it took, refused and failed ones included.',
    ({ call }) => call.attempts,
  ),
  field('input_tokens', 'integer', 'Tokens sent.', ({ call }) => call.inputTokens),
  field('output_tokens', 'integer', 'Tokens replied.', ({ call }) => call.outputTokens),
  field('elapsed_ms', 'number', 'Milliseconds of the successful attempt.', ({ call }) => call.elapsedMs),
];

/**
 * A row a request to the model. Its attempts and times are what happened, and so differ between two runs that gave
 * the same answers: they are in this export and in no other.
 */
export function callsTable(): ExportTable {
  return tableOf(
    [...identityFields<CallRow>(({ result }) => result), ...callFields, syntheticField()],
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
