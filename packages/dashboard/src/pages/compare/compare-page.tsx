import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMessages } from '../../messages/language-provider.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../parts/states.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import styles from './compare-page.module.css';
import { compareWithPeople, type People, runsQuery } from './comparison-query.ts';
import { ComparisonView } from './comparison-view.tsx';
import { PeopleForm } from './people-form.tsx';
import { RunChoice } from './run-choice.tsx';

const route = getRouteApi('/compare');

/** A run beside another, or beside people's answers. */
export function ComparePage() {
  const messages = useMessages('compare');
  const { task, other } = route.useSearch();
  const navigate = route.useNavigate();
  const runs = useQuery({
    ...runsQuery(task ?? '', other ?? ''),
    enabled: task !== undefined && other !== undefined,
  });
  const people = useMutation({ mutationFn: (given: People) => compareWithPeople(task ?? '', given) });
  const isOfPeople = other === undefined;
  const { data, error, isLoading } = isOfPeople
    ? { data: people.data, error: people.error, isLoading: people.isPending }
    : { data: runs.data, error: runs.error, isLoading: runs.isPending && task !== undefined };
  const choose = (changed: { task?: string | undefined; other?: string | undefined }): void => {
    people.reset();
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  };
  return (
    <Page title={messages.title} actions={<SyntheticLabel />}>
      <div className={styles.sides}>
        <section className={styles.side} aria-label={messages.first}>
          <h2>{messages.first}</h2>
          <RunChoice value={task} onChange={(chosen) => choose({ task: chosen })} />
        </section>
        <section className={styles.side} aria-label={messages.with}>
          <h2>{messages.with}</h2>
          <RunChoice
            value={other}
            except={task}
            none={messages.people}
            onChange={(chosen) => choose({ other: chosen })}
          />
          {isOfPeople && task !== undefined && (
            <PeopleForm isBusy={people.isPending} onCompare={(given) => people.mutate(given)} />
          )}
        </section>
      </div>
      {isLoading && <Loading label={messages.loading} />}
      {error !== null && <ErrorState error={error} />}
      {data !== undefined && <ComparisonView comparison={data} isOfPeople={isOfPeople} />}
      {data === undefined && error === null && !isLoading && (
        <EmptyState title={messages.emptyTitle}>
          <p>{messages.emptyBody}</p>
        </EmptyState>
      )}
    </Page>
  );
}
