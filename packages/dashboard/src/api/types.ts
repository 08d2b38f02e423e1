/**
 * The API's types, as far as the page needs them.
 * They become those of the server's schemas (`AppType`) once the server is there.
 */

export interface Session {
  readonly user: string | null;
  readonly role: 'full' | 'read';
  readonly needsLogin: boolean;
  readonly version: string;
  readonly instance: string;
}

export interface RunLimits {
  readonly maxCostUsd?: number | null;
  readonly maxTokens?: number | null;
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
  readonly maxConcurrency?: number | null;
}

export type TaskStatus =
  | 'pending'
  | 'running'
  | 'paused'
  | 'interrupted'
  | 'completed'
  | 'failed'
  | 'cancelled';

export type TaskKind = 'survey' | 'focus-group' | 'other';

export interface TaskView {
  readonly taskId: string;
  readonly taskKey: string;
  readonly title: string;
  readonly model: string | null;
  readonly baseUrl: string | null;
  readonly status: string;
  readonly totalCount: number;
  readonly completedCount: number;
  readonly successCount: number;
  readonly failedCount: number;
  readonly limits: RunLimits | null;
  readonly errorMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly ratePerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface TaskLive {
  readonly taskId: string;
  readonly run: TaskView;
  readonly progress: Progress | null;
}

export type Turn = unknown;
export type Reply = unknown;
