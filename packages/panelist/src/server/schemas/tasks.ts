import { z } from '@hono/zod-openapi';

/** In a body. */
export const taskIdText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.#@-]+$/);

/** In a path. */
export const taskId = taskIdText.openapi({ param: { name: 'taskId', in: 'path' }, example: 'task_01h8' });

const amount = z.number().nonnegative().max(1e9).nullable().optional();
const count = z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullable().optional();

/** `null` takes a limit away; a missing one stays as it is. */
export const runLimits = z
  .strictObject({
    maxCostUsd: amount,
    maxTokens: count,
    requestsPerMinute: count,
    tokensPerMinute: count,
    maxConcurrency: z.int().min(1).max(100_000).nullable().optional(),
  })
  .openapi('RunLimits');

export const taskStatuses = ['pending', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const;

export const taskView = z
  .object({
    taskId: z.string(),
    taskKey: z.string(),
    title: z.string(),
    kind: z.enum(['survey', 'turn', 'other']),
    focusGroupId: z.string().nullable(),
    model: z.string().nullable(),
    /** As stored, but `interrupted` for a running task that no process runs. */
    status: z.string(),
    revision: z.int(),
    totalCount: z.int(),
    completedCount: z.int(),
    successCount: z.int(),
    failedCount: z.int(),
    limits: runLimits.nullable(),
    errorMessage: z.string().nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    owner: z.string().nullable(),
    isHosted: z.boolean(),
    isQuarantined: z.boolean(),
  })
  .openapi('Task');

export const taskPage = z
  .object({
    tasks: z.array(taskView),
    /** Pass it as `after` for the next page; `null` on the last one. */
    next: z.string().nullable(),
  })
  .openapi('TaskPage');

const progress = z.object({
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  inFlight: z.int(),
  waiting: z.int(),
  ratePerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});

const wait = z.object({
  reason: z.enum(['provider-asked', 'outage', 'refused']),
  seconds: z.number().nullable(),
  givesUpInSeconds: z.number().nullable(),
  status: z.int().optional(),
});

const account = z.object({
  requestsPerMinute: z.number().nullable(),
  tokensPerMinute: z.number().nullable(),
  estimatedPerMinute: z.number().nullable(),
  inFlight: z.int(),
  waiting: z.int(),
  requests: z.int(),
  refused: z.int(),
  failed: z.int(),
  retries: z.int(),
  tokens: z.number(),
});

export const spending = z
  .object({ costUsd: z.number().nullable(), inputTokens: z.number(), outputTokens: z.number() })
  .openapi('Spending');

/** What an event `task` of `GET /api/events` holds, and what `GET /api/tasks/{taskId}` gives of it. */
export const taskLive = z
  .object({
    task: taskView,
    progress,
    runs: z.enum(['here', 'elsewhere', 'nowhere']),
    wait: wait.nullable(),
    accounts: z.array(account),
    requestsPerMinute: z.number().nullable(),
    spending: spending.nullable(),
    exhausted: z.enum(['cost', 'tokens']).nullable(),
    fault: z.string().nullable(),
  })
  .openapi('TaskLive');

const option = z.object({ value: z.union([z.string(), z.number(), z.boolean()]), text: z.string() });

export const surveyOfTask = z
  .object({
    survey: z.string(),
    audience: z.string(),
    language: z.string(),
    temperature: z.number().nullable(),
    seed: z.number().nullable(),
    ask: z.string(),
    randomizeOptions: z.boolean(),
    replicates: z.int(),
    questions: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        kind: z.string(),
        /** Empty for a question without. */
        options: z.array(option),
      }),
    ),
    personaColumns: z.array(z.string()),
    skipped: z.array(z.object({ path: z.string(), element: z.string().nullable(), reason: z.string() })),
  })
  .openapi('SurveyOfTask');

export const taskDetail = z
  .object({ task: taskView, survey: surveyOfTask.nullable(), spending: spending.nullable() })
  .openapi('TaskDetail');
