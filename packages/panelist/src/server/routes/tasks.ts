import { createRoute, z } from '@hono/zod-openapi';
import { ToolkitError } from '@panelist/toolkit';
import { askedModelOf } from '../../application/runs/run-view.ts';
import type { SurveyOutline } from '../../application/surveys/survey-outline.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { Access } from '../access/access.ts';
import type { User } from '../access/users.ts';
import type { ServerContext } from '../context.ts';
import { ServerError } from '../errors/server-error.ts';
import type { TaskView } from '../live/task-view.ts';
import { runLimits, taskDetail, taskId, taskPage, taskStatuses, taskView } from '../schemas/tasks.ts';
import { answers, jsonBody, resource } from './route-parts.ts';

/** Tasks whose outline is remembered: parameters never change, and may be megabytes. */
const MAX_OUTLINES = 200;
/** Tasks that a search looks through, newest first. */
const MAX_SEARCHED = 2_000;
const SEARCH_PAGE = 500;

const params = z.object({ taskId });
const tags = ['tasks'];

const list = createRoute({
  method: 'get',
  path: '/tasks',
  operationId: 'listTasks',
  tags,
  summary: 'Tasks, the newest first',
  request: {
    query: z.object({
      /** Several with commas between. */
      status: z
        .string()
        .max(200)
        .transform((text) => text.split(','))
        .pipe(z.array(z.enum(taskStatuses)))
        .optional(),
      kind: z.enum(['survey', 'turn', 'other']).optional(),
      /** In title, key, model or id. */
      search: z.string().max(200).optional(),
      after: z.string().max(300).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: answers(taskPage, 'A page of tasks.'),
});

const show = createRoute({
  method: 'get',
  path: '/tasks/{taskId}',
  operationId: 'showTask',
  tags,
  summary: 'One task, and what its survey asks',
  request: { params },
  responses: answers(taskDetail, 'The task.'),
});

const pause = createRoute({
  method: 'post',
  operationId: 'pauseTask',
  tags,
  summary: 'Start nothing more; what is in flight finishes',
  path: '/tasks/{taskId}/pause',
  request: { params },
  responses: answers(taskView, 'The task.'),
});

const resume = createRoute({
  method: 'post',
  operationId: 'resumeTask',
  tags,
  summary: 'Go on with a paused or interrupted task',
  path: '/tasks/{taskId}/resume',
  request: { params },
  responses: answers(taskView, 'The task.'),
});

const cancel = createRoute({
  method: 'post',
  operationId: 'cancelTask',
  tags,
  summary: 'End a task for good; what it has recorded stays',
  path: '/tasks/{taskId}/cancel',
  request: { params },
  responses: answers(taskView, 'The task.'),
});

const retryFailed = createRoute({
  method: 'post',
  path: '/tasks/{taskId}/retry-failed',
  operationId: 'retryFailed',
  tags,
  summary: 'Ask again whoever failed, all or for some causes; others keep their answers',
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        /** As `/tasks/{taskId}/failures` calls the causes; `null` for all. */
        codes: z.array(z.string().max(200)).min(1).max(100).nullable().default(null),
      }),
    ),
  },
  responses: answers(
    z.object({ retried: z.int(), task: taskView }),
    'How many had failed, and the task, which runs again.',
  ),
});

const setLimits = createRoute({
  method: 'patch',
  path: '/tasks/{taskId}/limits',
  operationId: 'changeLimits',
  tags,
  summary: 'Change limits, while it runs too',
  request: { params, body: jsonBody(runLimits) },
  responses: answers(taskView, 'The task with its limits.'),
});

