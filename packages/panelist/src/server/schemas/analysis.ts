import { z } from '@hono/zod-openapi';
import { answerFileTypes } from '../../application/results/answer-downloads.ts';
import { answerStatuses } from '../../application/results/answer-grid.ts';
import { fileInput } from './surveys.ts';
import { taskIdText } from './tasks.ts';

const name = z.string().min(1).max(600);

/** A query parameter that may be given several times. */
const names = z
  .union([name, z.array(name).max(50)])
  .transform((given) => [given].flat())
  .optional();

const levels = {
  nominal: names.openapi({ description: 'Questions whose options are a list, without means.' }),
  ordinal: names.openapi({ description: 'Questions whose options are points of a scale.' }),
};

export const summaryQuery = z.object({
  by: names.openapi({
    description:
      'Cross-tables by a column of the audience or another question; numbers by bands (`age:18-29,30-44,45-`) or quantiles (`age:q4`). May be given several times.',
  }),
  ...levels,
});

const interval = z.object({ low: z.number(), high: z.number() }).nullable();
const count = z.int();
/** Shares are 0 to 1. */
const share = z.object({ count, share: z.number(), interval });

const numbers = z
  .object({
    n: z.number(),
    mean: z.number(),
    interval,
    sd: z.number().nullable(),
    min: z.number(),
    max: z.number(),
  })
  .nullable();
const box = z.object({ share: z.number(), interval }).nullable();
const letters = z.array(z.string()).readonly();
type StatusCounts = { readonly [Status in (typeof answerStatuses)[number]]: z.ZodInt };
const statuses = z.object(
  Object.fromEntries(answerStatuses.map((each) => [each, z.int()])) as unknown as StatusCounts,
);

export const summary = z
  .object({
    title: z.string(),
    language: z.string(),
    interviews: count,
    respondents: count,
    effectiveN: z.number(),
    isWeighted: z.boolean(),
    replicates: count,
    /** What intervals cover: only the model's sampling error. */
    intervalLevel: z.number(),
    questions: z
      .array(
        z.object({
          name: z.string(),
          title: z.string(),
          kind: z.string(),
          level: z.string().nullable(),
          basis: z.string().nullable(),
          statuses,
          answers: count,
          n: z.number(),
          effectiveN: z.number(),
          rows: z.array(share.extend({ label: z.string(), meanRank: z.number().nullable() })).readonly(),
          numbers,
          topTwo: box,
          bottomTwo: box,
          netPromoterScore: z.object({ value: z.number(), interval }).nullable(),
          examples: z.array(z.string()).readonly(),
          noneChosen: count,
          unlisted: count,
        }),
      )
      .readonly(),
    crossTables: z
      .array(
        z.object({
          by: z.string(),
          tables: z
            .array(
              z.object({
                name: z.string(),
                title: z.string(),
                groups: z
                  .array(
                    z.object({
                      label: z.string(),
                      /** What `higherThan` names the group by. */
                      letter: z.string(),
                      n: z.number(),
                      effectiveN: z.number(),
                      numbers,
                      higherThan: letters,
                    }),
                  )
                  .readonly(),
                rows: z
                  .array(
                    z.object({
                      label: z.string(),
                      cells: z.array(share.extend({ isLow: z.boolean(), higherThan: letters })).readonly(),
                    }),
                  )
                  .readonly()
                  .nullable(),
                adjustedP: z.number().nullable(),
                cramersV: z.number().nullable(),
              }),
            )
            .readonly(),
        }),
      )
      .readonly(),
  })
  .openapi('Summary');

export const failures = z
  .object({
    failed: count,
    groups: z
      .array(
        z.object({
          /** What `retry-failed` takes in `codes`. */
          code: z.string(),
          kind: z.string(),
          status: z.int().nullable(),
          count,
          message: z.string(),
          /** What doing them again would take, judged by those that succeeded. */
          retry: z
            .object({ inputTokens: z.number(), outputTokens: z.number(), costUsd: z.number().nullable() })
            .nullable(),
        }),
      )
      .readonly(),
    others: count,
  })
  .openapi('Failures');

