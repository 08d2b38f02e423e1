import { type Messages, messagesFor } from '../../languages/messages.ts';
import type { Answer, InterviewCall } from '../../survey/answer.ts';
import { type Question, type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { statusMeanings } from '../status-words.ts';
import { type Cell, type ExportTable, type Field, joined, tableOf } from './export-table.ts';
import type { SurveyScan } from './survey-scan.ts';
import { identityFields, personaFields, syntheticField } from './wide-table.ts';

interface LongRow {
  readonly result: SurveyResult;
  readonly answer: Answer;
  readonly question: Question | undefined;
  /** Position among the questions that were asked, from 1; `null` if the question was not asked. */
  readonly position: number | null;
  readonly calls: readonly InterviewCall[];
}

type LongField = Field<LongRow>;

function answerFields(messages: Messages): readonly LongField[] {
  const { columns } = messages;
  return [
    text('question', columns.question, ({ answer }) => answer.question),
    text('stem', columns.stem, ({ question }) => question?.stem ?? null),
    text('title', columns.title, ({ question }) => question?.title ?? null),
    text('status', columns.status(statusMeanings(messages)), ({ answer }) => answer.status),
    text('value', columns.value, ({ answer }) => answer.value),
    text('label', columns.label, labelOf),
    list('shown_options', columns.shownOptions, ({ answer }) =>
      answer.shownOptions === null ? null : answer.shownOptions.map(String),
    ),
    whole('asked_position', columns.askedPosition, ({ position }) => position),
    text('raw', columns.raw, ({ answer }) => answer.raw),
    list('repairs', columns.repairs, ({ answer }) => answer.repairs),
    text('problem', columns.problem, ({ answer }) => answer.problem),
    list('prompt_hashes', columns.promptHashes, ({ calls }) => calls.map(({ promptHash }) => promptHash)),
    text('requested_model', columns.requestedModel, ({ result }) => result.interview.requestedModel),
    list('returned_models', columns.returnedModelsOfAnswer, ({ calls }) =>
      calls.map(({ returnedModel }) => returnedModel),
    ),
    whole('input_tokens', columns.inputTokensOfAnswer, ({ calls }) =>
      sum(calls, ({ inputTokens }) => inputTokens),
    ),
    whole('output_tokens', columns.outputTokensOfAnswer, ({ calls }) =>
      sum(calls, ({ outputTokens }) => outputTokens),
    ),
  ];
}

/**
 * One row per answer of any status: the respondent, the question, the displayed options, the raw and the recorded
 * answer.
 */
export function longTable(
  questionnaire: Questionnaire,
  scan: Pick<SurveyScan, 'personaColumns'>,
): ExportTable {
  const messages = messagesFor(questionnaire.locale);
  const { columns } = messages;
  const questions = new Map(questionsOf(questionnaire).map((question) => [question.name, question]));
  return tableOf(
    [
      ...identityFields<LongRow>(({ result }) => result, columns),
      ...personaFields<LongRow>(scan, ({ result }) => result, columns),
      ...answerFields(messages),
      syntheticField(columns),
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
