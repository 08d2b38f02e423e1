import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isNotFound } from '../../api/api-error.ts';
import { sessionQuery, useOtherOwner } from '../../api/session.ts';
import type { SurveyOfTask, TaskLive, TaskView } from '../../api/types.ts';
import { useTaskGone, useTaskLive } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { ErrorState, Loading, OutOfDate } from '../../parts/states.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import { TaskActions } from '../../task/task-actions.tsx';
import { TaskGone } from '../../task/task-gone.tsx';
import { taskQuery } from '../../task/task-queries.ts';
import { isActive } from '../../task/task-state.ts';
import { ActivitySection } from './activity-section.tsx';
import { DownloadsSection } from './downloads-section.tsx';
import { FailuresSection } from './failures-section.tsx';
import { LimitsSection } from './limits-section.tsx';
import { ProgressSection } from './progress-section.tsx';
import { ProviderSection } from './provider-section.tsx';
import { ResultsSection } from './results-section.tsx';
import styles from './run-page.module.css';
import { ShareButton } from './share-button.tsx';
import { WhyNotRunning } from './why-not-running.tsx';

const route = getRouteApi('/tasks/$taskId');

export function RunPage() {
  const { taskId } = route.useParams();
  return <Run key={taskId} taskId={taskId} />;
}

/** The stream has the task's figures sooner than the detail is read: they are shown as they come. */
function Run({ taskId }: { taskId: string }) {
  const messages = useMessages('run');
  const tasks = useMessages('tasks');
  const navigate = useNavigate();
  const query = useQuery(taskQuery(taskId));
  const live = useTaskLive(taskId);
  const task = newest(query.data?.task, live);
  useFreshDetail(query.data?.task, live);
  const isGone = useTaskGone(taskId);
  if (isGone || (task !== undefined && isNotFound(query.error)))
    return (
      <Page title={task?.title ?? tasks.task}>
        <TaskGone />
      </Page>
    );
  if (task === undefined)
    return (
      <Page title={tasks.task}>
        {query.isError ? (
          <ErrorState error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <Loading label={messages.loading} />
        )}
      </Page>
    );
  const { survey = null, spending = null } = query.data ?? {};
  const spent = live?.spending ?? spending;
  const isSurvey = task.kind === 'survey';
  const canGoOn = isActive(task);
  const activity = <ActivitySection task={task} />;
  return (
    <Page
      title={task.title}
      eyebrow={<Facts task={task} survey={survey} />}
      actions={
        <>
          {isSurvey && <Links taskId={taskId} />}
          <ShareButton taskId={taskId} />
          <TaskActions task={task} onDone={(done) => done === 'delete' && void navigate({ to: '/' })} />
        </>
      }
    >
      {query.isError && <OutOfDate error={query.error} onRetry={() => query.refetch()} />}
      <WhyNotRunning task={task} live={live} spending={spent} />
      <div className={styles.columns}>
        <ProgressSection task={task} live={live} spending={spent} />
        {canGoOn && <ProviderSection task={task} live={live} />}
        {canGoOn && <LimitsSection task={task} />}
        {!canGoOn && activity}
      </div>
      <div className={styles.columns}>
        {canGoOn && activity}
        {task.failedCount > 0 && <FailuresSection task={task} />}
      </div>
      {survey !== null && <ResultsSection task={task} survey={survey} />}
      {isSurvey && <DownloadsSection taskId={taskId} />}
    </Page>
  );
}

/** What the stream says and what was read may each be the newer one. */
function newest(read: TaskView | undefined, live: TaskLive | undefined): TaskView | undefined {
  return live !== undefined && live.task.revision >= (read?.revision ?? 0) ? live.task : read;
}

/** The detail is read again when the run ends: what it cost is final then. */
function useFreshDetail(read: TaskView | undefined, live: TaskLive | undefined): void {
  const queries = useQueryClient();
  const taskId = read?.taskId;
  const hasChanged = read !== undefined && live !== undefined && live.task.status !== read.status;
  useEffect(() => {
    if (taskId === undefined || !hasChanged) return;
    void queries.invalidateQueries({ queryKey: taskQuery(taskId).queryKey, exact: true });
  }, [queries, taskId, hasChanged]);
}

function Facts({ task, survey }: { task: TaskView; survey: SurveyOfTask | null }) {
  const messages = useMessages('run');
  const tasks = useMessages('tasks');
  const format = useFormat();
  const owner = useOtherOwner(task.owner);
  return (
    <div className={styles.facts}>
      <StatusBadge status={task.status} />
      {task.kind === 'survey' && <SyntheticLabel />}
      {survey !== null && <span>{messages.details(survey.survey, survey.audience)}</span>}
      {survey !== null && survey.replicates > 1 && <span>{messages.replicates(survey.replicates)}</span>}
      {task.model !== null && <span>{task.model}</span>}
      {owner !== null && <span>{tasks.owner(owner)}</span>}
      <time dateTime={task.createdAt}>{format.dateTime(task.createdAt)}</time>
      <code>{task.taskId}</code>
    </div>
  );
}

function Links({ taskId }: { taskId: string }) {
  const messages = useMessages('run');
  // A shared link shows one run, so there is none to compare it with.
  const isShared = useQuery(sessionQuery).data?.taskId != null;
  return (
    <>
      <Link to="/tasks/$taskId/answers" params={{ taskId }} className={buttonClass()}>
        {messages.answers}
      </Link>
      {!isShared && (
        <Link to="/compare" search={{ task: taskId }} className={buttonClass()}>
          {messages.compare}
        </Link>
      )}
    </>
  );
}
