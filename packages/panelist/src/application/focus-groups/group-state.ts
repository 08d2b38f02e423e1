import type { JsonValue, TaskSettings, TaskSummary } from '@panelist/toolkit';
import { isActive } from '@panelist/toolkit';
import { GROUP_SETTING } from '../../focus-group/group.ts';
import type { RoundMode } from '../../focus-group/guide/guide.ts';
import { isRun } from '../runs/run-view.ts';

/** What a host has asked for, and has not ended: it is stored, so that a process that is started later goes on with it. */
export type HostRequest =
  /** The rest of the guide. */
  | { readonly kind: 'guide'; readonly id: 'guide'; readonly pollLocale: string | null }
  | {
      readonly kind: 'say';
      /** Made by whoever asks: the same id is the same message. */
      readonly id: string;
      readonly message: string;
      /** Ids of participants. */
      readonly to: readonly string[] | 'all';
      readonly stimulus: string | null;
      readonly mode: RoundMode;
      readonly replyWords: number | null;
    }
  | {
      readonly kind: 'poll';
      readonly id: string;
      readonly title: string;
      /** A SurveyJS survey that was checked. */
      readonly survey: JsonValue;
      readonly locale: string | null;
    }
  | { readonly kind: 'retry-failed'; readonly id: 'retry-failed' }
  | {
      readonly kind: 'themes';
      readonly id: 'themes';
      readonly model: string | null;
      readonly baseUrl: string | null;
    };

/** Why nothing of a group goes on by itself. */
export interface GroupStop {
  /** `host`: paused by somebody. `run`: a turn was paused by a limit, or failed for everybody, or could not be run. */
  readonly by: 'host' | 'run';
  /** For people; empty where a host has paused it. */
  readonly reason: string;
  /** Of the error that stopped it; `null` where there was none. */
  readonly code: string | null;
}

/** What is stored about a group as a whole, in its opening's settings. */
export interface StoredGroupState {
  /** In the order of the requests. */
  readonly requests: readonly HostRequest[];
  readonly stop: GroupStop | null;
}

const empty: StoredGroupState = { requests: [], stop: null };

export function storedState(settings: TaskSettings): StoredGroupState {
  const state = settings[GROUP_SETTING] as Partial<StoredGroupState> | null | undefined;
  if (typeof state !== 'object' || state === null || !Array.isArray(state.requests)) return empty;
  return { requests: state.requests.filter(isRequest), stop: isStop(state.stop) ? state.stop : null };
}

export function stateSettings({ requests, stop }: StoredGroupState): TaskSettings {
  return { [GROUP_SETTING]: { requests, stop } as unknown as JsonValue };
}

/** A request as a page shows it while it waits. */
export interface WaitingRequest {
  readonly kind: HostRequest['kind'];
  readonly id: string;
  /** What is to be said, or the title of a poll; empty for the others. */
  readonly text: string;
  /** Ids of those who are to reply. */
  readonly to: readonly string[] | 'all';
}

export interface GroupState {
  /**
   * `running`: something is under way or about to be. `paused`: by somebody, by a limit or by a provider; `reason` says
   * why. `interrupted`: the process that ran a turn has died. `idle`: nothing is under way.
   */
  readonly status: 'running' | 'paused' | 'interrupted' | 'idle';
  /** Why it is paused; `null` where nobody said. */
  readonly reason: string | null;
  readonly code: string | null;
  /** The turn's task that is under way, paused or interrupted. */
  readonly taskId: string | null;
  readonly waiting: readonly WaitingRequest[];
  /** Whether a server runs it. */
  readonly isHosted: boolean;
  readonly owner: string | null;
}

/** @param tasks all of the group's, in the order of creation */
export function groupState(opening: TaskSummary, tasks: readonly TaskSummary[], now: number): GroupState {
  const { requests, stop } = storedState(opening.settings);
  const active = tasks.find(({ status }) => isActive(status));
  const { hosted, owner } = opening.settings;
  return {
    ...statusOf(active, requests.length > 0, stop, now),
    taskId: active?.taskId ?? null,
    waiting: requests.map(waiting),
    isHosted: hosted === true,
    owner: typeof owner === 'string' ? owner : null,
  };
}

function statusOf(
  active: TaskSummary | undefined,
  hasRequests: boolean,
  stop: GroupStop | null,
  now: number,
): Pick<GroupState, 'status' | 'reason' | 'code'> {
  const none = { reason: null, code: null };
  if (active?.status === 'paused' || (stop !== null && (active !== undefined || hasRequests))) {
    const isStillRun = active?.status === 'running' && isRun(active, now);
    if (!isStillRun) {
      const reason = stop?.reason || active?.errorMessage || null;
      return { status: 'paused', reason, code: stop?.code ?? null };
    }
  }
  if (active?.status === 'running' && !isRun(active, now)) return { status: 'interrupted', ...none };
  return { status: active !== undefined || hasRequests ? 'running' : 'idle', ...none };
}

function waiting(request: HostRequest): WaitingRequest {
  const { kind, id } = request;
  const text = kind === 'say' ? request.message : kind === 'poll' ? request.title : '';
  return { kind, id, text, to: kind === 'say' ? request.to : 'all' };
}

function isRequest(value: unknown): value is HostRequest {
  const { kind, id, message, to, mode } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string') return false;
  if (kind === 'say') {
    const isTo = to === 'all' || (Array.isArray(to) && to.every((each) => typeof each === 'string'));
    return typeof message === 'string' && isTo && (mode === 'simultaneous' || mode === 'in-turn');
  }
  return kind === 'guide' || kind === 'poll' || kind === 'retry-failed' || kind === 'themes';
}

function isStop(value: unknown): value is GroupStop {
  const { by, reason } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return (by === 'host' || by === 'run') && typeof reason === 'string';
}
