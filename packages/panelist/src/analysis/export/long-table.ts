import type { Answer, InterviewCall } from '../../survey/answer.ts';
import { type Question, type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { statusMeanings } from './answer-statuses.ts';
import { type Cell, type ExportTable, type Field, joined, tableOf } from './export-table.ts';
import type { SurveyScan } from './survey-scan.ts';
import { identityFields, personaFields, syntheticField } from './wide-table.ts';

interface LongRow {
  readonly result: SurveyResult;
  readonly answer: Answer;
  readonly question: Question | undefined;
  /** From 1; `null` when not asked. */
  readonly position: number | null;
  readonly calls: readonly InterviewCall[];
}

type LongField = Field<LongRow>;

const answerFields: readonly LongField[] = [
  text('question', 'The name of the question.', ({ answer }) => answer.question),
  text('stem', 'The heading of the grid that it is a cell of.', ({ question }) => question?.stem ?? null),
  text('title', 'What was asked, as the survey file has it.', ({ question }) => question?.title ?? null),
  text('status', `What became of it: ${statusMeanings}.`, ({ answer }) => answer.status),
  text('value', 'What is recorded; several values are joined by "; ".', ({ answer }) => answer.value),
  text('label', 'What the respondent reads for the value.', labelOf),
  list('shown_options', 'Values of the options in the order in which they were shown.', ({ answer }) =>
    answer.shownOptions === null ? null : answer.shownOptions.map(String),
  ),
  whole(
    'asked_position',
    'Its place among the questions that were asked, from 1.',
    ({ position }) => position,
  ),
  text('raw', 'What the model said for it, word for word.', ({ answer }) => answer.raw),
  list(
    'repairs',
    'What was done to make the reply fit; none can change its meaning.',
    ({ answer }) => answer.repairs,
  ),
  text('problem', 'Why it is invalid or failed.', ({ answer }) => answer.problem),
  list('prompt_hashes', 'SHA-256 of each request that asked it; two when it was asked again.', ({ calls }) =>
    calls.map(({ promptHash }) => promptHash),
  ),
  text('requested_model', 'The model that was asked for.', ({ result }) => result.interview.requestedModel),
  list(
    'returned_models',
    'The model that the provider says answered, for each request that asked it.',
    ({ calls }) => calls.map(({ returnedModel }) => returnedModel),
  ),
  whole('input_tokens', tokensOf('Tokens sent'), ({ calls }) => sum(calls, ({ inputTokens }) => inputTokens)),
  whole('output_tokens', tokensOf('Tokens replied'), ({ calls }) =>
    sum(calls, ({ outputTokens }) => outputTokens),
  ),
];

/** A row an answer, whatever became of it: whose it is, what was asked, shown, said and recorded. */
export function longTable(
  questionnaire: Questionnaire,
  scan: Pick<SurveyScan, 'personaColumns'>,
): ExportTable {
  const questions = new Map(questionsOf(questionnaire).map((question) => [question.name, question]));
  return tableOf(
    [
      ...identityFields<LongRow>(({ result }) => result),
      ...personaFields<LongRow>(scan, ({ result }) => result),
      ...answerFields,
      syntheticField(),
    ],
    (result) => {
      const positions = new Map(result.interview.askedOrder.map((name, place) => [name, place + 1]));
      return result.interview.answers.map((answer) => {
        return {
          result,
          answer,
          question: questions.get(answer.question),
          position: positions.get(answer.question) ?? null,
          calls: answer.calls.flatMap((call) => result.interview.calls[call] ?? []),
        };
      });
    },
  );
}

function labelOf({ answer: { value }, question }: LongRow): string | null {
  if (value === null || question === undefined || !('options' in question)) return null;
  const textOf = (one: unknown): string =>
    question.options.find((option) => option.value === one)?.text ?? String(one);
  return typeof value === 'object' ? joined(value.map(textOf)) : textOf(value);
}

function tokensOf(what: string): string {
  return `${what} in the requests that asked it; questions that were asked together share them.`;
}

function sum(calls: readonly InterviewCall[], of: (call: InterviewCall) => number): number | null {
  return calls.length === 0 ? null : calls.reduce((total, call) => total + of(call), 0);
}

function text(name: string, description: string, read: (row: LongRow) => Cell): LongField {
  return { name, type: 'text', description, read };
}

function list(name: string, description: string, read: (row: LongRow) => Cell): LongField {
  return { name, type: 'texts', description, read };
}

function whole(name: string, description: string, read: (row: LongRow) => Cell): LongField {
  return { name, type: 'integer', description, read };
}
