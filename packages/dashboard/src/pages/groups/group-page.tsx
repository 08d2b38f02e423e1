import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { isNotFound } from '../../api/api-error.ts';
import { useMayChangeOf, useOtherOwner } from '../../api/session.ts';
import type { GroupDetail, GroupTurns } from '../../api/types.ts';
import { useFormat, useMessages } from '../../messages/language-provider.tsx';
import { Button, buttonClass } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { EmptyState, ErrorState, Loading, OutOfDate } from '../../parts/states.tsx';
import { SyntheticLabel } from '../../parts/synthetic-label.tsx';
import { useAnnouncer } from './announcer.tsx';
import { GroupActions } from './group-actions.tsx';
import styles from './group-page.module.css';
import { GroupStatus } from './group-status.tsx';
import { HostBox } from './host-box.tsx';
import { LimitsSection } from './limits-section.tsx';
import { ParticipantsSection } from './participants-section.tsx';
import { PlanSection } from './plan-section.tsx';
import { PollDialog } from './poll-dialog.tsx';
import { ResultsView } from './results-view.tsx';
import { StateBadge } from './state-badge.tsx';
import { Transcript } from './transcript.tsx';
import { useGroup } from './use-group.ts';
import { WaitingRequests } from './waiting-requests.tsx';

const route = getRouteApi('/groups/$groupId');

/** Both views have the same path. */
const viewOptions = { exact: true, includeSearch: true, explicitUndefined: true };

/** The room: who takes part, what is said, what the host says next. */
export function GroupPage() {
  const { groupId } = route.useParams();
  return <Room key={groupId} focusGroupId={groupId} />;
}

function Room({ focusGroupId }: { focusGroupId: string }) {
  const messages = useMessages('groups');
  const { view } = route.useSearch();
  const [people, setPeople] = useState<GroupDetail['participants']>();
  const announcer = useAnnouncer(people);
  const { detail, turns } = useGroup(focusGroupId, announcer.onEvent);
  const group = detail.data;
  if (group !== undefined && people !== group.participants) setPeople(group.participants);
  if (group === undefined)
    return (
      <Page title={messages.room}>
        {detail.isError ? (
          <ErrorState error={detail.error} onRetry={() => detail.refetch()} />
        ) : (
          <Loading label={messages.loadingRoom} />
        )}
      </Page>
    );
  if (isNotFound(detail.error))
    return (
      <Page title={group.title}>
        <div role="alert">
          <EmptyState title={messages.gone}>
            <Link to="/groups" className={buttonClass()}>
              {messages.toList}
            </Link>
          </EmptyState>
        </div>
      </Page>
    );
  return (
    <Page title={group.title} eyebrow={<Facts group={group} />} actions={<GroupActions group={group} />}>
      <p className="visually-hidden" role="status" aria-live="polite">
        {announcer.text}
      </p>
      {detail.isError && <OutOfDate error={detail.error} onRetry={() => detail.refetch()} />}
      <GroupStatus group={group} />
      <nav className={styles.views} aria-label={messages.views}>
        <Link
          to="/groups/$groupId"
          params={{ groupId: focusGroupId }}
          search={{}}
          className={buttonClass()}
          activeOptions={viewOptions}
        >
          {messages.talk}
        </Link>
        <Link
          to="/groups/$groupId"
          params={{ groupId: focusGroupId }}
          search={{ view: 'results' }}
          className={buttonClass()}
          activeOptions={viewOptions}
        >
          {messages.results}
        </Link>
      </nav>
      {view === 'results' ? (
        <ResultsView group={group} />
      ) : turns.data === undefined ? (
        turns.isError ? (
          <ErrorState error={turns.error} onRetry={() => turns.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <Talk group={group} turns={turns.data} />
      )}
    </Page>
  );
}

function Talk({ group, turns }: { group: GroupDetail; turns: GroupTurns }) {
  const messages = useMessages('groups');
  const mayChange = useMayChangeOf(group.state.owner);
  const [isPolling, setIsPolling] = useState(false);
  return (
    <div className={styles.columns}>
      <div className={styles.talk}>
        <Transcript group={group} data={turns} />
        <WaitingRequests group={group} turns={turns.turns} />
        {mayChange ? (
          <HostBox
            group={group}
            actions={<Button onClick={() => setIsPolling(true)}>{messages.poll}</Button>}
          />
        ) : (
          <p className={styles.readOnly}>{messages.readOnly}</p>
        )}
        {isPolling && <PollDialog focusGroupId={group.focusGroupId} onClose={() => setIsPolling(false)} />}
      </div>
      <div className={styles.side}>
        <ParticipantsSection group={group} turns={turns.turns} />
        <PlanSection group={group} />
        <LimitsSection group={group} />
      </div>
    </div>
  );
}

function Facts({ group }: { group: GroupDetail }) {
  const messages = useMessages('groups');
  const format = useFormat();
  const owner = useOtherOwner(group.state.owner);
  const { inputTokens, outputTokens, costUsd } = group.spending;
  return (
    <div className={styles.facts}>
      <StateBadge status={group.state.status} />
      <SyntheticLabel />
      <span>{messages.playedBy(group.model)}</span>
      {owner !== null && <span>{messages.by(owner)}</span>}
      <time dateTime={group.createdAt}>{format.dateTime(group.createdAt)}</time>
      <span>
        {messages.figures}: {messages.tokens(format.compact(inputTokens + outputTokens))}
        {costUsd !== null && `, ${format.usd(costUsd)}`}
      </span>
      <code>{group.focusGroupId}</code>
    </div>
  );
}
