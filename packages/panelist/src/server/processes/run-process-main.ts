import type { TaskRecord } from '@panelist/toolkit';
import { openWorkspace, type Workspace } from '../../application/open-workspace.ts';
import { runFigures } from '../../application/runs/run-figures.ts';
import { queueDepth } from '../../application/workers/queue-depth.ts';
import { isUnfit } from '../../application/workers/run-worker.ts';
import { allOf, loggingObserver, processLog } from '../../operation/log.ts';
import { Metrics } from '../../operation/metrics.ts';
import { sharedCall } from '../../operation/shared-call.ts';
import { portableError } from '../errors/portable-error.ts';
import { runCommandsOf } from './commands/index.ts';
import { type FromRunProcess, RUN_PROCESS_DATA, type RunProcessData, type ToRunProcess } from './messages.ts';

/** How often figures are looked at. */
const FIGURES_EVERY_MS = 250;
/** A server that was killed cannot ask for a longer drain: what is in flight then is paid for, and is to be recorded. */
const ORPHAN_DRAIN_MS = 15_000;
/** The queue is counted again at most so often. */
const METRICS_KEPT_MS = 2_000;

const send = (message: FromRunProcess): void => {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
};

/** Ctrl-C in a terminal goes to this process too; the server says when it is to stop. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const { database, prices, limits, addresses, logLevel } = JSON.parse(
  process.env[RUN_PROCESS_DATA]!,
) as RunProcessData;
const metrics = new Metrics();
const runCommands = runCommandsOf(metrics);
const workspace = await openWorkspace({
  observer: allOf([loggingObserver(processLog(logLevel)), metrics]),
  database,
  prices,
  limits,
  mayGetKey: (address) => addresses.includes(address),
});

metrics.observe({
  inFlight: () => workspace.runner.inFlight(),
  queued: sharedCall(() => queueDepth(workspace.tasks), METRICS_KEPT_MS),
  databaseLatency: sharedCall(() => workspace.databaseLatency()),
});
const role = { role: 'server', jobs: null, maxConcurrency: null } as const;
await workspace.presence.announce(role, async () => {
  try {
    await workspace.checkSchema();
  } catch (error) {
    // The database's tables were changed so that this program would harm them.
    if (!isUnfit(error)) return;
    console.error(`[${error.code}] ${error.message}`);
    void end(ORPHAN_DRAIN_MS);
  }
});

/** The parameters of tasks that run here, which say whose run they are. */
const params = new Map<string, unknown>();
/** Tasks that are seen through. */
const followed = new Set<string>();

function follow({ taskId }: Pick<TaskRecord, 'taskId'>): void {
  if (followed.has(taskId)) return;
  followed.add(taskId);
  workspace.runner
    .wait(taskId)
    .catch((error: unknown) => send({ type: 'fault', taskId, error: portableError(error) }))
    .finally(() => followed.delete(taskId));
}

async function call({ id, command, input }: Extract<ToRunProcess, { type: 'call' }>): Promise<void> {
  try {
    const run = runCommands[command] as (workspace: Workspace, input: unknown) => Promise<unknown>;
    const value = await run(workspace, input);
    // Nothing else may start what nobody wants to run.
    if (command === 'resume' || command === 'retryFailed') follow(input as { readonly taskId: string });
    send({ type: 'value', id, value });
  } catch (error) {
    send({ type: 'error', id, error: portableError(error) });
  }
}

let sent = '';
let isLooking = false;
const looking = setInterval(() => {
  if (isLooking) return;
  isLooking = true;
  // A database that is busy can be read at the next look.
  look()
    .catch(() => {})
    .finally(() => {
      isLooking = false;
    });
}, FIGURES_EVERY_MS);

async function look(): Promise<void> {
  const { running } = workspace.runner;
  for (const taskId of running)
    if (!params.has(taskId)) params.set(taskId, (await workspace.tasks.store.get(taskId))?.taskParams);
  for (const taskId of params.keys()) if (!running.includes(taskId)) params.delete(taskId);
  const figures = runFigures(workspace, (taskId) => params.get(taskId));
  const text = JSON.stringify(figures);
  if (text === sent) return;
  sent = text;
  send({ type: 'figures', figures });
}

let isEnding = false;

async function end(drainMs: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  clearInterval(looking);
  void workspace.presence.draining().catch(() => {});
  await workspace.runner.shutdown({ drainMs });
  await workspace.close();
  process.exit(0);
}

process.on('message', (message: ToRunProcess) => {
  if (message.type === 'call') void call(message);
  else void end(message.drainMs);
});
// The server was killed. A new one goes on with the tasks once their leases are free.
process.on('disconnect', () => void end(ORPHAN_DRAIN_MS));
send({ type: 'ready' });
