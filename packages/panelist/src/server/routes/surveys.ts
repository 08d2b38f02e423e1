import { createRoute, type z } from '@hono/zod-openapi';
import type { DraftCheck } from '../../application/surveys/survey-draft.ts';
import type { Access } from '../access/access.ts';
import type { ServerContext } from '../context.ts';
import { portableError } from '../errors/portable-error.ts';
import { fileOf } from '../files-of-request.ts';
import { submitted, surveyCheck, surveyCheckRequest, surveySubmission } from '../schemas/surveys.ts';
import { answers, jsonBody, previewPrompt, resource, shownFindings } from './route-parts.ts';

const check = createRoute({
  method: 'post',
  path: '/surveys/check',
  operationId: 'checkSurvey',
  tags: ['surveys'],
  summary: 'What is wrong with a survey and its audience, what it would ask, and what it would cost',
  description: 'Starts nothing. What is wrong is in the answer, with its line; the status is 200 then, too.',
  request: { body: jsonBody(surveyCheckRequest) },
  responses: answers(surveyCheck, 'Problems, and a preview where there are none.'),
});

const submit = createRoute({
  method: 'post',
  path: '/surveys',
  operationId: 'submitSurvey',
  tags: ['surveys'],
  summary: 'Send a survey out',
  description:
    'Idempotent: the same survey to the same audience joins the run that is under way, or is the finished one.',
  request: { body: jsonBody(surveySubmission) },
  responses: answers(submitted, 'The task, and whether this request created it.'),
});

export function surveyRoutes(context: ServerContext, access: Access) {
  const { threads, runs, models } = context;
  return resource()
    .openapi(check, async (c) => {
      const { survey, audience, model: id, ...settings } = c.req.valid('json');
      const model = id === null ? null : models.find(id);
      const draft = {
        ...settings,
        survey: await fileOf(context, survey),
        audience: audience === null ? null : await fileOf(context, audience),
        model: model?.id ?? null,
        baseUrl: model?.baseUrl ?? undefined,
      };
      const found = await threads.run('checkSurvey', { draft }, { signal: c.req.raw.signal });
      return c.json(checkView(found), 200);
    })
    .openapi(submit, async (c) => {
      const { survey, audience, model: id, limits = {}, ...settings } = c.req.valid('json');
      const { id: model, baseUrl } = models.find(id);
      threads.warm('submissions');
      const draft = {
        ...settings,
        survey: await fileOf(context, survey),
        audience: await fileOf(context, audience),
        model,
        baseUrl: baseUrl ?? undefined,
      };
      // A survey that has finished needs no key any more: the thread knows whether it has.
      const modelError = await runs
        .call('checkModel', { model, baseUrl, limits })
        .then(() => null, portableError);
      const owner = c.get('user').name;
      const { hasOwners } = access;
      const submission = { draft, limits, owner, hasOwners, modelError };
      const { isToRun, ...task } = await threads.run('submitSurvey', submission);
      if (isToRun) await runs.run(task.taskId);
      return c.json(task, 200);
    });
}

function checkView({ survey, audience, preview, problem }: DraftCheck): z.infer<typeof surveyCheck> {
  const { file: _, problems, warnings, skipped, byKind, ...rest } = survey;
  return {
    survey: {
      ...rest,
      problems: shownFindings(problems),
      warnings: shownFindings(warnings),
      skipped: shownFindings(skipped),
      byKind: { ...byKind },
    },
    audience: audience && { ...audience, columns: [...audience.columns] },
    preview: preview && previewView(preview),
    problem,
  };
}

function previewView({
  dryRun,
  costUsd,
  measurements,
}: NonNullable<DraftCheck['preview']>): NonNullable<z.infer<typeof surveyCheck>['preview']> {
  const { first, interviews, sampled, callsPerInterview, calls, inputTokens, outputTokens } = dryRun;
  return {
    interviews,
    sampled,
    callsPerInterview,
    calls,
    inputTokens,
    outputTokens,
    costUsd,
    firstPrompt: previewPrompt(first.requests[0]?.messages ?? []),
    measurements: measurements.map(({ question, level, basis }) => ({ question, level, basis })),
  };
}
