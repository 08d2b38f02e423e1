import type { Job, JobContext, TaskManager } from '@panelist/toolkit';
import type { AskedModel } from '../../models/asked-model.ts';
import type { ChatModel, ReplyOptions } from '../../models/chat-model.ts';
import { fits, object, oneOf } from '../../stored/shapes.ts';
import { countWords } from '../../text/count-words.ts';
import { shortened } from '../../text/shortened.ts';
import { maxHeard } from '../context.ts';
import type { RoundItem, RoundParams } from '../group.ts';
import { writeReplyRequest } from '../prompts/reply.ts';
import type { Reply } from '../transcript.ts';
import { readGroupReply } from './read-group-reply.ts';
import { speak } from './speak.ts';
import { ROUND } from './stored-turns.ts';

/** Opens the model of a group's call, once per process; it retries and stores its own calls. */
export type ModelFor = (asked: AskedModel, focusGroupId: string) => Promise<ChatModel>;

/** A host waits for the replies: calls of a focus group go ahead of a survey's where they share a throttle. */
export const INTERACTIVE_PRIORITY = 10;

/** What is recorded of a participant's reply. */
export type RecordedReply = Omit<Extract<Reply, { status: 'replied' }>, 'participantId' | 'name' | 'status'>;

/** Only the mode: the rest of the row is checked when an item is run. */
const inTurn = object<{ readonly mode: 'in-turn' }>({ mode: oneOf('in-turn') });

/**
 * One item is one participant's reply. In `in-turn` rounds the items are done one by one, each with the replies that
 * were recorded before it.
 */
export function roundJob(modelFor: ModelFor, tasks: TaskManager): Job<RoundItem, RoundParams, RecordedReply> {
  return {
    retry: false,
    maxConcurrency: (params: unknown) => (fits(inTurn, params) ? 1 : undefined),
    ...ROUND.runner(async ({ participant, own }, context) => {
      const params = context.taskParams;
      const model = await modelFor(params, params.focusGroupId);
      const others = params.names.filter((name) => name !== participant.name);
      const before = params.mode === 'in-turn' ? await saidBefore(tasks, context) : [];
      const messages = writeReplyRequest(participant, {
        ...params,
        others,
        own,
        before,
        message: params.hostMessage,
      });
      const { value, ...call } = await speak(model, messages, {
        settings: params,
        options: interactive(context),
        read: (reply) => readGroupReply(reply, participant.name, others),
      });
      return { ...value, words: countWords(value.text, params.language), ...call };
    }),
  };
}

export function interactive({
  signal,
  draining,
  taskId,
  itemKey,
}: Pick<JobContext<unknown>, 'signal' | 'draining' | 'taskId' | 'itemKey'>): ReplyOptions {
  return { signal, draining, caller: { taskId, itemKey }, priority: INTERACTIVE_PRIORITY };
}

/** What was said before this item in the round. A participant whose reply failed isn't heard. */
async function saidBefore(
  tasks: TaskManager,
  { taskId, itemKey }: JobContext<RoundParams>,
): Promise<{ name: string; text: string }[]> {
  const said: { name: string; text: string }[] = [];
  for await (const record of tasks.items(taskId)) {
    if (record.key === itemKey) break;
    const { status, input, result } = ROUND.item(taskId, record);
    if (status === 'succeeded')
      said.push({ name: input.participant.name, text: shortened(result.text, maxHeard) });
  }
  return said;
}
