import type { TaskRecord, TaskSettings } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { foreignLine } from '../../text/foreign-line.ts';

/**
 * The limits of a run. They are recorded with its task, so that any process that continues it keeps to them, and can
 * be changed at any time (`changeLimits`). A missing member has its default; `null` means no limit.
 */
export type RunLimits = {
  /**
   * US dollars that the run may cost in total with each of its models, earlier processes included; then it is paused.
   * @default no limit
   */
  readonly maxCostUsd?: number | null | undefined;
  /** The same in tokens, requests and replies together. @default no limit */
  readonly maxTokens?: number | null | undefined;
  /** What the account allows of the run's model. @default learned from the provider's responses */
  readonly requestsPerMinute?: number | null | undefined;
  /** The same in tokens, requests and replies together. @default learned */
  readonly tokensPerMinute?: number | null | undefined;
  /** Interviews, or participants asked, at once; `null` is the default. @default 100; 50 in a focus group */
  readonly maxConcurrency?: number | null | undefined;
};

const bounds: Readonly<Record<keyof RunLimits, { readonly from: number; readonly isWhole: boolean }>> = {
  maxCostUsd: { from: 0, isWhole: false },
  maxTokens: { from: 1, isWhole: true },
  requestsPerMinute: { from: 1, isWhole: true },
  tokensPerMinute: { from: 1, isWhole: true },
  maxConcurrency: { from: 1, isWhole: true },
};

/** Those members that are given. @throws PanelistError `USAGE` for an invalid limit */
export function checkLimits(limits: RunLimits): RunLimits {
  return readMembers(
    limits,
    (name, expected, value) =>
      new PanelistError('USAGE', `${name} must be ${expected}, got ${foreignLine(JSON.stringify(value))}.`),
  );
}

/** The limits that are recorded with a task. @throws PanelistError `ROW_INVALID` */
export function limitsOf({ taskId, settings }: Pick<TaskRecord, 'taskId' | 'settings'>): RunLimits {
  return readMembers(
    settings,
    (name, expected, value) =>
      new PanelistError(
        'ROW_INVALID',
        `The settings of task ${foreignLine(taskId)} are not what Panelist writes: ${name} must be ${expected}, got ${foreignLine(JSON.stringify(value))}. Something else has changed the database: set the limit again.`,
      ),
  );
}

/** The limits that a task would have once those are changed. */
export function limitsInEffect(
  task: Pick<TaskRecord, 'taskId' | 'settings'>,
  changes: RunLimits = {},
): RunLimits {
  return { ...limitsOf(task), ...checkLimits(changes) };
}

function readMembers(
  settings: TaskSettings,
  refuse: (name: string, expected: string, value: unknown) => PanelistError,
): RunLimits {
  const limits: Partial<Record<keyof RunLimits, number | null>> = {};
  for (const [name, { from, isWhole }] of Object.entries(bounds) as [
    keyof RunLimits,
    (typeof bounds)['maxTokens'],
  ][]) {
    const value = settings[name];
    if (value === undefined) continue;
    const isLimit =
      value === null ||
      (typeof value === 'number' && value >= from && (isWhole ? Number.isSafeInteger(value) : value < 1e9));
    if (!isLimit) throw refuse(name, `${isWhole ? 'a whole number' : 'a number'} of at least ${from}`, value);
    limits[name] = value;
  }
  return limits;
}