export const timeline = z
  .object({
    /** Epoch milliseconds. */
    from: z.number().nullable(),
    intervalMs: z.int(),
    succeeded: z.array(z.int()).readonly(),
    failed: z.array(z.int()).readonly(),
    through: z.int().nullable(),
    /** How many requests the provider had refused by then, since this server runs the task. */
    refusals: z.array(z.object({ at: z.number(), refused: z.int() })).readonly(),
  })
  .openapi('Timeline');

const reference = taskIdText;
const seed = z.coerce.number().int().min(0).max(4_294_967_295).optional();

export const runsQuery = z.object({ first: reference, second: reference, seed, ...levels });

const list = z.array(name).max(50).optional();

export const peopleRequest = z
  .strictObject({
    taskId: reference,
    /** A CSV file, one row a person, a column a question. */
    people: fileInput,
    /** The same people, asked again. */
    retest: fileInput.optional(),
    /** Question → column, where their names differ. */
    columns: z.record(name, name).optional(),
    weightColumn: name.optional(),
    idColumn: name.optional(),
    /** Columns of personas and of the file to compare groups by. */
    by: list,
    nominal: list,
    ordinal: list,
    seed: z.int().min(0).max(4_294_967_295).optional(),
  })
  .openapi('PeopleComparisonRequest');

const side = z.object({
  n: z.number(),
  effectiveN: z.number(),
  mean: z.number().nullable(),
  sd: z.number().nullable(),
});
const effect = z.object({ value: z.number(), interval });

export const comparison = z
  .object({
    title: z.string(),
    respondents: z.object({ first: count, second: count }),
    leftOut: count,
    isWeighted: z.object({ first: z.boolean(), second: z.boolean() }),
    tests: count,
    questions: z
      .array(
        z.object({
          name: z.string(),
          title: z.string(),
          kind: z.string(),
          first: side,
          second: side,
          effect: z.number().nullable(),
          adjustedP: z.number().nullable(),
          totalVariation: effect.extend({ byChance: z.number(), adjustedP: z.number() }).nullable(),
          chiSquare: z.object({ f: z.number(), adjustedP: z.number(), lowExpected: z.int() }).nullable(),
          kolmogorovSmirnov: z
            .object({ d: z.number(), adjustedP: z.number(), isConservative: z.boolean() })
            .nullable(),
          meanDifference: effect.nullable(),
          sdRatio: z.number().nullable(),
          options: z
            .array(
              z.object({
                value: z.string(),
                text: z.string(),
                first: share,
                second: share,
                difference: effect,
                adjustedP: z.number().nullable(),
              }),
            )
            .readonly()
            .nullable(),
          unmatched: z.array(z.object({ value: z.string(), count })).readonly(),
        }),
      )
      .readonly(),
    notCompared: z
      .array(z.object({ question: z.string(), reason: z.enum(['no column', 'free text']) }))
      .readonly(),
    unusedColumns: z.array(z.string()).readonly(),
    calibration: z
      .object({
        verdict: z.enum([
          'too few people',
          'no guess',
          'worse than a guess',
          'wrong spread',
          'better than a guess',
        ]),
        beatsGuess: z.object({ questions: z.int(), of: z.int() }),
        areLinked: z.boolean(),
        people: count,
        linkedPeople: count,
        respondents: count,
      })
      .nullable(),
  })
  .openapi('Comparison');

export const downloadQuery = z.object({
  indicators: z.enum(['true', 'false']).optional(),
  by: names,
  ...levels,
});

export const downloadName = z.enum(
  Object.keys(answerFileTypes) as [keyof typeof answerFileTypes, ...(keyof typeof answerFileTypes)[]],
);
