import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { GroupDetail, GroupTurns } from '../../api/types.ts';
import { atMostEvery } from '../../live/at-most-every.ts';
import type { LiveEvent } from '../../live/live-event.ts';
import { useLive } from '../../live/use-live.ts';
import { groupQuery, groupResultsQuery, turnsQuery } from './group-queries.ts';
import { withReply, withTurn } from './merge-turns.ts';

type Change = (known: GroupTurns) => GroupTurns;

/** How often counts and spending are read again while something is said. */
const DETAIL_EVERY_MS = 1_000;
const RESULTS_EVERY_MS = 3_000;

/** A group with its last turns, kept as they are now by live events. @param onEvent called with each of them, too */
export function useGroup(focusGroupId: string, onEvent: (event: LiveEvent) => void) {
  const queries = useQueryClient();
  const detailQuery = groupQuery(focusGroupId);
  const detail = useQuery(detailQuery);
  // Read after the detail, so that they hold at least what its cursor says.
  const turns = useQuery({ ...turnsQuery(focusGroupId, queries), enabled: detail.data !== undefined });
  /** Up to which live events were taken; `null` before the first. */
  const cursor = useRef<string>(null);
  /** What has happened while the turns were read: the answer may be older. */
  const meanwhile = useRef<Change[]>([]);
  const again = useMemo(() => {
    const { queryKey: detailKey } = groupQuery(focusGroupId);
    const { queryKey: resultsKey } = groupResultsQuery(focusGroupId);
    return {
      detail: atMostEvery(DETAIL_EVERY_MS, () => {
        void queries.invalidateQueries({ queryKey: detailKey, exact: true });
      }),
      results: atMostEvery(RESULTS_EVERY_MS, () => {
        void queries.invalidateQueries({ queryKey: resultsKey });
      }),
      all: atMostEvery(DETAIL_EVERY_MS, () => {
        void queries
          .refetchQueries({ queryKey: detailKey, exact: true })
          .then(() => queries.refetchQueries({ queryKey: turnsQuery(focusGroupId, queries).queryKey }));
      }),
    };
  }, [focusGroupId, queries]);
  useEffect(
    () => () => {
      for (const each of Object.values(again)) each.cancel();
    },
    [again],
  );

  const { queryKey: turnsKey } = turnsQuery(focusGroupId, queries);
  const changeTurns = (change: Change): void => {
    const isRead = queries.getQueryState(turnsKey)?.fetchStatus !== 'fetching';
    if (!isRead || turns.data === undefined) meanwhile.current.push(change);
    queries.setQueryData<GroupTurns>(turnsKey, (known) => known && change(known));
  };
  const { dataUpdatedAt, isFetching } = turns;
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when the turns were read
  useEffect(() => {
    if (isFetching || meanwhile.current.length === 0) return;
    const changes = meanwhile.current.splice(0);
    queries.setQueryData<GroupTurns>(
      turnsQuery(focusGroupId, queries).queryKey,
      (known) => known && changes.reduce((turns, change) => change(turns), known),
    );
  }, [queries, focusGroupId, dataUpdatedAt, isFetching]);
  useLive({ kind: 'group', id: focusGroupId }, (event) => {
    if (event.type === 'turn') {
      changeTurns((known) => withTurn(known, event.turn));
      if (event.turn.finishedAt !== null) again.results.call();
    } else if (event.type === 'reply') changeTurns((known) => withReply(known, event.reply));
    else if (event.type === 'group') {
      const { state, from } = event;
      const known = cursor.current ?? queries.getQueryData<GroupDetail>(detailQuery.queryKey)?.cursor;
      const isMissing = known !== undefined && from !== known && event.cursor !== known;
      cursor.current = event.cursor;
      if (state !== null)
        queries.setQueryData<GroupDetail>(detailQuery.queryKey, (group) => group && { ...group, state });
      if (state === null || isMissing) again.all.call();
      else again.detail.call();
    } else if (event.type === 'reset' || event.type === 'reopened') again.all.call();
    onEvent(event);
  });
  return { detail, turns };
}
