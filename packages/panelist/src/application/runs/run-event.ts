import type { TaskResult } from '@panelist/toolkit';
import type { TurnView } from '../focus-groups/turn-view.ts';
import type { Progress, RunWait } from './progress.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { RunView } from './run-view.ts';
import type { Spending } from './spending.ts';

/** What happens in a run, as a front end follows it. */
export type RunEvent =
  /** Always the first. */
  | { readonly type: 'opened'; readonly run: RunView }
  /** Of this run, at most once in `everyMs`; once more at its end. */
  | { readonly type: 'progress'; readonly progress: Progress; readonly spending: Spending }
  /** Recorded by any process. The sequence continues a watch: `after`. */
  | { readonly type: 'result'; readonly sequence: number; readonly result: TaskResult }
  /** A turn of a focus group has begun. Results and progress after it are of this turn. */
  | { readonly type: 'turn'; readonly turn: TurnView }
  /** What all calls wait for has changed; `null` where they go out again. */
  | { readonly type: 'waiting'; readonly for: RunWait | null }
  /** Always the last, unless the watch is aborted. */
  | { readonly type: 'ended'; readonly outcome: RunOutcome };
