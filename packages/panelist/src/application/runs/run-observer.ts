import type { ThrottleEvent } from '@panelist/toolkit';

/** An item that is worked on. */
export interface ObservedItem {
  readonly job: string;
  readonly taskId: string;
  readonly itemKey: string;
  /** How often it was begun before, where the runner knows: a process may have died with it. */
  readonly attempt: number | null;
}

/** What a process that runs tasks tells those who look after it. A listener must not throw. */
export interface RunObserver {
  /** The process begins to work on a task, or goes on with one. */
  taskBegan?(task: { readonly job: string; readonly taskId: string }): void;
  taskEnded?(task: { readonly job: string; readonly taskId: string }): void;
  itemBegan?(item: ObservedItem): void;
  /** @param outcome `left`: it was stopped, and is done later, here or elsewhere */
  itemEnded?(
    item: ObservedItem,
    outcome: {
      readonly how: 'succeeded' | 'failed' | 'left';
      readonly elapsedMs: number;
      readonly error?: unknown;
    },
  ): void;
  /** What ended the process's work on a task, and is no failure of one of its items: a row that cannot be read. */
  taskFailed?(taskId: string, error: unknown): void;
  /** @param model as requested, `provider/model` */
  throttle?(model: string, event: ThrottleEvent): void;
  /** A reply has come, and is to be paid for. `costUsd` is `null` where the price isn't known. */
  reply?(
    model: string,
    took: { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd: number | null },
  ): void;
}
