import type { RunFigures } from '../../application/runs/run-figures.ts';
import type { LogLevel } from '../../operation/log-level.ts';
import type { PortableError } from '../errors/portable-error.ts';
import type { RunCommands } from './commands/index.ts';

/** To the run process. */
export type ToRunProcess =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly command: keyof RunCommands;
      readonly input: unknown;
    }
  /** Starts nothing more, lets the calls in flight finish for so long, and ends. */
  | { readonly type: 'shutdown'; readonly drainMs: number };

export type FromRunProcess =
  | { readonly type: 'ready' }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: PortableError }
  /** Of the tasks that run here, whenever they have changed; an absent one doesn't run here any more. */
  | { readonly type: 'figures'; readonly figures: readonly RunFigures[] }
  /** A run that ended by a fault, such as a full disk: its task is still to be run. */
  | { readonly type: 'fault'; readonly taskId: string; readonly error: PortableError };

/** The variable that a run process gets its data in: a database's address may have a password, and everybody sees arguments. */
export const RUN_PROCESS_DATA = 'PANELIST_RUN_PROCESS_DATA';

/** What the run process is started with. */
export interface RunProcessData {
  readonly database: string;
  readonly prices: string | undefined;
  readonly limits: Readonly<Record<string, number | null | undefined>>;
  /** Addresses that get a key: those of the models that the operator offers. */
  readonly addresses: readonly string[];
  readonly logLevel: LogLevel;
}
