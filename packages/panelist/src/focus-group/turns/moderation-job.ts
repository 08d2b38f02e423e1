import type { Job } from '@panelist/toolkit';
import { z } from 'zod';
import { oneLine } from '../../text/one-line.ts';
import { maxMessage } from '../guide/guide-schema.ts';
import { type ModerationRequest, writeModerationSystem, writeModerationUser } from '../prompts/moderation.ts';
import { type OneCallParams, oneCallJob, readReplyJson } from './one-call-job.ts';
import type { ModelFor } from './round-job.ts';
import type { Spoken } from './speak.ts';
import { unusableReply } from './speak.ts';
import { MODERATION } from './stored-turns.ts';

const actions = ['probe', 'ask_all', 'summarise', 'move_on', 'end'] as const;

/** What a moderator may do after a round. */
export interface ModeratorAction {
  /** `summarise`: says it to the group and goes on; `move_on`: to the guide's next round; `end`: of the group. */
  readonly action: (typeof actions)[number];
  /** Whom a probe is for, by name; `null` for the others. */
  readonly participant: string | null;
  /** What the moderator says; empty for `move_on` and `end`. */
  readonly message: string;
}

export interface ModerationParams extends OneCallParams, ModerationRequest {}

/** One decision of a model that leads the group. */
export function moderationJob(modelFor: ModelFor): Job<string, ModerationParams, Spoken<ModeratorAction>> {
  return oneCallJob(MODERATION, modelFor, {
    system: writeModerationSystem,
    user: writeModerationUser,
    schema: ({ names }) => ({ name: 'moderator_action', schema: actionSchema(names) }),
    read: ({ text }, { names }) => readAction(text, names),
  });
}

function actionSchema(names: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    properties: {
      action: { type: 'string', enum: [...actions] },
      participant: { type: 'string', enum: ['', ...names] },
      message: { type: 'string' },
    },
    required: ['action', 'participant', 'message'],
    additionalProperties: false,
  };
}

const reply = z.object({
  action: z.enum(actions),
  participant: z.string().max(200).default(''),
  message: z.string().max(maxMessage).default(''),
});

function readAction(text: string, names: readonly string[]): ModeratorAction {
  const { action, participant, message } = readReplyJson(text, reply);
  const said = oneLine(message);
  if (action === 'move_on' || action === 'end') return { action, participant: null, message: '' };
  if (said === '') throw unusableReply(`${action} needs a message`);
  if (action !== 'probe') return { action, participant: null, message: said };
  const wanted = oneLine(participant).toLowerCase();
  const name = names.find((each) => each.toLowerCase() === wanted);
  if (name === undefined)
    throw unusableReply(`a probe needs the name of a participant, and nobody is called so`);
  return { action, participant: name, message: said };
}
