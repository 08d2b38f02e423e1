import { queueDepth } from '../../application/workers/queue-depth.ts';
import type { WorkerEvent, WorkerJob } from '../../application/workers/run-worker.ts';
import type { Command } from '../command.ts';
import { SIGNALS } from '../drain-on-signal.ts';
import { eachOf, hostAndPort, oneOfEach, wholeNumber } from '../read-option.ts';
import type { Terminal } from '../terminal.ts';
import { withDatabase, withLogLevel } from './shared-options.ts';

const JOBS: readonly WorkerJob[] = ['survey', 'focus-group'];
/** The queue is counted again at most so often, milliseconds. */
const DEPTH_KEPT_MS = 2_000;

export function defineWorker(command: Command, _terminal: Terminal): void {
  withLogLevel(withDatabase(command, 'a PostgreSQL database, postgres://user@host/name'), 'info')
    .description(
      'Works on the tasks of everybody, on as many machines as it is started on: each takes items as it has room, and what ' +
        'one was doing when it died goes to another. SIGTERM and Ctrl-C let what is in flight finish. Writes one JSON line for each ' +
        'event to stderr. API keys come from the environment, as everywhere.',
    )
    .option('--max-concurrency <n>', 'items at once, of all tasks together', wholeNumber(1, 100_000), 50)
    .option('--jobs <jobs>', `what it works on, of ${JOBS.join(', ')} (default: all)`, oneOfEach(JOBS))
    .option(
      '--listen <host:port>',
      'answer /livez, /readyz and /metrics there, to anybody who can reach it (default: nowhere)',
      hostAndPort,
    )
    .option(
      '--drain-seconds <n>',
      'how long what is in flight may take once it is to stop',
      wholeNumber(0, 86_400),
      30,
    )
    .option('--prices <file>', 'prices that come before the built-in ones')
    .option(
      '--base-url <url>',
      'an address that a task may name for its model, and that then gets the key; may be given several times',
      (text: string, before: readonly string[] | undefined) => eachOf(text, before),
    )
    .action(async (flags) => {
      const { checkWorkerDatabase, runWorker } = await import('../../application/workers/run-worker.ts');
      checkWorkerDatabase(flags.database);
      const { allOf, loggingObserver, processLog } = await import('../../operation/log.ts');
      const { Metrics, METRICS_TYPE } = await import('../../operation/metrics.ts');
      const { startProbeServer } = await import('../../operation/probe-server.ts');
      const { sharedCall } = await import('../../operation/shared-call.ts');
      const { openWorkspace } = await import('../../application/open-workspace.ts');
      const { Addresses } = await import('../addresses.ts');
      const log = processLog(flags.logLevel);
      const metrics = new Metrics();
      const stop = stopOnSignal();
      const named = (flags.baseUrl ?? []).map((baseUrl) => new Addresses({ baseUrl }, {}));
      const workspace = await openWorkspace({
        database: flags.database,
        prices: flags.prices,
        maxConcurrency: flags.maxConcurrency,
        mayGetKey: (address) => named.some((addresses) => addresses.mayGetKey(address)),
        observer: allOf([loggingObserver(log), metrics]),
      });
      const { runner, tasks } = workspace;
      metrics.observe({
        inFlight: () => runner.inFlight(),
        queued: sharedCall(() => queueDepth(tasks), DEPTH_KEPT_MS),
        databaseLatency: sharedCall(() => workspace.databaseLatency()),
      });
      let isDraining = false;
      const fits = sharedCall(() => workspace.checkSchema());
      const probes =
        flags.listen === undefined
          ? undefined
          : await startProbeServer(flags.listen, {
              notReady: async () => {
                if (isDraining) return 'draining';
                await fits();
                return null;
              },
              metrics: async () => ({ type: METRICS_TYPE, text: await metrics.text() }),
            }).catch(async (error: unknown) => {
              await workspace.close();
              throw error;
            });
      const onEvent = (event: WorkerEvent): void => {
        if (event.type === 'serving')
          log.info(
            { jobs: event.jobs, maxConcurrency: flags.maxConcurrency, probes: probes?.port },
            'started',
          );
        if (event.type === 'draining') {
          isDraining = true;
          if (event.error === undefined)
            log.info({ inFlight: event.inFlight, seconds: flags.drainSeconds }, 'draining');
          else
            log.error({ inFlight: event.inFlight, error: event.error }, 'draining: this program is outdated');
        }
        if (event.type === 'ended') log.info('ended');
      };
      try {
        await runWorker(workspace, {
          jobs: flags.jobs,
          maxConcurrency: flags.maxConcurrency,
          drainMs: flags.drainSeconds * 1_000,
          stop,
          onEvent,
        });
      } finally {
        await probes?.close();
        await workspace.close();
      }
    });
}

/** Aborts at the first signal; the second ends the process at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  return stop.signal;
}
