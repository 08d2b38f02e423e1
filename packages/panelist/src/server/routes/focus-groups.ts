import { createRoute, z } from '@hono/zod-openapi';
import type { GroupCheck } from '../../application/focus-groups/check-group.ts';
import { groupOpening } from '../../application/focus-groups/turn-rows.ts';
import type { Access } from '../access/access.ts';
import type { User } from '../access/users.ts';
import type { ServerContext } from '../context.ts';
import { ServerError } from '../errors/server-error.ts';
import { fileOf } from '../files-of-request.ts';
import type { OfferedModel } from '../offered-models.ts';
import { HOSTED, hostedTask } from '../processes/hosted-task.ts';
import * as schemas from '../schemas/focus-groups.ts';
import { runLimits } from '../schemas/tasks.ts';
import { answers, jsonBody, previewPrompt, resource, shownFindings } from './route-parts.ts';

const tags = ['focus groups'];
const { focusGroupId } = schemas;
const params = z.object({ focusGroupId });
const done = z.object({ done: z.literal(true) }).openapi('GroupDone');

const check = createRoute({
  method: 'post',
  path: '/focus-groups/check',
  operationId: 'checkGroup',
  tags,
  summary: 'What is wrong with a guide and its audience, who would take part, what it would ask and cost',
  description: 'Starts nothing. What is wrong is in the answer, with its line; the status is 200 then, too.',
  request: { body: jsonBody(schemas.groupCheckRequest) },
  responses: answers(schemas.groupCheck, 'Problems, and a preview where there are none.'),
});

const create = createRoute({
  method: 'post',
  path: '/focus-groups',
  operationId: 'createGroup',
  tags,
  summary: 'Open a focus group, and run its guide or lead it live',
  description:
    'Idempotent: the same guide under the same name is the same group; another guide is refused with GROUP_CHANGED.',
  request: { body: jsonBody(schemas.newGroup) },
  responses: answers(schemas.createdGroup, 'The group, and whether this request opened it.'),
});

const list = createRoute({
  method: 'get',
  path: '/focus-groups',
  operationId: 'listGroups',
  tags,
  summary: 'Focus groups, the newest first',
  request: {
    query: z.object({
      after: z.string().max(300).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: answers(schemas.groupPage, 'A page of groups.'),
});

const show = createRoute({
  method: 'get',
  path: '/focus-groups/{focusGroupId}',
  operationId: 'showGroup',
  tags,
  summary: 'A group: who takes part, what its guide plans, what is under way, what it has spent',
  request: { params },
  responses: answers(schemas.groupDetail, 'The group, without what was said.'),
});

const turns = createRoute({
  method: 'get',
  path: '/focus-groups/{focusGroupId}/turns',
  operationId: 'groupTurns',
  tags,
  summary: 'What was said, polled, summed up and decided: the last turns, or those before one',
  request: {
    params,
    query: z.object({
      before: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(40),
    }),
  },
  responses: answers(schemas.turnsPage, 'Turns in order.'),
});

const run = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/run',
  operationId: 'runGuide',
  tags,
  summary: 'Run the rest of the guide',
  description: 'Joins where it is under way. What is said live meanwhile is said before the next round.',
  request: { params },
  responses: answers(schemas.requested, 'Whether it was not under way.'),
});

const say = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/messages',
  operationId: 'sayInGroup',
  tags,
  summary: 'Say something to the group, or to some of it',
  description:
    'Idempotent by `messageId`. Messages are said one after the other; the replies come with the live events.',
  request: { params, body: jsonBody(schemas.message) },
  responses: answers(schemas.requested, 'Whether the message is new.'),
});

const takeBack = createRoute({
  method: 'delete',
  path: '/focus-groups/{focusGroupId}/messages/{messageId}',
  operationId: 'takeBackInGroup',
  tags,
  summary: 'Take back a message that nobody has answered',
  request: { params: z.object({ focusGroupId, messageId: schemas.messageId }) },
  responses: answers(done, 'It is not said.'),
});

const poll = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/polls',
  operationId: 'pollGroup',
  tags,
  summary: 'Ask each participant alone what nobody else hears',
  description: 'Idempotent by `pollId`.',
  request: { params, body: jsonBody(schemas.poll) },
  responses: answers(schemas.polled, 'Whether the poll is new, and what is probably not meant in it.'),
});

