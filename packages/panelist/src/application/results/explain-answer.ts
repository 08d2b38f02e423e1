import { quote, type TaskRecord } from '@panelist/toolkit';
import { fullTitle, surveyWords } from '../../analysis/survey-words.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { Answer, AnswerStatus, AnswerValue, Interview, InterviewCall } from '../../survey/answer.ts';
import { type OptionValue, type Question, questionsOf } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import type { RespondentItem } from '../../survey/survey-task.ts';
import { bounded } from '../../text/shortened.ts';
import type { Workspace } from '../open-workspace.ts';
import { surveyParams } from '../surveys/answer-files.ts';
import { type SentPrompt, sentPrompts } from '../surveys/sent-prompt.ts';
import { failureCode } from './failure-groups.ts';

/** A prompt or reply is shown up to here; what is beyond is rather a file than a prompt. */
const LONGEST_TEXT_CHARS = 200_000;

/** One call that asked the question. */
export interface ExplainedCall extends InterviewCall {
  /**
   * The request as it was sent, with the hash that the interview recorded: it was computed again and is the same. `null`
   * where the request cannot be shown; `promptProblem` says why.
   */
  readonly prompt: {
    /** Whether the request was stored with its reply; else it was made again from the survey. */
    readonly isStored: boolean;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    /** JSON; `null` for a request without one. */
    readonly replySchema: string | null;
    readonly temperature: number | null;
    readonly seed: number | null;
    /** All that the model said. */
    readonly reply: string;
  } | null;
}

export interface AnswerExplanation {
  readonly taskId: string;
  readonly key: string;
  readonly respondentId: string;
  readonly replicate: number;
  /** Of the interview in the task, from 0, of how many; and the keys of those before and after it. */
  readonly position: number;
  readonly total: number;
  readonly previous: string | null;
  readonly next: string | null;
  readonly persona: Readonly<Record<string, string>>;
  readonly weight: number;
  readonly question: { readonly name: string; readonly title: string; readonly kind: Question['kind'] };
  /** `pending` for an interview that hasn't been held. */
  readonly status: AnswerStatus | 'pending';
  readonly value: AnswerValue | null;
  /** The value as people read it: options by their texts. */
  readonly text: string;
  /** What the model said for this question, as it stood in its reply. */
  readonly raw: string | null;
  readonly repairs: readonly string[];
  /** In the order in which they were displayed; `null` when it wasn't asked, or has no options. */
  readonly shownOptions: readonly { readonly value: OptionValue; readonly text: string }[] | null;
  /** Why the answer is invalid or failed. */
  readonly problem: string | null;
  /** The cause of a failed interview. */
  readonly failureCode: string | null;
  /** Those that asked the question: none when it was skipped, two when it was asked again. */
  readonly calls: readonly ExplainedCall[];
  readonly promptProblem: string | null;
}

/**
 * How one answer came about.
 *
 * @param key of the interview: the respondent's id; with `#2` behind it, the second replicate
 * @throws PanelistError `USAGE` for who or what is not in the survey; `ROW_INVALID`
 */
export async function explainAnswer(
  workspace: Pick<Workspace, 'tasks' | 'storedReplies' | 'storedCall'>,
  task: TaskRecord,
  key: string,
  questionName: string,
): Promise<AnswerExplanation> {
  const { questionnaire } = surveyParams(task);
  const question = questionsOf(questionnaire).find(({ name }) => name === questionName);
  if (question === undefined) throw usage(`There is no question ${quote(questionName)}.`);
  const { store } = workspace.tasks;
  const record = await store.item(task.taskId, key);
  if (record === undefined) throw usage(`There is no interview ${quote(key)} in task ${task.taskId}.`);
  const item = SURVEY.item(task.taskId, record);
  const { position } = record;
  const around = await store.items(task.taskId, { after: Math.max(-1, position - 2), limit: 3 });
  const keyAt = (at: number): string | null =>
    around.entries.find((each) => each.position === at)?.key ?? null;
  const base = {
    ...{ taskId: task.taskId, key, position, total: task.totalCount },
    ...{ previous: keyAt(position - 1), next: keyAt(position + 1) },
    ...personOf(item.input),
    question: {
      name: question.name,
      kind: question.kind,
      title: fullTitle(question, surveyWords(questionnaire)),
    },
  };
  if (item.status === 'pending') return { ...base, ...nothing, status: 'pending' };
  if (item.status === 'failed') {
    const { error } = item.result;
    return { ...base, ...nothing, status: 'failed', problem: error.message, failureCode: failureCode(error) };
  }
  const answer = item.result.answers.find((each) => each.question === question.name);
  if (answer === undefined) return { ...base, ...nothing, status: 'skipped' };
  const calls = await callsOf(workspace, task, key, answer, item.result);
  return { ...base, ...nothing, ...answerParts(answer, question), ...calls };
}

const nothing = {
  ...{ value: null, text: '', raw: null, repairs: [], shownOptions: null },
  ...{ problem: null, failureCode: null, calls: [], promptProblem: null },
};

function personOf({ respondentId, replicate, persona, weight }: RespondentItem) {
  return { respondentId, replicate, persona, weight };
}

/** What is shown of an answer itself. */
export function answerParts(
  { status, value, raw, repairs, shownOptions, problem }: Answer,
  question: Question,
) {
  const textOf = (each: OptionValue): string => {
    const option = 'options' in question ? question.options.find(({ value }) => value === each) : undefined;
    return option?.text || String(each);
  };
  return {
    ...{ status, value, repairs, problem },
    text: value === null ? '' : [value].flat().map(textOf).join('; '),
    raw: raw === null ? null : bounded(raw, LONGEST_TEXT_CHARS),
    shownOptions: shownOptions?.map((each) => ({ value: each, text: textOf(each) })) ?? null,
  };
}

async function callsOf(
  workspace: Pick<Workspace, 'tasks' | 'storedReplies' | 'storedCall'>,
  task: TaskRecord,
  key: string,
  answer: Answer,
  interview: Interview,
): Promise<Pick<AnswerExplanation, 'calls' | 'promptProblem'>> {
  const calls = answer.calls.flatMap((call) => interview.calls[call] ?? []);
  if (calls.length === 0) return { calls: [], promptProblem: null };
  try {
    const prompts = await sentPrompts(workspace, task, key, answer.question);
    return {
      calls: calls.map((call, place) => ({ ...call, prompt: shownPrompt(prompts[place]) })),
      promptProblem: null,
    };
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    return { calls: calls.map((call) => ({ ...call, prompt: null })), promptProblem: error.message };
  }
}

/** @param longest characters of each text */
export function shownPrompt(
  sent: Omit<SentPrompt, 'promptHash'> | undefined,
  longest: number = LONGEST_TEXT_CHARS,
): ExplainedCall['prompt'] {
  if (sent === undefined) return null;
  const { request, reply, isMadeAgain } = sent;
  const { messages, replySchema, temperature = null, seed = null } = request;
  return {
    isStored: !isMadeAgain,
    messages: messages.map(({ role, content }) => ({ role, content: bounded(content, longest) })),
    replySchema: replySchema && bounded(JSON.stringify(replySchema.schema, null, 2), longest),
    ...{ temperature, seed },
    reply: bounded(reply, longest),
  };
}

function usage(message: string): PanelistError {
  return new PanelistError('USAGE', message);
}
