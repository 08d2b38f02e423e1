import type { TaskResult } from '@panelist/toolkit';
import type { TurnView } from '../focus-groups/turn-view.ts';
import type { Progress, RunWait } from './progress.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { RunView } from './run-view.ts';
import type { Spending } from './spending.ts';

/** What happens in a run, as a front end follows it. */
export type RunEvent =
  /** The first event of a run's watch. A group has none. */
  | { readonly type: 'opened'; readonly run: RunView }
  /** Of this run, at most once in `everyMs`; once more at its end. */
  | { readonly type: 'progress'; readonly progress: Progress; readonly spending: Spending }
  /** Recorded by any process. The sequence continues a watch: `after`. */
  | { readonly type: 'result'; readonly sequence: number; readonly result: TaskResult }
  /** A turn of a focus group has begun. Results and progress after it are of this turn. */
  | { readonly type: 'turn'; readonly turn: TurnView }
  /** What all calls wait for, at each look while they wait; `null` once when they are sent again. */
  | { readonly type: 'waiting'; readonly for: RunWait | null }
  /** The last event of a run's watch, unless it is aborted; in a group, the last of each turn. */
  | { readonly type: 'ended'; readonly outcome: RunOutcome };
