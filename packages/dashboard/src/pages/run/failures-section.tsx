import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../../api/client.ts';
import { useMayChangeOf } from '../../api/session.ts';
import type { FailureGroup, TaskView } from '../../api/types.ts';
import { useFreshResults } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { failuresQuery } from '../../task/task-queries.ts';
import { isActive, optionsOf } from '../../task/task-state.ts';
import styles from './failures-section.module.css';

/** Reading failures goes through all of them. */
const EVERY_MS = 2_000;
/** The commonest causes; the others unfold. */
const MAX_SHOWN = 5;

/** What failed, by cause, and what it would cost to try it again. */
export function FailuresSection({ task }: { task: TaskView }) {
  const messages = useMessages('run');
  const format = useFormat();
  const { taskId } = task;
  const query = useQuery(failuresQuery(taskId));
  useFreshResults(taskId, [failuresQuery(taskId).queryKey], EVERY_MS);
  const { groups = [], others = 0 } = query.data ?? {};
  return (
    <Section title={messages.failures}>
      {query.isPending && <Loading />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <Groups task={task} groups={groups.slice(0, MAX_SHOWN)} />
      {groups.length > MAX_SHOWN && (
        <details>
          <summary>{messages.moreCauses(format.whole(groups.length - MAX_SHOWN))}</summary>
          <Groups task={task} groups={groups.slice(MAX_SHOWN)} />
        </details>
      )}
      {others > 0 && <p className={styles.none}>{messages.otherFailures(format.whole(others))}</p>}
      {groups.length > 0 && isActive(task) && <p className={styles.none}>{messages.retryWhenOver}</p>}
    </Section>
  );
}

function Groups({ task, groups }: { task: TaskView; groups: readonly FailureGroup[] }) {
  return (
    <ul className={styles.groups}>
      {groups.map((group) => (
        <Group key={group.code} task={task} group={group} />
      ))}
    </ul>
  );
}

function Group({ task, group }: { task: TaskView; group: FailureGroup }) {
  const messages = useMessages('run');
  const format = useFormat();
  const toasts = useToasts();
  const queries = useQueryClient();
  const mayChange = useMayChangeOf(task.owner);
  const { code, status, count, message, retry } = group;
  const retrying = useMutation({
    mutationFn: () =>
      read(
        api.tasks[':taskId']['retry-failed'].$post({
          param: { taskId: task.taskId },
          json: { codes: [code] },
        }),
      ),
    onSuccess: ({ retried }) => {
      toasts.show({ kind: 'good', title: messages.heldAgain(format.whole(retried), retried === 1) });
      return queries.invalidateQueries({ queryKey: ['task', task.taskId] });
    },
    onError: toasts.showError,
  });
  const price =
    retry === null
      ? null
      : retry.costUsd === null
        ? messages.retryTokens(format.compact(retry.inputTokens + retry.outputTokens))
        : messages.retryCost(format.usd(retry.costUsd));
  return (
    <li className={styles.group}>
      <p className={styles.cause}>
        <code>{code}</code>
        {status !== null && !code.includes(String(status)) && <span>HTTP {status}</span>}
        <span>{messages.interviews(format.whole(count), count === 1)}</span>
      </p>
      <p dir="auto">{message}</p>
      {mayChange && optionsOf(task).retry && (
        <p className={styles.retry}>
          <Button isBusy={retrying.isPending} onClick={() => retrying.mutate()}>
            {messages.retryThese(format.whole(count))}
          </Button>
          {price !== null && <span>{price}</span>}
        </p>
      )}
    </li>
  );
}
