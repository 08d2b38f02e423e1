import type { TaskRecord } from '@panelist/toolkit';
import type { ChatModel, ChatRequest } from '../../models/chat-model.ts';
import { requestHash } from '../../models/request-hash.ts';
import { PanelistError } from '../../panelist-error.ts';
import { questionsOf } from '../../survey/questionnaire.ts';
import { interviewOf, respondentOf } from '../../survey/stored-survey.ts';
import { holdInterview } from '../../survey/survey-job.ts';
import type { Workspace } from '../open-workspace.ts';
import { surveyParams } from './answer-files.ts';

/** One request of an interview as it was sent, and what was replied. */
export interface SentPrompt {
  readonly promptHash: string;
  readonly request: ChatRequest;
  readonly reply: string;
}

/**
 * The requests that asked one respondent one question, in their order: one, or two where it was asked again. They are
 * made anew by holding the interview with the kept replies, and must have the hashes that the interview recorded.
 *
 * @param interviewKey the respondent's id; with `#2` behind it, the second replicate
 * @throws PanelistError `USAGE` for who or what is not in the survey, was not asked, or cannot be made anew
 */
export async function sentPrompts(
  { tasks, keptReplies }: Pick<Workspace, 'tasks' | 'keptReplies'>,
  task: TaskRecord,
  interviewKey: string,
  question: string,
): Promise<readonly SentPrompt[]> {
  const params = surveyParams(task);
  const names = questionsOf(params.questionnaire).map(({ name }) => name);
  if (!names.includes(question))
    throw refuse(`There is no question ${q(question)}. There are: ${list(names)}.`);
  const item = await tasks.store.item(task.taskId, interviewKey);
  if (item === undefined)
    throw refuse(
      `There is no respondent ${q(interviewKey)} in task ${task.taskId}; replicates are called "id#2".`,
    );
  if (item.status !== 'succeeded')
    throw refuse(`${q(interviewKey)} has no finished interview (${item.status}).`);
  const recorded = interviewOf(task.taskId, item);
  const answer = recorded.answers.find((each) => each.question === question);
  if (answer === undefined || answer.calls.length === 0)
    throw refuse(`${q(interviewKey)} was not asked ${q(question)}: ${answer?.status ?? 'skipped'}.`);

  const sent: SentPrompt[] = [];
  const replies = keptReplies(params);
  const recording: ChatModel = {
    id: replies.id,
    reply: async (request, options) => {
      const reply = await replies.reply(request, options);
      sent.push({ promptHash: requestHash(replies.id, request), request, reply: reply.text });
      return reply;
    },
  };
  await holdInterview(respondentOf(task.taskId, item), params, recording, new AbortController().signal);
  return answer.calls.map((call) => {
    const prompt = sent[call];
    if (prompt !== undefined && prompt.promptHash === recorded.calls[call]?.promptHash) return prompt;
    throw refuse(
      `The prompt cannot be made anew as it was sent (its hash was ${recorded.calls[call]?.promptHash ?? 'not kept'}): the interview was held by another version of Panelist.`,
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
