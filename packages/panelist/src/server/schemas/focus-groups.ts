import { z } from '@hono/zod-openapi';
import { groupName } from '../../application/focus-groups/turn-rows.ts';
import { fileInput } from './surveys.ts';
import { runLimits, spending } from './tasks.ts';

/** Characters, as in a guide. */
const MAX_MESSAGE = 4_000;
const MAX_STIMULUS = 20_000;
const MAX_PARTICIPANTS = 200;

export const focusGroupId = z
  .string()
  .max(100)
  .regex(groupName, 'Expected 1 to 100 letters, digits, dots, dashes and underscores')
  .openapi({ param: { name: 'focusGroupId', in: 'path' }, example: 'weekly-market' });

/** Made by whoever asks: the same id is the same request, however often it is sent. */
const requestId = z.string().regex(/^[\w-]{1,64}$/, 'Expected 1 to 64 letters, digits, - and _');

const list = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).readonly();

const draft = {
  guide: fileInput,
  temperature: z.number().min(0).max(2).optional(),
  seed: z.int().min(0).max(4_294_967_295).optional(),
};

export const groupCheckRequest = z
  .strictObject({
    ...draft,
    audience: fileInput.nullable(),
    /** One that the server offers. */
    model: z.string().max(300).nullable(),
  })
  .openapi('GroupCheckRequest');

export const newGroup = z
  .strictObject({
    ...draft,
    focusGroupId,
    audience: fileInput,
    model: z.string().max(300),
    limits: runLimits.optional(),
    /** Whether the guide is run at once; else the group is only opened, and led live. */
    run: z.boolean().default(false),
  })
  .openapi('NewGroup');

export const createdGroup = z
  .object({
    focusGroupId: z.string(),
    /** Whether this request opened it. */
    isNew: z.boolean(),
  })
  .openapi('CreatedGroup');

const finding = z.object({
  line: z.int().nullable(),
  column: z.int().nullable(),
  path: z.string().nullable(),
  text: z.string(),
});
const problem = z.object({ code: z.string(), message: z.string() }).nullable();
const range = z.object({ min: z.number(), expected: z.number(), max: z.number() });

const participant = z
  .object({ id: z.string(), name: z.string(), persona: z.record(z.string(), z.string()).readonly() })
  .openapi('Participant');

export const groupCheck = z
  .object({
    guide: z.object({
      problems: list(finding),
      warnings: list(finding),
      title: z.string(),
      language: z.string(),
      model: z.string().nullable(),
      rounds: z.int(),
      hasPoll: z.boolean(),
      hasModerator: z.boolean(),
    }),
    audience: z.object({ respondents: z.int(), problem }).nullable(),
    participants: list(participant).nullable(),
    preview: z
      .object({
        participants: z.int(),
        rounds: z.int(),
        calls: range,
        inputTokens: range,
        outputTokens: range,
        /** US dollars; `null` without a price. */
        costUsd: range.nullable(),
        /** The first call of a poll, if there is one, and the first of the talk. */
        firstPrompts: list(list(z.object({ role: z.string(), content: z.string() }))),
      })
      .nullable(),
    problem,
  })
  .openapi('GroupCheck');

export const groupStateSchema = z
  .object({
    status: z.enum(['running', 'paused', 'interrupted', 'idle']),
    reason: z.string().nullable(),
    code: z.string().nullable(),
    /** The turn's task that is under way, paused or interrupted. */
    taskId: z.string().nullable(),
    waiting: list(
      z.object({
        kind: z.enum(['guide', 'say', 'poll', 'retry-failed', 'themes']),
        id: z.string(),
        text: z.string(),
        to: z.union([z.literal('all'), list(z.string())]),
      }),
    ),
    isHosted: z.boolean(),
    owner: z.string().nullable(),
  })
  .openapi('GroupState');

const listedGroup = z
  .object({
    focusGroupId: z.string(),
    title: z.string(),
    model: z.string(),
    language: z.string(),
    participants: z.int(),
    rounds: z.int(),
    replies: z.int(),
    failed: z.int(),
    isOver: z.boolean(),
    state: groupStateSchema,
    createdAt: z.string(),
  })
  .openapi('ListedGroup');

export const groupPage = z
  .object({
    groups: list(listedGroup),
    /** Pass it as `after` for the next page; `null` on the last one. */
    next: z.string().nullable(),
  })
  .openapi('GroupPage');

export const groupDetail = z
  .object({
    focusGroupId: z.string(),
    title: z.string(),
    language: z.string(),
    model: z.string(),
    temperature: z.number().nullable(),
    seed: z.number().nullable(),
    replyWords: z.int(),
    participants: list(participant),
    plan: list(
      z.object({
        step: z.string(),
        kind: z.enum(['poll', 'round']),
        message: z.string(),
        isDone: z.boolean(),
      }),
    ),
    /** Whether the guide has steps that are neither done nor skipped. */
    hasNext: z.boolean(),
    hasModerator: z.boolean(),
    limits: runLimits,
    state: groupStateSchema,
    turns: z.int(),
    rounds: z.int(),
    replies: z.int(),
    failed: z.int(),
    createdAt: z.string(),
    /** Of the live events: where they are beyond it, read the group again. */
    cursor: z.string(),
    /** Of all its turns, in any process. */
    spending,
  })
  .openapi('GroupDetail');

