import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read } from '../../api/client.ts';
import type { WorkerView } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../parts/states.tsx';
import styles from './workers-page.module.css';

/** As often as a process says that it is alive. */
const LOOK_EVERY_MS = 5_000;
/** Tasks that are named of one process. */
const MAX_TASKS = 3;

const workersQuery = queryOptions({
  queryKey: ['workers'],
  queryFn: ({ signal }) => read(api.workers.$get(undefined, { init: { signal } })),
  refetchInterval: LOOK_EVERY_MS,
});

/** The processes that work on tasks, with what they do. */
export function WorkersPage() {
  const messages = useMessages('workers');
  const query = useQuery(workersQuery);
  const workers = query.data?.workers ?? [];
  return (
    <Page title={messages.title}>
      <p className={styles.intro}>{messages.intro}</p>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Loading />}
      {query.isSuccess && workers.length === 0 && (
        <EmptyState title={messages.emptyTitle}>
          <p>{messages.emptyBody}</p>
        </EmptyState>
      )}
      <ul className={styles.list} aria-label={messages.title}>
        {workers.map((worker) => (
          <WorkerItem key={worker.workerId} worker={worker} />
        ))}
      </ul>
    </Page>
  );
}

function WorkerItem({ worker }: { worker: WorkerView }) {
  const messages = useMessages('workers');
  const format = useFormat();
  const { host, pid, role, state, version, schemaVersion, inFlight, maxConcurrency, taskIds, jobs } = worker;
  const isKnown = (text: string): text is keyof typeof messages.roles => text in messages.roles;
  const named = taskIds.slice(0, MAX_TASKS);
  return (
    <li className={styles.worker} data-state={state}>
      <div className={styles.name}>
        <strong dir="auto">{host}</strong>
        <span className={styles.state}>{messages.states[state]}</span>
      </div>
      <p className={styles.details}>
        {isKnown(role) ? messages.roles[role] : role} · {messages.process(String(pid))} ·{' '}
        {messages.version(version, String(schemaVersion))}
      </p>
      <p>
        {maxConcurrency === null
          ? messages.inFlight(format.whole(inFlight))
          : messages.inFlightOf(format.whole(inFlight), format.whole(maxConcurrency))}
        {jobs !== null && <> · {messages.jobs(jobs.join(', '))}</>}
      </p>
      {named.length > 0 && (
        <p className={styles.tasks}>
          {named.map((taskId) => (
            <Link key={taskId} to="/tasks/$taskId" params={{ taskId }}>
              {taskId}
            </Link>
          ))}
          {taskIds.length > named.length && (
            <span>{messages.more(format.whole(taskIds.length - named.length))}</span>
          )}
        </p>
      )}
      <p className={styles.details}>
        {messages.since(format.dateTime(worker.startedAt), format.time(worker.seenAt))}
      </p>
    </li>
  );
}
