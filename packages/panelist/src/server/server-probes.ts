import { collectDefaultMetrics, Registry } from 'prom-client';
import type { OpenTasks } from '../application/tasks/open-tasks.ts';
import { METRICS_TYPE, textOfAll } from '../operation/metrics.ts';
import type { ProbeSources } from '../operation/probes.ts';
import { sharedCall } from '../operation/shared-call.ts';
import type { RunProcesses } from './processes/run-processes.ts';

/** A run process that is busy or starts again is left out then. */
const METRICS_WITHIN_MS = 2_000;

/** What the probes of `panelist serve` ask: its own process, and the one that runs tasks. */
export function serverProbes(
  opened: Pick<OpenTasks, 'checkSchema'>,
  runs: Pick<RunProcesses, 'call'>,
  stopping: AbortSignal,
): ProbeSources {
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  const fits = sharedCall(() => opened.checkSchema());
  return {
    async notReady() {
      if (stopping.aborted) return 'stopping';
      await fits();
      return null;
    },
    async metrics() {
      const ofRuns = await within(runs.call('metrics', {}), METRICS_WITHIN_MS).catch(() => []);
      const text = await textOfAll([await own.getMetricsAsJSON(), ofRuns]);
      return { type: METRICS_TYPE, text };
    },
  };
}

async function within<T>(call: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('late')), ms);
  try {
    return await Promise.race([call, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
