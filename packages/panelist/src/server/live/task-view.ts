import type { Progress, RunWait } from '../../application/runs/progress.ts';
import type { AccountFigures } from '../../application/runs/run-figures.ts';
import type { RunView } from '../../application/runs/run-view.ts';
import type { RunSpending } from '../../application/runs/stored-spending.ts';

/** A task in a list. Not its model's address, which may be of the operator's own network. */
export interface TaskView extends Omit<RunView, 'baseUrl'> {
  readonly kind: TaskKind;
  /** The focus group that it is a turn of. */
  readonly focusGroupId: string | null;
  /** Grows with every change of the task. */
  readonly revision: number;
  /** Who has submitted it here; `null` for one of the command line. */
  readonly owner: string | null;
  /** Whether the server goes on with it by itself. */
  readonly isHosted: boolean;
  /** Its run has ended its process: it is resumed by hand only. */
  readonly isQuarantined: boolean;
}

export type TaskKind = 'survey' | 'turn' | 'other';

export type { RunSpending };

/** A task at one moment. */
export interface TaskLive {
  readonly task: TaskView;
  readonly progress: Progress;
  /** Where it runs: in a process of the server, in another such as the command line, or nowhere. */
  readonly runs: 'here' | 'elsewhere' | 'nowhere';
  /** What all its calls wait for; `null` while calls go out, and where it doesn't run here. */
  readonly wait: RunWait | null;
  /** One for each of its models; empty where it doesn't run here. */
  readonly accounts: readonly AccountFigures[];
  /** Requests a minute of those accounts, over the last 10 seconds; `null` where it doesn't run here. */
  readonly requestsPerMinute: number | null;
  /** `null` until it is known. */
  readonly spending: RunSpending | null;
  /** Which limit it was paused for. */
  readonly exhausted: 'cost' | 'tokens' | null;
  /** Why its run ended here although it isn't finished; it is tried again. */
  readonly fault: string | null;
}
