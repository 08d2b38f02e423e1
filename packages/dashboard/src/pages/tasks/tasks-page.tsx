import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../parts/states.tsx';
import { tasksQuery } from '../../task/task-queries.ts';
import { TaskFilters } from './task-filters.tsx';
import { TaskTable } from './task-table.tsx';
import styles from './tasks-page.module.css';
import { useFreshList } from './use-fresh-list.ts';

const route = getRouteApi('/');

export function TasksPage() {
  const messages = useMessages('tasks');
  const shell = useMessages('shell');
  const search = route.useSearch();
  const query = useQuery(tasksQuery(search));
  useFreshList();
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  const tasks = query.data?.tasks ?? [];
  const isEmpty = query.isSuccess && tasks.length === 0;
  return (
    <Page
      title={messages.title}
      actions={
        <Link to="/new" className={buttonClass('primary')}>
          {shell.newSurvey}
        </Link>
      }
    >
      {!(isEmpty && !isFiltered) && <TaskFilters />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Loading />}
      {isEmpty && (isFiltered ? <NothingFound /> : <FirstTask />)}
      {tasks.length > 0 && <TaskTable tasks={tasks} />}
      <nav className={styles.pages} aria-label={messages.title}>
        {search.after !== undefined && (
          <Link to="/" search={{ ...search, after: undefined }} className={buttonClass()}>
            {messages.newest}
          </Link>
        )}
        {query.data?.next != null && (
          <Link to="/" search={{ ...search, after: query.data.next }} className={buttonClass()}>
            {messages.older}
          </Link>
        )}
      </nav>
    </Page>
  );
}

function NothingFound() {
  const messages = useMessages('tasks');
  return (
    <EmptyState title={messages.nothingFound}>
      <Link to="/" className={buttonClass()}>
        {messages.clear}
      </Link>
    </EmptyState>
  );
}

function FirstTask() {
  const messages = useMessages('tasks');
  return (
    <EmptyState title={messages.emptyTitle}>
      <p>{messages.emptyBody}</p>
      <Link to="/new" className={buttonClass('primary')}>
        {messages.emptyAction}
      </Link>
      <p>{messages.emptyCommand}</p>
    </EmptyState>
  );
}
