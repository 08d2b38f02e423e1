import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import type { TaskView } from '../../api/types.ts';
import { useFreshResults } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { timelineQuery } from '../../task/task-queries.ts';
import styles from './activity-section.module.css';
import { activitySeries } from './activity-series.ts';

const TimeChart = lazy(() => import('../../charts/time-chart.tsx'));

/** Answers, failures and refusals a minute. */
export function ActivitySection({ task }: { task: TaskView }) {
  const messages = useMessages('run');
  const format = useFormat();
  const { taskId } = task;
  const query = useQuery(timelineQuery(taskId));
  useFreshResults(taskId, [timelineQuery(taskId).queryKey]);
  const isRunning = task.status === 'running';
  const series = useMemo(() => query.data && activitySeries(query.data, isRunning), [query.data, isRunning]);
  const [answered, failed] = [series?.answered.at(-1), series?.failed.at(-1)];
  const latest =
    answered === undefined || failed === undefined
      ? messages.activityEmpty
      : messages.latest(format.whole(answered), format.whole(failed));
  return (
    <Section title={messages.activity}>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {series !== undefined && series.times.length > 1 && (
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
      {series !== undefined && (isRunning || series.times.length < 2) && (
        <p className={styles.hint}>{latest}</p>
      )}
    </Section>
  );
}
