import { TaskManager, TaskRunner } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest } from '../models/chat-model.ts';
import { StubModel } from '../models/stub-model.ts';
import { estimateTokens } from '../models/tokens.ts';
import { ESTIMATE_ERROR, type Range } from '../survey/dry-run.ts';
import { surveyJob } from '../survey/survey-job.ts';
import { SURVEY_JOB } from '../survey/survey-task.ts';
import type { FocusGroupGuide } from './guide/guide.ts';
import { type FocusGroupOptions, runFocusGroup } from './run-focus-group.ts';
import { registerGroupJobs } from './turns/register-jobs.ts';

/** What a group would take, and what it would ask first. */
export interface GroupDryRun {
  readonly participants: number;
  /** The guide's, follow-ups included; a moderator may add to them. */
  readonly rounds: number;
  readonly calls: Range;
  readonly inputTokens: Range;
  readonly outputTokens: Range;
  /** The first call of a poll, if there is one, and the first of the talk: exactly as they would be sent. */
  readonly first: readonly ChatRequest[];
}

interface Call {
  readonly request: ChatRequest;
  readonly reply: ChatReply;
}

/**
 * Runs a group with a stub model that replies at the requested length. It calls no model and stores nothing. The range
 * reaches from a moderator that always moves on to one that does all that it may, with the error of the estimate for
 * tokens; replies that cannot be used and are asked for once more are not in it, nor what a model takes for thinking.
 *
 * @throws PanelistError as `runFocusGroup` does
 */
export async function dryRunGroup(
  guide: FocusGroupGuide,
  options: Pick<FocusGroupOptions, 'focusGroupId' | 'audience' | 'pollOptions'>,
): Promise<GroupDryRun> {
  const least = await dryRun(guide, options, 'move_on');
  const most = guide.moderator === undefined ? least : await dryRun(guide, options, 'ask_all');
  const tokens = (of: (reply: ChatReply) => number): Range => {
    const [min, max] = [least, most].map(({ calls }) =>
      calls.reduce((sum, { reply }) => sum + of(reply), 0),
    ) as [number, number];
    return {
      min: Math.floor(min * (1 - ESTIMATE_ERROR)),
      expected: Math.round((min + max) / 2),
      max: Math.ceil(max * (1 + ESTIMATE_ERROR)),
    };
  };
  const counts = [least.calls.length, most.calls.length] as const;
  const firstOf = (isWanted: (request: ChatRequest) => boolean): ChatRequest[] =>
    least.calls
      .map(({ request }) => request)
      .filter(isWanted)
      .slice(0, 1);
  return {
    participants: least.participants,
    rounds: least.rounds,
    calls: { min: counts[0], expected: Math.round((counts[0] + counts[1]) / 2), max: counts[1] },
    inputTokens: tokens(({ inputTokens }) => inputTokens),
    outputTokens: tokens(({ outputTokens }) => outputTokens),
    first: [
      ...(guide.poll === undefined ? [] : firstOf(({ replySchema }) => replySchema !== null)),
      ...firstOf(({ replySchema }) => replySchema === null),
    ],
  };
}

async function dryRun(
  guide: FocusGroupGuide,
  options: Parameters<typeof dryRunGroup>[1],
  action: 'move_on' | 'ask_all',
): Promise<{ readonly calls: readonly Call[]; readonly participants: number; readonly rounds: number }> {
  const calls: Call[] = [];
  const model = stubModel(guide.model ?? '', action, calls);
  const runner = new TaskRunner({ tasks: new TaskManager() });
  registerGroupJobs(runner, async () => model);
  runner.register(
    SURVEY_JOB,
    surveyJob(async () => model),
  );
  const { transcript } = await runFocusGroup(guide, { ...options, runner });
  return { calls, participants: transcript.participants.length, rounds: transcript.rounds.length };
}

/** Replies with as many words as are asked for. Only their number counts. */
function stubModel(id: string, action: 'move_on' | 'ask_all', calls: Call[]): ChatModel {
  const answers = new StubModel(id, 1);
  return {
    id,
    async reply(request) {
      const answer = await answers.reply(request);
      const text = spokenBy(request, action) ?? answer.text;
      const reply = { ...answer, text, outputTokens: estimateTokens(text) };
      // A second request is due to an unusable reply of the stub.
      if (!request.messages.some(({ role }) => role === 'assistant')) calls.push({ request, reply });
      return reply;
    },
  };
}

function spokenBy({ messages, replySchema }: ChatRequest, action: string): string | null {
  if (replySchema?.name === 'moderator_action')
    return JSON.stringify({
      action,
      participant: '',
      message: action === 'ask_all' ? wordsOfLength(20) : '',
    });
  if (replySchema !== null) return null;
  const [, count = '49'] = /\b(?:about|at most) (\d+) words/.exec(messages[0]?.content ?? '') ?? [];
  return wordsOfLength(Number(count));
}

function wordsOfLength(count: number): string {
  return Array.from({ length: count }, () => 'words').join(' ');
}
