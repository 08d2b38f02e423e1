import { useQuery } from '@tanstack/react-query';
import type { TaskView } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { taskQuery, tasksQuery } from '../../task/task-queries.ts';
import styles from './compare-page.module.css';

const MOST_LISTED = 200;

/** One of the surveys, the newest first. */
export function RunChoice({
  value,
  except,
  none,
  onChange,
}: {
  value: string | undefined;
  /** Not offered. */
  except?: string | undefined;
  /** What no run means. */
  none?: string;
  onChange: (taskId: string | undefined) => void;
}) {
  const messages = useMessages('compare');
  const format = useFormat();
  const query = useQuery(tasksQuery({ kind: 'survey', limit: MOST_LISTED }));
  const listed = (query.data?.tasks ?? []).filter(({ taskId }) => taskId !== except);
  // An address may name an older one.
  const isListed = value === undefined || listed.some(({ taskId }) => taskId === value);
  const own = useQuery({ ...taskQuery(value ?? ''), enabled: !isListed && query.isSuccess });
  const tasks: readonly TaskView[] = own.data === undefined || isListed ? listed : [own.data.task, ...listed];
  return (
    <label className={styles.field}>
      {messages.run}
      <select value={value ?? ''} onChange={({ target }) => onChange(target.value || undefined)}>
        <option value="">{none ?? messages.choose}</option>
        {tasks.map(({ taskId, title, model, createdAt, successCount }) => (
          <option key={taskId} value={taskId}>
            {messages.option(title, model ?? '–', format.whole(successCount), format.dateTime(createdAt))}
          </option>
        ))}
      </select>
    </label>
  );
}
