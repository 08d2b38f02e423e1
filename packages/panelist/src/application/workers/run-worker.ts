import { ToolkitError } from '@panelist/toolkit';
import { MODERATION, OPENING, ROUND, SUMMARY, THEMES } from '../../focus-group/turns/stored-turns.ts';
import { PanelistError } from '../../panelist-error.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import { isPostgres } from '../database-path.ts';
import type { Workspace } from '../open-workspace.ts';

/** What a worker can be told to work on. */
export const WORKER_JOBS = ['survey', 'focus-group'] as const;
export type WorkerJob = (typeof WORKER_JOBS)[number];

const JOBS: Readonly<Record<WorkerJob, readonly string[]>> = {
  survey: [SURVEY_JOB],
  // Their polls are surveys.
  'focus-group': [OPENING, ROUND, SUMMARY, MODERATION, THEMES].map(({ name }) => name),
};

export interface RunWorkerOptions {
  /** @default all */
  readonly jobs?: readonly WorkerJob[] | undefined;
  /** Items at once. */
  readonly maxConcurrency: number;
  /** How long what is in flight may take once the worker is to stop, milliseconds. */
  readonly drainMs: number;
  /** Aborts when the worker is to stop. */
  readonly stop: AbortSignal;
  readonly onEvent: (event: WorkerEvent) => void;
}

export type WorkerEvent =
  | { readonly type: 'serving'; readonly jobs: readonly string[] }
  | { readonly type: 'draining'; readonly inFlight: number; readonly error: ToolkitError | undefined }
  | { readonly type: 'ended' };

/**
 * Works on the tasks of everybody until it is to stop, or finds that the database's tables were changed so that this program
 * would harm them. What is in flight then is finished and recorded, as far as the time allows; the rest goes to others.
 *
 * @throws PanelistError `POSTGRES_NEEDED`; ToolkitError `STORE_NEWER`, `STORE_OUTDATED` once it has drained
 */
export async function runWorker(
  { runner, serve, presence, checkSchema }: Pick<Workspace, 'runner' | 'serve' | 'presence' | 'checkSchema'>,
  { jobs = WORKER_JOBS, maxConcurrency, drainMs, stop, onEvent }: RunWorkerOptions,
): Promise<void> {
  if (serve === undefined) throw postgresNeeded();
  const served = jobs.flatMap((job) => JOBS[job]);
  const unfit = Promise.withResolvers<ToolkitError>();
  await presence.announce({ role: 'worker', jobs, maxConcurrency }, async () => {
    await checkSchema().catch((error: unknown) => {
      if (isUnfit(error)) unfit.resolve(error);
    });
  });
  serve({ jobs: served });
  onEvent({ type: 'serving', jobs });
  const error = await Promise.race([unfit.promise, aborted(stop)]);
  onEvent({ type: 'draining', inFlight: runner.inFlight(), error });
  const drained = runner.shutdown({ drainMs });
  // A database that does not answer must not keep it from draining.
  void presence.draining().catch(() => {});
  await drained;
  onEvent({ type: 'ended' });
  if (error !== undefined) throw error;
}

/** @throws PanelistError `POSTGRES_NEEDED` for a SQLite file, which is not created then */
export function checkWorkerDatabase(database: string): void {
  if (!isPostgres(database)) throw postgresNeeded();
}

function postgresNeeded(): PanelistError {
  return new PanelistError(
    'POSTGRES_NEEDED',
    'Workers share the work of a PostgreSQL database; a SQLite file is worked on by the process that was given the task.',
    { data: { reason: 'postgres-needed' } },
  );
}

/** A database that cannot be asked now says nothing about its tables. */
export function isUnfit(error: unknown): error is ToolkitError {
  return error instanceof ToolkitError && (error.code === 'STORE_NEWER' || error.code === 'STORE_OUTDATED');
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