const themes = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/themes',
  operationId: 'findThemes',
  tags,
  summary: 'Have a model find the themes of what was said',
  request: {
    params,
    body: jsonBody(
      z
        .strictObject({
          /** One that the server offers; `null` for the group's. */
          model: z.string().max(300).nullable(),
        })
        .openapi('GroupThemes'),
    ),
  },
  responses: answers(schemas.requested, 'Whether it was not under way.'),
});

const retryFailed = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/retry-failed',
  operationId: 'retryFailedInGroup',
  tags,
  summary: 'Ask again for the replies that failed',
  request: { params },
  responses: answers(done, 'It is asked for.'),
});

const pause = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/pause',
  operationId: 'pauseGroup',
  tags,
  summary: 'Start nothing more; replies in flight are recorded',
  request: { params },
  responses: answers(done, 'It is paused.'),
});

const resume = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/resume',
  operationId: 'resumeGroup',
  tags,
  summary: 'Go on with what was paused or interrupted',
  request: { params },
  responses: answers(done, 'It goes on.'),
});

const cancel = createRoute({
  method: 'post',
  path: '/focus-groups/{focusGroupId}/cancel',
  operationId: 'cancelGroup',
  tags,
  summary: 'End what is under way; what was said before stays',
  request: { params },
  responses: answers(done, 'It is ended.'),
});

const setLimits = createRoute({
  method: 'patch',
  path: '/focus-groups/{focusGroupId}/limits',
  operationId: 'changeGroupLimits',
  tags,
  summary: 'Change the limits of all its turns, while one runs too',
  request: { params, body: jsonBody(runLimits) },
  responses: answers(done, 'They are recorded.'),
});

const remove = createRoute({
  method: 'delete',
  path: '/focus-groups/{focusGroupId}',
  operationId: 'deleteGroup',
  tags,
  summary: 'Delete a group in which nothing is under way',
  request: { params },
  responses: answers(done, 'It is gone.'),
});

