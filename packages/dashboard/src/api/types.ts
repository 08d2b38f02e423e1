import type { InferRequestType } from 'hono/client';
import type { TaskLive } from 'panelist/server';
import type { api, Value } from './client.ts';

type Answer<Endpoint extends (...args: never[]) => unknown> = Value<Awaited<ReturnType<Endpoint>>>;

export type Session = Answer<typeof api.session.$get>;
export type TaskPage = Answer<typeof api.tasks.$get>;
export type TaskDetail = Answer<(typeof api.tasks)[':taskId']['$get']>;
export type TaskView = TaskDetail['task'];
export type SurveyOfTask = NonNullable<TaskDetail['survey']>;
export type RunSpending = NonNullable<TaskDetail['spending']>;
export type RunLimits = NonNullable<TaskView['limits']>;
export type TaskKind = TaskView['kind'];
export type Models = Answer<typeof api.models.$get>;
export type SurveyCheck = Answer<typeof api.surveys.check.$post>;
export type SurveySubmission = InferRequestType<typeof api.surveys.$post>['json'];

/** What an event `task` holds. */
export type { TaskLive };
export type Progress = TaskLive['progress'];
export type RunWait = NonNullable<TaskLive['wait']>;
export type AccountFigures = TaskLive['accounts'][number];

export type Summary = Answer<(typeof api.tasks)[':taskId']['summary']['$get']>;
export type QuestionSummary = Summary['questions'][number];
export type DistributionRow = QuestionSummary['rows'][number];
export type Interval = NonNullable<DistributionRow['interval']>;
export type CrossTable = Summary['crossTables'][number]['tables'][number];
export type FailureGroups = Answer<(typeof api.tasks)[':taskId']['failures']['$get']>;
export type FailureGroup = FailureGroups['groups'][number];
export type Timeline = Answer<(typeof api.tasks)[':taskId']['timeline']['$get']>;

export type Turn = unknown;
export type Reply = unknown;
