import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useMayChange } from '../../api/session.ts';
import type { ListedGroup } from '../../api/types.ts';
import { atMostEvery } from '../../live/at-most-every.ts';
import { useLive } from '../../live/use-live.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../parts/states.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import { groupsQuery } from './group-queries.ts';
import styles from './groups-page.module.css';
import { StateBadge } from './state-badge.tsx';

const route = getRouteApi('/groups');

/** All focus groups, the newest first. */
export function GroupsPage() {
  const messages = useMessages('groups');
  const mayChange = useMayChange();
  const { after } = route.useSearch();
  const query = useQuery(groupsQuery(after));
  useFreshGroups();
  const groups = query.data?.groups ?? [];
  const create = (
    <Link to="/new-group" className={buttonClass('primary')}>
      {messages.newGroup}
    </Link>
  );
  return (
    <Page title={messages.title} actions={mayChange && create}>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.isPending && <Loading label={messages.loading} />}
      {query.isSuccess && groups.length === 0 && (
        <EmptyState title={messages.emptyTitle}>
          <p>{messages.emptyBody}</p>
          {mayChange && create}
          <p>{messages.emptyCommand}</p>
        </EmptyState>
      )}
      {groups.length > 0 && <GroupTable groups={groups} />}
      <nav className={styles.pages} aria-label={messages.title}>
        {after !== undefined && (
          <Link to="/groups" search={{}} className={buttonClass()}>
            {messages.newest}
          </Link>
        )}
        {query.data?.next != null && (
          <Link to="/groups" search={{ after: query.data.next }} className={buttonClass()}>
            {messages.older}
          </Link>
        )}
      </nav>
    </Page>
  );
}

function GroupTable({ groups }: { groups: readonly ListedGroup[] }) {
  const messages = useMessages('groups');
  const { columns } = messages;
  const format = useFormat();
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{columns.group}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" className={styles.figure}>
              {columns.participants}
            </th>
            <th scope="col" className={styles.figure}>
              {columns.rounds}
            </th>
            <th scope="col" className={styles.figure}>
              {columns.replies}
            </th>
            <th scope="col" className={styles.figure}>
              {columns.failed}
            </th>
            <th scope="col">{columns.created}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.focusGroupId}>
              <th scope="row">
                <Link to="/groups/$groupId" params={{ groupId: group.focusGroupId }} dir="auto">
                  {group.title || group.focusGroupId}
                </Link>
                <div className={styles.soft}>
                  <code>{group.focusGroupId}</code> {messages.playedBy(group.model)} <SyntheticLabel />
                </div>
              </th>
              <td>
                <StateBadge status={group.state.status} />
              </td>
              <td className={styles.figure} data-label={columns.participants}>
                {format.whole(group.participants)}
              </td>
              <td className={styles.figure} data-label={columns.rounds}>
                {format.whole(group.rounds)}
              </td>
              <td className={styles.figure} data-label={columns.replies}>
                {format.whole(group.replies)}
              </td>
              <td className={styles.figure} data-label={columns.failed}>
                {format.whole(group.failed)}
              </td>
              <td data-label={columns.created}>
                <time dateTime={group.createdAt}>{format.dateTime(group.createdAt)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A turn of any group changes the list: it is read again, at most once a second. */
function useFreshGroups(): void {
  const queries = useQueryClient();
  const again = useRef(atMostEvery(1_000, () => void queries.invalidateQueries({ queryKey: ['groups'] })));
  useEffect(() => () => again.current.cancel(), []);
  useLive({ kind: 'list' }, (event) => {
    const isOfGroup =
      event.type === 'tasks' &&
      (event.removed.length > 0 || event.changed.some(({ focusGroupId }) => focusGroupId !== null));
    if (isOfGroup) again.current.call();
    // Changes are sent from the server's first look on: what is read now may be older than that.
    else if (event.type === 'opened' || event.type === 'reopened') again.current.callTwice();
  });
}
