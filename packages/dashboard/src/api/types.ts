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
export type WorkerView = Answer<typeof api.workers.$get>['workers'][number];
export type Models = Answer<typeof api.models.$get>;
export type SurveyCheck = Answer<typeof api.surveys.check.$post>;
export type SurveySubmission = InferRequestType<typeof api.surveys.$post>['json'];

/** What an event `task` holds. */
export type { TaskLive };
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

type OneGroup = (typeof api)['focus-groups'][':focusGroupId'];

export type GroupPage = Answer<(typeof api)['focus-groups']['$get']>;
export type ListedGroup = GroupPage['groups'][number];
export type GroupCheck = Answer<(typeof api)['focus-groups']['check']['$post']>;
export type GroupDetail = Answer<OneGroup['$get']>;
export type Participant = GroupDetail['participants'][number];
export type GroupState = GroupDetail['state'];
export type GroupTurns = Answer<OneGroup['turns']['$get']>;
export type GroupTurn = GroupTurns['turns'][number];
export type GroupRound = Extract<GroupTurn['content'], { kind: 'round' }>;
export type GroupReply = GroupRound['replies'][number];
export type GroupResults = Answer<OneGroup['results']['$get']>;
export type GroupPoll = GroupResults['polls'][number];
export type Theme = GroupResults['analysis']['themes'][number];

/** What an event `reply` holds. */
export interface NewReply {
  readonly taskId: string;
  /** A turn with at least this revision has the reply already. */
  readonly sequence: number;
  readonly reply: GroupReply;
}
