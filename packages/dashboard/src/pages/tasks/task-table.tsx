import { Link } from '@tanstack/react-router';
import { useOtherOwner } from '../../api/session.ts';
import type { TaskView } from '../../api/types.ts';
import { useTaskLive } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { TaskActions } from '../../task/task-actions.tsx';
import { TaskProgress } from '../../task/task-progress.tsx';
import { isActive } from '../../task/task-state.ts';
import styles from './task-table.module.css';

/** Tasks that are followed one by one, with their pace and cost, those under way first. The server bounds them. */
const MAX_FOLLOWED = 25;

/** A table; on a narrow screen a card for each task. Its roles are explicit: the layout of cards would remove them. */
export function TaskTable({ tasks }: { tasks: readonly TaskView[] }) {
  const messages = useMessages('tasks');
  const activeFirst = [...tasks.filter(isActive), ...tasks.filter((task) => !isActive(task))];
  const followed = new Set(activeFirst.slice(0, MAX_FOLLOWED));
  const headings = [
    messages.task,
    messages.status,
    messages.progressColumn,
    messages.pace,
    messages.cost,
    messages.created,
  ];
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: see above
    <table role="table" className={styles.table} aria-label={messages.title}>
      <thead role="rowgroup">
        <tr role="row">
          {headings.map((heading) => (
            <th key={heading} role="columnheader" scope="col">
              {heading}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span className="visually-hidden">{messages.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {tasks.map((task) => (
          <TaskRow key={task.taskId} listed={task} isFollowed={followed.has(task)} />
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: see above
  );
}

function TaskRow({ listed, isFollowed }: { listed: TaskView; isFollowed: boolean }) {
  const messages = useMessages('tasks');
  const format = useFormat();
  const live = useTaskLive(isFollowed ? listed.taskId : null);
  // Either may be the newer one.
  const task = live !== undefined && live.task.revision >= listed.revision ? live.task : listed;
  const { ratePerSecond = null, secondsLeft = null, inFlight = 0 } = live?.progress ?? {};
  const owner = useOtherOwner(task.owner);
  const isPlain = task.kind === 'other';
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: as above
    <tr role="row">
      <th role="rowheader" scope="row" className={styles.task}>
        <TaskLink task={task} />
        <span className={styles.details}>
          {isPlain ? task.taskKey : messages.kinds[task.kind]}
          {task.model !== null && <> · {task.model}</>}
          {owner !== null && <> · {messages.owner(owner)}</>}
        </span>
      </th>
      <td role="cell" className={styles.status}>
        <StatusBadge status={task.status} />
        {live?.wait != null && <span className={styles.details}>{messages.waiting}</span>}
        {task.isQuarantined && <span className={styles.details}>{messages.quarantined}</span>}
      </td>
      <td role="cell" className={styles.progress}>
        <TaskProgress
          total={task.totalCount}
          succeeded={task.successCount}
          failed={task.failedCount}
          inFlight={inFlight}
          label={task.title}
        />
        <span className={styles.details}>
          {messages.progress(format.whole(task.completedCount), format.whole(task.totalCount))}
          {task.failedCount > 0 && (
            <span className={styles.failed}> · {messages.failed(format.whole(task.failedCount))}</span>
          )}
        </span>
      </td>
      <td role="cell">
        {ratePerSecond !== null && messages.perMinute(format.whole(ratePerSecond * 60))}
        {secondsLeft !== null && task.status === 'running' && (
          <span className={styles.details}>{messages.left(format.duration(secondsLeft * 1_000))}</span>
        )}
      </td>
      <td role="cell">
        <Cost task={task} spending={live?.spending ?? null} />
      </td>
      <td role="cell" className={styles.created}>
        {format.dateTime(task.createdAt)}
      </td>
      <td role="cell" className={styles.actions}>
        <div className={styles.buttons}>
          <TaskActions task={task} />
        </div>
      </td>
    </tr>
    // biome-ignore-end lint/a11y/noRedundantRoles: as above
  );
}

function TaskLink({ task: { taskId, title, focusGroupId } }: { task: TaskView }) {
  return focusGroupId === null ? (
    <Link to="/tasks/$taskId" params={{ taskId }} dir="auto">
      {title}
    </Link>
  ) : (
    <Link to="/groups/$groupId" params={{ groupId: focusGroupId }} dir="auto">
      {title}
    </Link>
  );
}

/** What it has cost, or the tokens where the price isn't known, against its limit. */
function Cost({
  task: { limits },
  spending,
}: {
  task: TaskView;
  spending: { costUsd: number | null; inputTokens: number; outputTokens: number } | null;
}) {
  const messages = useMessages('tasks');
  const format = useFormat();
  const { maxCostUsd = null, maxTokens = null } = limits ?? {};
  const tokens = spending === null ? null : spending.inputTokens + spending.outputTokens;
  const limit =
    maxCostUsd !== null
      ? format.usd(maxCostUsd)
      : maxTokens !== null
        ? messages.tokens(format.compact(maxTokens))
        : null;
  return (
    <>
      {spending !== null && spending.costUsd !== null && format.usd(spending.costUsd)}
      {spending?.costUsd === null && tokens !== null && messages.tokens(format.compact(tokens))}
      {limit !== null && spending !== null && (
        <span className={styles.details}>{messages.ofLimit(limit)}</span>
      )}
    </>
  );
}
