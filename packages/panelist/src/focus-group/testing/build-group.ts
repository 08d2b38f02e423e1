import { TaskManager, TaskRunner } from '@panelist/toolkit';
import type { Respondent } from '../../audience/respondent.ts';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from '../../models/chat-model.ts';
import { chatReply } from '../../models/testing/chat-reply.ts';
import { surveyJob } from '../../survey/survey-job.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import type { FocusGroupGuide } from '../guide/guide.ts';
import { registerGroupJobs } from '../turns/register-jobs.ts';

export interface Asked {
  readonly system: string;
  readonly user: string;
  readonly request: ChatRequest;
  readonly options: ReplyOptions;
  /** Who is asked, by the prompt. */
  readonly name: string;
  /** What the host says now. */
  readonly message: string;
}

export type Replies = (asked: Asked) => string | Promise<string>;

/** A model that says what `replies` says, and remembers what it was asked, in that order. */
export function groupModel(replies: Replies): ChatModel & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    id: 'test/model',
    asked,
    async reply(request, options): Promise<ChatReply> {
      const system = request.messages[0]?.content ?? '';
      const user = request.messages[1]?.content ?? '';
      const call = {
        ...{ system, user, request, options },
        name: /^You are: (.*)$/m.exec(system)?.[1] ?? '',
        message: /Now:\nHost: (.*)/.exec(user)?.[1] ?? '',
      };
      asked.push(call);
      const text = await replies(call);
      return chatReply(text, {
        returnedModel: 'test-model-1',
        inputTokens: Math.ceil((system.length + user.length) / 4),
        outputTokens: Math.ceil(text.length / 4),
      });
    },
  };
}

/** A runner that knows the jobs of focus groups. Runners with the same `tasks` are like processes with one database. */
export function groupRunner(model: ChatModel, tasks: TaskManager = new TaskManager()): TaskRunner {
  const modelFor = async (): Promise<ChatModel> => model;
  const runner = new TaskRunner({ tasks, pollMs: 5 }).register(SURVEY_JOB, surveyJob(modelFor));
  registerGroupJobs(runner, modelFor);
  return runner;
}

export const people: readonly Respondent[] = [
  { id: 'p1', persona: { name: 'Ada', age: '34', diet: 'vegan' } },
  { id: 'p2', persona: { name: 'Bo', age: '67', diet: 'omnivore' } },
  { id: 'p3', persona: { name: 'Cy', age: '23', diet: 'vegan' } },
];

export function guideOf(guide: Partial<FocusGroupGuide> = {}): FocusGroupGuide {
  return {
    title: 'Lunch',
    model: 'test/model',
    participants: {},
    rounds: [{ message: 'What is for lunch?' }, { message: 'And tomorrow?' }],
    ...guide,
  };
}
