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
  readonly maxCostUsd?: number | null | undefined;
  readonly maxTokens?: number | null | undefined;
  readonly requestsPerMinute?: number | null | undefined;
  readonly tokensPerMinute?: number | null | undefined;
  readonly maxConcurrency?: number | null | undefined;
}

export type TaskKind = 'survey' | 'turn' | 'other';

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
  readonly kind: TaskKind;
  readonly focusGroupId: string | null;
  readonly revision: number;
  readonly owner: string | null;
  readonly isHosted: boolean;
  readonly isQuarantined: boolean;
}

export interface TaskPage {
  readonly tasks: readonly TaskView[];
  readonly next: string | null;
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

export interface RunWait {
  readonly reason: 'provider-asked' | 'outage' | 'refused';
  readonly seconds: number | null;
  readonly givesUpInSeconds: number | null;
  readonly status?: number | undefined;
}

export interface AccountFigures {
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly estimatedPerMinute: number | null;
  readonly inFlight: number;
  readonly waiting: number;
  readonly requests: number;
  readonly refused: number;
  readonly failed: number;
  readonly retries: number;
  readonly tokens: number;
}

export interface RunSpending {
  readonly costUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface TaskLive {
  readonly task: TaskView;
  readonly progress: Progress;
  readonly runs: 'here' | 'elsewhere' | 'nowhere';
  readonly wait: RunWait | null;
  readonly accounts: readonly AccountFigures[];
  readonly requestsPerMinute: number | null;
  readonly spending: RunSpending | null;
  readonly exhausted: 'cost' | 'tokens' | null;
  readonly fault: string | null;
}

export type Turn = unknown;
export type Reply = unknown;
