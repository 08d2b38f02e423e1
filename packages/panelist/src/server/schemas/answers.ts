import { z } from '@hono/zod-openapi';
import { answerStatuses } from '../../application/results/answer-grid.ts';

const MAX_NAME_CHARS = 600;
const MAX_FILTERS = 20;

const name = z.string().min(1).max(MAX_NAME_CHARS);

/** A query parameter that is JSON: names may contain anything that could separate them. */
function jsonText<Schema extends z.ZodType>(schema: Schema, description: string) {
  return z
    .string()
    .max(20_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'it must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema)
    .openapi({ type: 'string', description });
}

const filter = z.strictObject({
  column: name,
  values: z.array(z.string().max(2_000)).max(200).optional(),
  statuses: z.array(z.enum(answerStatuses)).max(20).optional(),
  contains: z.string().max(200).optional(),
});

export const gridQuery = z.object({
  columns: jsonText(z.array(name).max(100), 'A JSON list: `["persona.age", "answer.q1"]`.').optional(),
  filters: jsonText(
    z.array(filter).max(MAX_FILTERS),
    'A JSON list; all must hold: `[{"column": "answer.q1", "statuses": ["refused"]}]`. `column` is `key`, `state`, `persona.…`, `answer.…`, or `answers` for any question.',
  ).optional(),
  find: z.string().max(200).optional().openapi({ description: 'In answers, personas and ids.' }),
  sort: name.optional().openapi({ description: 'A column.', example: 'answer.q1' }),
  descending: z.enum(['true', 'false']).optional(),
  after: z.string().max(4_000).optional().openapi({ description: 'The `next` of the page before.' }),
  from: z.coerce.number().int().min(0).max(100_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});

const cell = z
  .object({
    status: z.enum(answerStatuses).nullable(),
    text: z.string(),
    isCut: z.boolean(),
  })
  .nullable();

export const gridPage = z
  .object({
    columns: z.array(z.string()).readonly(),
    rows: z
      .array(
        z.object({
          position: z.int(),
          key: z.string(),
          state: z.enum(['pending', 'succeeded', 'failed', 'damaged']),
          problem: z.string().nullable(),
          /** One for each column. */
          cells: z.array(cell).readonly(),
        }),
      )
      .readonly(),
    /** The place of the first row in the selection. */
    from: z.int(),
    selected: z.int().nullable(),
    total: z.int(),
    next: z.string().nullable(),
    /** How far the index is that the page needs: ask again. */
    indexing: z.object({ done: z.int(), total: z.int() }).nullable(),
    /** Only the beginning of some long texts was searched. */
    isCut: z.boolean(),
  })
  .openapi('AnswerPage');

export const gridColumns = z
  .object({
    columns: z
      .array(
        z.object({
          id: z.string(),
          kind: z.enum(['persona', 'question']),
          title: z.string(),
          name: z.string().nullable(),
          questionKind: z.string().nullable(),
          options: z
            .array(z.object({ value: z.string(), text: z.string() }))
            .readonly()
            .nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('AnswerColumns');

export const whyQuery = z.object({ key: name, question: name });

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const call = z.object({
  /** SHA-256 of all that determines the reply. */
  promptHash: z.string(),
  returnedModel: z.string(),
  attempts: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  isEstimated: z.literal(true).optional(),
  elapsedMs: z.number(),
  /** As it was sent: its hash was computed again and is `promptHash`. `null` where it cannot be shown. */
  prompt: z
    .object({
      /** Stored with the reply; else it was made again from the survey. */
      isStored: z.boolean(),
      messages: z.array(z.object({ role: z.string(), content: z.string() })).readonly(),
      replySchema: z.string().nullable(),
      temperature: z.number().nullable(),
      seed: z.number().nullable(),
      reply: z.string(),
    })
    .nullable(),
});

export const answerExplanation = z
  .object({
    taskId: z.string(),
    key: z.string(),
    respondentId: z.string(),
    replicate: z.int(),
    position: z.int(),
    total: z.int(),
    previous: z.string().nullable(),
    next: z.string().nullable(),
    persona: z.record(z.string(), z.string()).readonly(),
    weight: z.number(),
    question: z.object({ name: z.string(), title: z.string(), kind: z.string() }),
    status: z.enum([...answerStatuses, 'pending']),
    value: z.union([scalar, z.array(scalar).readonly()]).nullable(),
    text: z.string(),
    raw: z.string().nullable(),
    repairs: z.array(z.string()).readonly(),
    shownOptions: z
      .array(z.object({ value: scalar, text: z.string() }))
      .readonly()
      .nullable(),
    problem: z.string().nullable(),
    failureCode: z.string().nullable(),
    calls: z.array(call).readonly(),
    promptProblem: z.string().nullable(),
  })
  .openapi('AnswerExplanation');
