import type { TaskItemRecord, TaskRecord } from '@panelist/toolkit';
import { PanelistError } from '../../../panelist-error.ts';
import type { Answer } from '../../../survey/answer.ts';
import { questionsOf } from '../../../survey/questionnaire.ts';
import { SURVEY } from '../../../survey/stored-survey.ts';
import type { SurveyTaskParams } from '../../../survey/survey-task.ts';
import { printable } from '../../../text/printable.ts';
import { shortened } from '../../../text/shortened.ts';
import type { Workspace } from '../../open-workspace.ts';
import type { GridColumn } from '../answer-grid.ts';
import { personaOf, questionOf } from '../answer-index.ts';
import { type AnswerExplanation, answerParts, type ExplainedCall, shownPrompt } from '../explain-answer.ts';
import { failureCode } from '../failure-groups.ts';

/** Of a cell; the whole text is in the interview. */
const LONGEST_CELL_CHARS = 300;
/** Of a prompt or reply: a bundle holds those of every interview. */
const LONGEST_PROMPT_CHARS = 20_000;

/** A cell of a bundle's grid. Members are left out where they say nothing. */
export interface BundleCell {
  /** The answer's status; absent where it was answered, and for a persona's value. */
  readonly s?: string;
  /** What is shown. */
  readonly t?: string;
  /** Of a question with options: the places of those that were chosen. */
  readonly o?: readonly number[];
}

export interface BundleRow {
  readonly key: string;
  readonly state: string;
  readonly problem: string | null;
  /** One for each column of the bundle. */
  readonly cells: readonly (BundleCell | null)[];
}

/** Why a bundle has not all prompts of an interview: it was written without, or the database has no such reply any more. */
export type MissingPrompts = 'left-out' | 'not-stored';

/** All that a bundle knows of one interview. */
export interface BundleInterview
  extends Pick<AnswerExplanation, 'respondentId' | 'replicate' | 'weight' | 'failureCode'> {
  readonly key: string;
  readonly state: 'pending' | 'succeeded' | 'failed' | 'damaged';
  readonly problem: string | null;
  /** As pairs: a column may have any name. */
  readonly persona: readonly (readonly [name: string, value: string])[];
  readonly answers: readonly (ReturnType<typeof answerParts> & {
    readonly question: string;
    /** Which of the calls asked it. */
    readonly calls: readonly number[];
  })[];
  readonly calls: readonly ExplainedCall[];
  readonly promptProblem: MissingPrompts | null;
}

/** One row of the grid. */
export function bundleRow(
  { taskId }: Pick<TaskRecord, 'taskId'>,
  record: TaskItemRecord,
  columns: readonly GridColumn[],
): BundleRow {
  const { key } = record;
  try {
    const item = SURVEY.item(taskId, record);
    const answers = new Map(
      item.status === 'succeeded' ? item.result.answers.map((each) => [each.question, each]) : [],
    );
    const cells = columns.map((column): BundleCell | null => {
      const name = questionOf(column.id);
      if (name === undefined) {
        const persona = personaOf(column.id) ?? '';
        return Object.hasOwn(item.input.persona, persona)
          ? cell(item.input.persona[persona] as string)
          : null;
      }
      if (item.status === 'failed') return { s: 'failed' };
      const answer = answers.get(name);
      return answer === undefined ? null : answerCell(answer, column);
    });
    const problem = item.status === 'failed' ? shown(item.result.error.message) : null;
    return { key, state: item.status, problem, cells };
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    return { key, state: 'damaged', problem: shown(error.message), cells: columns.map(() => null) };
  }
}

function answerCell({ status, value }: Answer, { options }: GridColumn): BundleCell {
  const values = value === null ? [] : [value].flat().map(String);
  const places = values.map((each) => options?.findIndex((option) => option.value === each) ?? -1);
  const texts = values.map((each, index) => options?.[places[index] as number]?.text ?? each);
  return {
    ...(status !== 'answered' && { s: status }),
    ...cell(texts.join('; ')),
    ...(options !== null && values.length > 0 && { o: places }),
  };
}

function cell(text: string): BundleCell {
  return text === '' ? {} : { t: shown(text) };
}

/** One interview with its answers and calls. @param hasPrompts whether what was sent and replied is part of it */
export async function bundleInterview(
  workspace: Pick<Workspace, 'storedCall'>,
  { taskId }: Pick<TaskRecord, 'taskId'>,
  record: TaskItemRecord,
  params: SurveyTaskParams,
  { hasPrompts }: { readonly hasPrompts: boolean },
): Promise<BundleInterview> {
  const { key } = record;
  const empty = { failureCode: null, promptProblem: null, problem: null, answers: [], calls: [] };
  try {
    const item = SURVEY.item(taskId, record);
    const { respondentId, replicate, weight, persona } = item.input;
    const base = {
      ...empty,
      key,
      state: item.status,
      respondentId,
      replicate,
      weight,
      persona: Object.entries(persona),
    };
    if (item.status === 'pending') return base;
    if (item.status === 'failed') {
      const { error } = item.result;
      return { ...base, problem: shown(error.message), failureCode: failureCode(error) };
    }
    const questions = new Map(questionsOf(params.questionnaire).map((question) => [question.name, question]));
    const answers = item.result.answers.flatMap((answer) => {
      const question = questions.get(answer.question);
      if (question === undefined) return [];
      const parts = answerParts(answer, question);
      return [
        {
          ...parts,
          raw: parts.raw && shortened(parts.raw, LONGEST_PROMPT_CHARS),
          question: answer.question,
          calls: answer.calls,
        },
      ];
    });
    const calls: ExplainedCall[] = [];
    for (const call of item.result.calls) {
      const stored = hasPrompts ? await workspace.storedCall(params, call.promptHash) : undefined;
      const request = stored?.request;
      const prompt =
        request == null || stored === undefined
          ? null
          : shownPrompt({ request, reply: stored.reply.text, isMadeAgain: false }, LONGEST_PROMPT_CHARS);
      calls.push({ ...call, prompt });
    }
    const lacksPrompts = calls.some(({ prompt }) => prompt === null);
    const reason = hasPrompts ? 'not-stored' : 'left-out';
    return { ...base, answers, calls, promptProblem: lacksPrompts ? reason : null };
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    return {
      ...empty,
      ...{ key, state: 'damaged', respondentId: key, replicate: 0, weight: 1, persona: [] },
      problem: shown(error.message),
    };
  }
}

function shown(text: string): string {
  return printable(shortened(text, LONGEST_CELL_CHARS));
}
