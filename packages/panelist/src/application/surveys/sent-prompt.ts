import type { TaskRecord } from '@panelist/toolkit';
import type { ChatModel, ChatRequest } from '../../models/chat-model.ts';
import { hashOf, requestHash } from '../../models/replies/request-hash.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { Interview } from '../../survey/answer.ts';
import { questionsOf } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { holdInterview } from '../../survey/survey-job.ts';
import type { RespondentItem, SurveyTaskParams } from '../../survey/survey-task.ts';
import type { Workspace } from '../open-workspace.ts';
import { surveyParams } from './answer-files.ts';

/** One request of an interview as it was sent, and what was replied. */
export interface SentPrompt {
  readonly promptHash: string;
  readonly request: ChatRequest;
  readonly reply: string;
  /** Whether no request is stored with the reply, so that it was made again; its hash is that of the one sent. */
  readonly isMadeAgain: boolean;
}

/**
 * The requests that asked one respondent one question, in their order: one, or two where it was asked again. Each is
 * stored with its reply, under the hash that the interview recorded.
 *
 * @param interviewKey the respondent's id; with `#2` behind it, the second replicate
 * @throws PanelistError `USAGE` for who or what is not in the survey, was not asked, or cannot be made again; `ROW_INVALID`
 */
export async function sentPrompts(
  workspace: Pick<Workspace, 'tasks' | 'storedReplies' | 'storedCall'>,
  task: TaskRecord,
  interviewKey: string,
  question: string,
): Promise<readonly SentPrompt[]> {
  const params = surveyParams(task);
  const names = questionsOf(params.questionnaire).map(({ name }) => name);
  if (!names.includes(question))
    throw refuse(`There is no question ${q(question)}. There are: ${list(names)}.`);
  const record = await workspace.tasks.store.item(task.taskId, interviewKey);
  if (record === undefined)
    throw refuse(
      `There is no respondent ${q(interviewKey)} in task ${task.taskId}; replicates are called "id#2".`,
    );
  const item = SURVEY.item(task.taskId, record);
  if (item.status !== 'succeeded')
    throw refuse(`${q(interviewKey)} has no finished interview (${item.status}).`);
  const { input, result: recorded } = item;
  const answer = recorded.answers.find((each) => each.question === question);
  if (answer === undefined || answer.calls.length === 0)
    throw refuse(`${q(interviewKey)} was not asked ${q(question)}: ${answer?.status ?? 'skipped'}.`);

  const hashes = answer.calls.map((call) => recorded.calls[call]?.promptHash ?? '');
  const stored: SentPrompt[] = [];
  for (const promptHash of hashes) {
    const call = await workspace.storedCall(params, promptHash);
    if (call === undefined || call.request === null)
      return madeAgain(workspace, params, input, recorded, answer.calls);
    stored.push({ promptHash, request: call.request, reply: call.reply.text, isMadeAgain: false });
  }
  return stored;
}

/** Version 0.1 stored no requests: the interview is held again with the stored replies, which makes the same ones. */
async function madeAgain(
  workspace: Pick<Workspace, 'storedReplies'>,
  params: SurveyTaskParams,
  respondent: RespondentItem,
  recorded: Interview,
  calls: readonly number[],
): Promise<readonly SentPrompt[]> {
  const made: { readonly request: ChatRequest; readonly reply: string }[] = [];
  const replies = workspace.storedReplies(params);
  const recording: ChatModel = {
    id: replies.id,
    identity: replies.identity,
    reply: async (request, options) => {
      const reply = await replies.reply(request, options);
      made.push({ request, reply: reply.text });
      return reply;
    },
  };
  await holdInterview(respondent, params, recording, new AbortController().signal);
  return calls.map((call) => {
    const promptHash = recorded.calls[call]?.promptHash;
    const prompt = made[call];
    // Version 0.1 recorded a hash without the address that serves the model.
    const isSent =
      prompt !== undefined &&
      [requestHash(replies.id, prompt.request), hashOf(replies, prompt.request)].includes(promptHash ?? '');
    if (isSent) return { promptHash: promptHash ?? '', ...prompt, isMadeAgain: true };
    throw refuse(
      `The prompt cannot be made again as it was sent (its hash was ${promptHash ?? 'not recorded'}): the interview was held by another version of Panelist.`,
    );
  });
}

function list(names: readonly string[]): string {
  return names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')} … (${names.length})`;
}

function q(text: string): string {
  return JSON.stringify(text);
}

function refuse(message: string): PanelistError {
  return new PanelistError('USAGE', message);
}