export function groupRoutes(context: ServerContext, access: Access) {
  const { tasks, threads, runs, models } = context;

  /** What a route needs to know of a group. @throws PanelistError `GROUP_NOT_FOUND` */
  async function groupOf(id: string) {
    const members = ['group.model', 'group.baseUrl', 'group.guide.moderator.model'] as const;
    const opening = await groupOpening(tasks, id, members);
    return { opening, owner: hostedTask(opening).owner };
  }

  /** The group that somebody is to change. @throws ServerError `READ_ONLY` */
  async function ownGroup(user: User, id: string) {
    const group = await groupOf(id);
    access.checkOwner(user, group.owner);
    return group;
  }

  /** The server asks only models that its operator offers, whatever a database says. */
  async function askableGroup(user: User, id: string): Promise<void> {
    const { opening } = await ownGroup(user, id);
    const {
      'group.model': model,
      'group.baseUrl': address = null,
      'group.guide.moderator.model': leads = model,
    } = opening.params;
    for (const each of [model, leads])
      if (models.find(String(each)).baseUrl !== address)
        throw new ServerError(
          'MODEL_NOT_OFFERED',
          'The group names another address for its model than the operator of this server.',
        );
  }

  /** The models that can lead a group: its guide has one address for both. */
  const servedWith = ({ baseUrl }: OfferedModel): readonly string[] =>
    models.shown.map(({ id }) => id).filter((id) => models.find(id).baseUrl === baseUrl);

  return resource()
    .openapi(check, async (c) => {
      const { guide, audience, model: id, ...settings } = c.req.valid('json');
      const model = id === null ? null : models.find(id);
      const draft = {
        ...settings,
        guide: await fileOf(context, guide),
        audience: audience === null ? null : await fileOf(context, audience),
        model: model && { model: model.id, baseUrl: model.baseUrl },
      };
      const found = await threads.run('checkGroup', { draft }, { signal: c.req.raw.signal });
      return c.json(checkView(found), 200);
    })
    .openapi(create, async (c) => {
      const { guide, audience, model: id, limits = {}, run, ...rest } = c.req.valid('json');
      const model = models.find(id);
      const asked = { model: model.id, baseUrl: model.baseUrl };
      await runs.call('checkModel', { ...asked, limits });
      const created = await threads.run('createGroup', {
        files: {
          ...rest,
          guide: await fileOf(context, guide),
          audience: await fileOf(context, audience),
          model: asked,
        },
        options: { limits, run, marks: { ...HOSTED, owner: c.get('user').name } },
        offered: servedWith(model),
      });
      if (created.notOffered !== null)
        throw new ServerError(
          'MODEL_NOT_OFFERED',
          `The guide's moderator is the model ${JSON.stringify(created.notOffered)}, which the server does not offer beside ${JSON.stringify(model.id)}.`,
        );
      const { focusGroupId } = rest;
      // The same group may be there already, and somebody else's.
      if (run && !created.isNew) await ownGroup(c.get('user'), focusGroupId);
      if (run) await runs.call('runGuide', { focusGroupId });
      return c.json({ focusGroupId, isNew: created.isNew }, 200);
    })
    .openapi(list, async (c) => {
      const { after, limit } = c.req.valid('query');
      return c.json(await threads.run('groupPage', { after, limit }), 200);
    })
    .openapi(show, async (c) => c.json(await threads.run('showGroup', c.req.valid('param')), 200))
    .openapi(turns, async (c) => {
      const { before, limit } = c.req.valid('query');
      return c.json(await threads.run('groupTurns', { ...c.req.valid('param'), before, limit }), 200);
    })
    .openapi(run, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await askableGroup(c.get('user'), focusGroupId);
      return c.json(await runs.call('runGuide', { focusGroupId }), 200);
    })
    .openapi(say, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await askableGroup(c.get('user'), focusGroupId);
      return c.json(await runs.call('sayInGroup', { focusGroupId, ...c.req.valid('json') }), 200);
    })
    .openapi(takeBack, async (c) => {
      const { focusGroupId, messageId } = c.req.valid('param');
      await ownGroup(c.get('user'), focusGroupId);
      await runs.call('takeBackInGroup', { focusGroupId, messageId });
      return c.json({ done: true } as const, 200);
    })
    .openapi(poll, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      const { pollId, survey: file, locale } = c.req.valid('json');
      await askableGroup(c.get('user'), focusGroupId);
      const { warnings, title, survey } = await threads.run('readPoll', {
        file: await fileOf(context, file),
        locale,
      });
      const { isNew } = await runs.call('pollGroup', {
        ...{ focusGroupId, pollId, title, survey },
        locale: locale ?? null,
      });
      return c.json({ isNew, warnings }, 200);
    })
    .openapi(themes, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await askableGroup(c.get('user'), focusGroupId);
      const { model: id } = c.req.valid('json');
      const asked = id === null ? null : models.find(id);
      const requested = await runs.call('findThemesInGroup', {
        focusGroupId,
        model: asked?.id ?? null,
        baseUrl: asked?.baseUrl ?? null,
      });
      return c.json(requested, 200);
    })
    .openapi(retryFailed, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await askableGroup(c.get('user'), focusGroupId);
      await runs.call('retryFailedInGroup', { focusGroupId });
      return c.json({ done: true } as const, 200);
    })
    .openapi(pause, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await ownGroup(c.get('user'), focusGroupId);
      await runs.call('pauseGroup', { focusGroupId });
      return c.json({ done: true } as const, 200);
    })
    .openapi(resume, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await askableGroup(c.get('user'), focusGroupId);
      await runs.call('resumeGroup', { focusGroupId });
      return c.json({ done: true } as const, 200);
    })
    .openapi(cancel, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await ownGroup(c.get('user'), focusGroupId);
      await runs.call('cancelGroup', { focusGroupId });
      return c.json({ done: true } as const, 200);
    })
    .openapi(setLimits, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await ownGroup(c.get('user'), focusGroupId);
      await runs.call('changeGroupLimits', { focusGroupId, limits: c.req.valid('json') });
      return c.json({ done: true } as const, 200);
    })
    .openapi(remove, async (c) => {
      const { focusGroupId } = c.req.valid('param');
      await ownGroup(c.get('user'), focusGroupId);
      await runs.call('deleteGroup', { focusGroupId });
      return c.json({ done: true } as const, 200);
    });
}

function checkView({ guide, preview, ...rest }: GroupCheck): z.infer<typeof schemas.groupCheck> {
  const { problems, warnings } = guide;
  return {
    ...rest,
    guide: { ...guide, problems: shownFindings(problems), warnings: shownFindings(warnings) },
    preview: preview && {
      participants: preview.dryRun.participants,
      rounds: preview.dryRun.rounds,
      calls: preview.dryRun.calls,
      inputTokens: preview.dryRun.inputTokens,
      outputTokens: preview.dryRun.outputTokens,
      costUsd: preview.costUsd,
      firstPrompts: preview.dryRun.first.map(({ messages }) => previewPrompt(messages)),
    },
  };
}
