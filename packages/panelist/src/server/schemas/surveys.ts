import { z } from '@hono/zod-openapi';
import { runLimits } from './tasks.ts';

/** Characters of a survey that is sent in a request's own body; 10 MB is the most that is read. */
const MAX_TEXT = 10_000_000;

const fileName = z
  .string()
  .min(1)
  .max(200)
  .openapi({ description: 'For people; its ending says what it is.', example: 'market.survey.json' });

/** A file, in the request or uploaded before. Never a path. */
export const fileInput = z
  .union([
    z.strictObject({ name: fileName, text: z.string().max(MAX_TEXT) }),
    z.strictObject({ uploadId: z.string().max(100) }),
    z.strictObject({ example: z.enum(['survey', 'audience', 'guide']) }),
  ])
  .openapi('FileInput');

const draft = {
  survey: fileInput,
  locale: z.string().min(1).max(35).optional(),
  unsupported: z.enum(['refuse', 'skip']).optional(),
  limit: z.int().min(1).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  seed: z.int().min(0).max(4_294_967_295).optional(),
  ask: z.enum(['question', 'page', 'survey']).optional(),
  randomizeOptions: z.boolean().optional(),
  replicates: z.int().min(1).max(100).optional(),
};

export const surveyCheckRequest = z
  .strictObject({
    ...draft,
    audience: fileInput.nullable(),
    model: z.string().max(300).nullable(),
  })
  .openapi('SurveyCheckRequest');

export const surveySubmission = z
  .strictObject({
    ...draft,
    audience: fileInput,
    model: z.string().max(300),
    limits: runLimits.optional(),
    /** Asks everything again, even what has been answered before. */
    fresh: z.boolean().optional(),
  })
  .openapi('SurveySubmission');

const finding = z.object({ line: z.int().nullable(), path: z.string().nullable(), text: z.string() });
const problem = z.object({ code: z.string(), message: z.string() }).nullable();
const range = z.object({ min: z.number(), expected: z.number(), max: z.number() });

export const surveyCheck = z
  .object({
    survey: z.object({
      isValid: z.boolean(),
      code: z.string().nullable(),
      problems: z.array(finding),
      warnings: z.array(finding),
      skipped: z.array(finding),
      title: z.string(),
      locale: z.string(),
      pages: z.int(),
      questions: z.int(),
      byKind: z.record(z.string(), z.int()),
    }),
    audience: z.object({ respondents: z.int(), columns: z.array(z.string()), problem }).nullable(),
    preview: z
      .object({
        interviews: z.int(),
        sampled: z.int(),
        callsPerInterview: range,
        calls: range,
        inputTokens: range,
        outputTokens: range,
        /** US dollars; `null` without a price. */
        costUsd: range.nullable(),
        /** The first respondent's first request, as it would be sent. */
        firstPrompt: z.array(z.object({ role: z.string(), content: z.string() })),
        measurements: z.array(
          z.object({ question: z.string(), level: z.string(), basis: z.string().nullable() }),
        ),
      })
      .nullable(),
    problem,
  })
  .openapi('SurveyCheck');

export const submitted = z
  .object({
    taskId: z.string(),
    isNew: z.boolean(),
    /** `joined`: it was under way. `finished`: it was done before, and nothing is asked. */
    how: z.enum(['started', 'joined', 'finished']),
  })
  .openapi('SubmittedSurvey');
