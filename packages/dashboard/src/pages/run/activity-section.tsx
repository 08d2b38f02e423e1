import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { TaskLive, TaskView } from '../../api/types.ts';
import { useFreshResults } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { timelineQuery } from '../../task/task-queries.ts';
import styles from './activity-section.module.css';
import { activitySeries, type RefusalSample, withSample } from './activity-series.ts';

const TimeChart = lazy(() => import('../../charts/time-chart.tsx'));

/** Answers, failures and refusals a minute. */
export function ActivitySection({ task, live }: { task: TaskView; live: TaskLive | undefined }) {
  const messages = useMessages('run');
  const format = useFormat();
  const { taskId } = task;
  const query = useQuery(timelineQuery(taskId));
  useFreshResults(taskId, [timelineQuery(taskId).queryKey]);
  const refusals = useRefusals(live);
  const isRunning = task.status === 'running';
  const series = useMemo(
    () => query.data && activitySeries(query.data, refusals, isRunning),
    [query.data, refusals, isRunning],
  );
  const [answered, failed] = [series?.answered.at(-1), series?.failed.at(-1)];
  const latest =
    answered === undefined || failed === undefined
      ? messages.activityEmpty
      : messages.latest(format.whole(answered), format.whole(failed));
  return (
    <Section title={messages.activity}>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {series !== undefined && series.times.length > 0 && (
        <Suspense fallback={<Loading />}>
          <TimeChart
            label={latest}
            timeName={messages.time}
            times={series.times}
            lines={[
              { name: messages.answersPerMinute, color: '--bar', values: series.answered, isFilled: true },
              { name: messages.failuresPerMinute, color: '--bad', values: series.failed },
              { name: messages.refusalsPerMinute, color: '--warn', values: series.refused },
            ]}
          />
        </Suspense>
      )}
      {series !== undefined && (isRunning || series.times.length === 0) && (
        <p className={styles.hint}>{latest}</p>
      )}
      {isRunning && <p className={styles.hint}>{messages.activityHint}</p>}
    </Section>
  );
}

/** What the throttle has counted since the page was opened. */
function useRefusals(live: TaskLive | undefined): readonly RefusalSample[] {
  const [samples, setSamples] = useState<readonly RefusalSample[]>([]);
  const refused =
    live === undefined || live.accounts.length === 0
      ? null
      : live.accounts.reduce((sum, account) => sum + account.refused, 0);
  useEffect(() => {
    if (refused !== null) setSamples((before) => withSample(before, { at: Date.now(), refused }));
  }, [refused]);
  return samples;
}
