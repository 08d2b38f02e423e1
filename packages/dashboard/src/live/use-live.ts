import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { TaskLive } from '../api/types.ts';
import { atMostEvery, type Throttled } from './at-most-every.ts';
import type { LiveEvent, Subject } from './live-event.ts';
import { useLiveConnection } from './live-provider.tsx';

/** Calls `onEvent` with what happens to the subject while the component is displayed; `null` watches nothing. */
export function useLive(subject: Subject | null, onEvent: (event: LiveEvent) => void): void {
  const connection = useLiveConnection();
  const tell = useEffectEvent(onEvent);
  const kind = subject?.kind;
  const id = subject !== null && 'id' in subject ? subject.id : undefined;
  useEffect(() => {
    if (kind === undefined) return;
    const watched: Subject = kind === 'list' ? { kind } : { kind, id: id as string };
    return connection.watch(watched, (event) => tell(event));
  }, [connection, kind, id]);
}

/** The task as it is now; `undefined` until the server has reported it. */
export function useTaskLive(taskId: string | null): TaskLive | undefined {
  const [live, setLive] = useState<TaskLive>();
  useLive(taskId === null ? null : { kind: 'task', id: taskId }, (event) => {
    if (event.type === 'task') setLive(event.task);
  });
  return live?.task.taskId === taskId ? live : undefined;
}

/** Whether the task was deleted while the component was displayed. */
export function useTaskGone(taskId: string): boolean {
  const queries = useQueryClient();
  const [goneId, setGoneId] = useState<string>();
  useLive({ kind: 'task', id: taskId }, (event) => {
    if (event.type !== 'gone') return;
    setGoneId(event.taskId);
    // Pages that are opened later ask the server.
    void queries.invalidateQueries({ queryKey: ['task', taskId], refetchType: 'none' });
  });
  return goneId === taskId;
}

/**
 * Refetches these queries when the task has new results, or the stream was away.
 *
 * @param everyMs the shortest time between two calls, milliseconds. @default 1000
 */
export function useFreshResults(
  taskId: string | null,
  queryKeys: readonly QueryKey[],
  everyMs = 1_000,
): void {
  const queries = useQueryClient();
  const refetch = useEffectEvent(() => {
    for (const queryKey of queryKeys) void queries.invalidateQueries({ queryKey });
  });
  const throttled = useRef<Throttled>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another task begins without a call that waits
  useEffect(() => {
    const ofTask = atMostEvery(everyMs, () => refetch());
    throttled.current = ofTask;
    return () => ofTask.cancel();
  }, [everyMs, taskId]);
  useLive(taskId === null ? null : { kind: 'task', id: taskId }, (event) => {
    if (event.type === 'results' || event.type === 'reopened') throttled.current?.call();
  });
}