const results = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/results',
  operationId: 'readResults',
  tags,
  summary: 'Results in the order in which they were recorded, from a sequence on',
  description: 'What an event `results` of `/api/events` announces: read from its `after`.',
  request: {
    params,
    query: z.object({
      after: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: answers(
    z
      .object({
        results: z.array(
          z.object({
            sequence: z.int(),
            itemKey: z.string(),
            success: z.boolean(),
            recordedAt: z.string(),
            /** An interview, a reply, or why it failed. */
            result: z.any(),
          }),
        ),
        /** Pass it as `after` for the next page; `null` on the last one. */
        next: z.int().nullable(),
      })
      .openapi('Results'),
    'A page of results.',
  ),
});

const remove = createRoute({
  method: 'delete',
  path: '/tasks/{taskId}',
  operationId: 'deleteTask',
  tags,
  summary: 'Delete a finished task with its answers',
  request: { params },
  responses: answers(z.object({ deleted: z.boolean() }), 'Whether it was there.'),
});

export function taskRoutes({ tasks, threads, runs, live, views, models }: ServerContext, access: Access) {
  const outlines = new Map<string, SurveyOutline>();

  async function outlineOf({ taskId, kind }: TaskView): Promise<SurveyOutline | null> {
    if (kind !== 'survey') return null;
    const outline = outlines.get(taskId) ?? (await threads.run('surveyOutline', { taskId }));
    outlines.set(taskId, outline);
    for (const other of outlines.keys()) if (outlines.size > MAX_OUTLINES) outlines.delete(other);
    return outline;
  }

  async function viewOf(taskId: string): Promise<TaskView> {
    const [view] = await views.find([taskId]);
    if (view !== undefined) return view;
    throw new PanelistError('TASK_NOT_FOUND', `There is no task ${JSON.stringify(taskId)}.`);
  }

  /** The task that somebody is to change. @throws ServerError `READ_ONLY` */
  async function ownTask(user: User, taskId: string): Promise<TaskView> {
    const view = await viewOf(taskId);
    access.checkOwner(user, view.owner);
    return view;
  }

  /** The server asks only models that its operator offers, whatever a database says. */
  async function checkModel(taskId: string): Promise<void> {
    const record = await tasks.store.get(taskId);
    const asked = record === undefined ? null : askedModelOf(record);
    if (asked === null) return;
    const offered = models.find(asked.model);
    if ((asked.baseUrl ?? null) !== offered.baseUrl)
      throw new ServerError(
        'MODEL_NOT_OFFERED',
        'The task names another address for its model than the operator of this server.',
      );
  }

  return resource()
    .openapi(list, async (c) => {
      const { status, kind, search, after, limit } = c.req.valid('query');
      const matches = matcher(kind, search);
      const isSearch = kind !== undefined || search !== undefined;
      const found: TaskView[] = [];
      let next: string | null = after ?? null;
      let searched = 0;
      do {
        const page = await views.page({
          statuses: status,
          after: next ?? undefined,
          limit: isSearch ? SEARCH_PAGE : limit,
        });
        searched += page.tasks.length;
        next = page.next;
        for (const view of page.tasks) {
          if (!matches(view)) continue;
          found.push(view);
          if (found.length < limit) continue;
          // The rest of the store's page belongs to the next one.
          const isLast = view === page.tasks.at(-1);
          if (!isLast) next = cursorOf(view);
          return c.json({ tasks: found, next }, 200);
        }
      } while (next !== null && searched < MAX_SEARCHED);
      return c.json({ tasks: found, next }, 200);
    })
    .openapi(show, async (c) => {
      const { taskId } = c.req.valid('param');
      const task = await viewOf(taskId);
      // Whoever looks at a run is about to ask for its figures.
      if (task.kind === 'survey') threads.warm('documents');
      const spending = await live.spending(task);
      return c.json({ task, survey: await outlineOf(task), spending }, 200);
    })
    .openapi(pause, async (c) => {
      const { taskId } = c.req.valid('param');
      const user = c.get('user');
      const { status } = await ownTask(user, taskId);
      // A second press changes nothing.
      if (status !== 'paused') await runs.call('pause', { taskId, reason: `Paused by ${user.name}.` });
      return c.json(await viewOf(taskId), 200);
    })
    .openapi(resume, async (c) => {
      const { taskId } = c.req.valid('param');
      await ownTask(c.get('user'), taskId);
      await checkModel(taskId);
      await runs.run(taskId);
      return c.json(await viewOf(taskId), 200);
    })
    .openapi(cancel, async (c) => {
      const { taskId } = c.req.valid('param');
      const { status } = await ownTask(c.get('user'), taskId);
      if (status !== 'cancelled') await runs.call('cancel', { taskId });
      return c.json(await viewOf(taskId), 200);
    })
    .openapi(retryFailed, async (c) => {
      const { taskId } = c.req.valid('param');
      const { status } = await ownTask(c.get('user'), taskId);
      // Its reopening would also ask everybody who was left when it was cancelled.
      if (status === 'cancelled')
        throw new ToolkitError(
          'ILLEGAL_TRANSITION',
          `Task ${taskId} is cancelled: it asks nobody any more. Send the survey out again to go on.`,
        );
      await checkModel(taskId);
      const { retried } = await runs.retryFailed(taskId, c.req.valid('json').codes);
      return c.json({ retried, task: await viewOf(taskId) }, 200);
    })
    .openapi(setLimits, async (c) => {
      const { taskId } = c.req.valid('param');
      await ownTask(c.get('user'), taskId);
      await runs.call('changeLimits', { taskId, limits: c.req.valid('json') });
      return c.json(await viewOf(taskId), 200);
    })
    .openapi(results, async (c) => {
      const { taskId } = c.req.valid('param');
      await viewOf(taskId);
      return c.json(await threads.run('readResults', { taskId, ...c.req.valid('query') }), 200);
    })
    .openapi(remove, async (c) => {
      const { taskId } = c.req.valid('param');
      const { focusGroupId } = await ownTask(c.get('user'), taskId);
      // A group cannot be read without its first turn, nor its transcript without one between.
      if (focusGroupId !== null)
        throw new PanelistError(
          'USAGE',
          `Task ${taskId} is a turn of the focus group ${JSON.stringify(focusGroupId)}: delete the whole group.`,
        );
      const deleted = await tasks.store.delete(taskId);
      outlines.delete(taskId);
      return c.json({ deleted }, 200);
    });
}

function matcher(kind: string | undefined, search: string | undefined): (view: TaskView) => boolean {
  const text = search?.trim().toLowerCase() ?? '';
  return ({ kind: each, title, taskKey, taskId, model }) =>
    (kind === undefined || each === kind) &&
    (text === '' || [title, taskKey, taskId, model ?? ''].some((part) => part.toLowerCase().includes(text)));
}

/** As the store writes it: by creation. */
function cursorOf({ createdAt, taskId }: TaskView): string {
  return `${Date.parse(createdAt)}:${taskId}`;
}