export const groupReply = z
  .object({
    participantId: z.string(),
    status: z.enum(['replied', 'failed', 'pending']),
    text: z.string().nullable(),
    words: z.int().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .openapi('GroupReply');

const quote = z.object({
  participantId: z.string(),
  name: z.string(),
  round: z.int(),
  text: z.string(),
});

const theme = z
  .object({
    name: z.string(),
    description: z.string(),
    speakers: z.int(),
    replies: z.int(),
    quotes: list(quote),
  })
  .openapi('Theme');

const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opening') }),
  z.object({
    kind: z.literal('poll'),
    poll: z.enum(['before', 'after', 'live']),
    title: z.string(),
  }),
  z.object({
    kind: z.literal('round'),
    round: z.int(),
    host: z.enum(['guide', 'moderator', 'live']),
    message: z.string(),
    stimulus: z.string().nullable(),
    mode: z.enum(['simultaneous', 'in-turn']),
    to: list(z.string()).nullable(),
    asked: list(z.string()),
    replies: list(groupReply),
  }),
  z.object({ kind: z.literal('summary'), rounds: z.int(), text: z.string().nullable() }),
  z.object({
    kind: z.literal('moderation'),
    decision: z
      .object({
        action: z.enum(['probe', 'ask_all', 'summarise', 'move_on', 'end']),
        participant: z.string().nullable(),
        message: z.string(),
      })
      .nullable(),
  }),
  z.object({
    kind: z.literal('themes'),
    model: z.string(),
    themes: list(theme).nullable(),
    unsupported: z.int(),
  }),
]);

export const groupTurn = z
  .object({
    taskId: z.string(),
    turn: z.int(),
    step: z.string(),
    status: z.string(),
    /** Of two of the same turn, the one with the higher revision is newer. */
    revision: z.int(),
    total: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    problem: z.string().nullable(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
    content,
  })
  .openapi('GroupTurn');

export const turnsPage = z
  .object({
    turns: list(groupTurn),
    /** Pass it as `before` for those before; `null` where there are none. */
    before: z.int().nullable(),
  })
  .openapi('GroupTurns');

export const message = z
  .strictObject({
    messageId: requestId,
    message: z.string().min(1).max(MAX_MESSAGE),
    /** Names or ids; empty for everyone. Where it is left out, `@Name …` at the beginning of the message counts. */
    to: z.array(z.string().max(200)).max(MAX_PARTICIPANTS).optional(),
    stimulus: z.string().min(1).max(MAX_STIMULUS).optional(),
    mode: z.enum(['simultaneous', 'in-turn']).optional(),
    replyWords: z.int().min(5).max(500).optional(),
  })
  .openapi('GroupMessage');

export const messageId = requestId.openapi({ param: { name: 'messageId', in: 'path' } });

export const poll = z
  .strictObject({
    pollId: requestId,
    survey: fileInput,
    locale: z.string().min(1).max(35).optional(),
  })
  .openapi('GroupPoll');

export const requested = z
  .object({
    /** Whether it is new: the same request is done once. */
    isNew: z.boolean(),
  })
  .openapi('GroupRequested');

export const polled = z.object({ isNew: z.boolean(), warnings: list(z.string()) }).openapi('GroupPolled');

const interval = z.object({ low: z.number(), high: z.number() }).nullable();
const figure = z.number().nullable();

const shift = z.object({
  question: z.string(),
  title: z.string(),
  pairs: z.int(),
  changed: z.int(),
  number: z
    .object({
      meanBefore: z.number(),
      meanAfter: z.number(),
      difference: z.number(),
      interval,
      sdBefore: figure,
      sdAfter: figure,
      nearer: z.int(),
      farther: z.int(),
    })
    .nullable(),
  choice: z.object({ commonest: z.string(), shareBefore: z.number(), shareAfter: z.number() }).nullable(),
});

export const groupResults = z
  .object({
    analysis: z.object({
      synthetic: z.literal(true),
      participation: z.object({
        speakers: list(
          z.object({
            participantId: z.string(),
            name: z.string(),
            replies: z.int(),
            failed: z.int(),
            words: z.int(),
            share: z.number(),
            medianWords: figure,
          }),
        ),
        gini: figure,
      }),
      lengths: z.object({
        n: z.int(),
        median: figure,
        mean: figure,
        lowerQuartile: figure,
        upperQuartile: figure,
        longest: figure,
        humanMedian: z.number(),
        ratio: figure,
        histogram: list(z.object({ upTo: figure, count: z.int() })),
        byRound: list(z.object({ round: z.int(), median: figure })),
      }),
      convergence: z.object({
        rounds: list(z.object({ round: z.int(), speakers: z.int(), similarity: figure })),
        mean: figure,
        slope: figure,
        slopeInterval: interval,
      }),
      distinctiveness: z.object({
        speakers: list(
          z.object({
            participantId: z.string(),
            name: z.string(),
            replies: z.int(),
            recognised: z.number(),
          }),
        ),
        replies: z.int(),
        recognised: figure,
        chance: z
          .object({
            mean: z.number(),
            range: z.object({ low: z.number(), high: z.number() }),
            p: z.number(),
            permutations: z.int(),
          })
          .nullable(),
      }),
      shifts: list(shift).nullable(),
      themes: list(theme),
      themeMethod: z.discriminatedUnion('by', [
        z.object({ by: z.literal('keywords') }),
        z.object({ by: z.literal('model'), model: z.string() }),
      ]),
    }),
    /** Whether something was said after the model has read it for themes; `null` for keyword themes. */
    themesAreOld: z.boolean().nullable(),
    polls: list(
      z.object({
        taskId: z.string(),
        step: z.string(),
        poll: z.enum(['before', 'after', 'live']),
        title: z.string(),
        questions: list(
          z.object({
            name: z.string(),
            title: z.string(),
            n: z.int(),
            options: list(z.object({ text: z.string(), count: z.int(), share: z.number() })).nullable(),
            mean: figure,
            examples: list(z.string()),
          }),
        ),
      }),
    ),
  })
  .openapi('GroupResults');
