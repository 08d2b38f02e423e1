import type { ThrottleEvent } from '@panelist/toolkit';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ObservedItem, RunObserver } from '../application/runs/run-observer.ts';
import { errorType, namedModel } from '../models/telemetry/attributes.ts';

/** Values of one label at most: models are named by files of strangers. All others are counted as one. */
const MAX_MODELS = 50;
const OTHER = 'other';

/** What is only known when somebody asks for the metrics. */
export interface MetricSources {
  /** Items that this process works on. */
  readonly inFlight: () => number;
  /** Items without a result of the tasks that are running, in any process, by job. */
  readonly queued: () => Promise<ReadonlyMap<string, number>>;
  /** Seconds that one question to the database takes, there and back. */
  readonly databaseLatency: () => Promise<number>;
}

/** One process's metrics for Prometheus. They name models and jobs, and no task, item, address or key. */
export class Metrics implements RunObserver {
  readonly #registry = new Registry();
  readonly #models = new Set<string>();
  readonly #items: Counter<'job' | 'outcome'>;
  readonly #durations: Histogram<'job'>;
  readonly #calls: Counter<'model' | 'outcome'>;
  readonly #refusals: Counter<'model' | 'status'>;
  readonly #waits: Histogram<'model' | 'reason'>;
  readonly #tokens: Counter<'model' | 'type'>;
  readonly #spending: Counter<'model'>;
  #sources: MetricSources | undefined;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#items = new Counter({
      name: 'panelist_items_total',
      help: 'Items that were worked on, by job and what became of them: succeeded, failed, or left for later.',
      labelNames: ['job', 'outcome'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'panelist_item_duration_seconds',
      help: 'How long an item was worked on.',
      labelNames: ['job'],
      buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
      registers,
    });
    this.#calls = new Counter({
      name: 'panelist_calls_total',
      help: 'Calls to models that ended, by outcome.',
      labelNames: ['model', 'outcome'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'panelist_refusals_total',
      help: 'Calls that a provider refused, by HTTP status or kind of error.',
      labelNames: ['model', 'status'],
      registers,
    });
    this.#waits = new Histogram({
      name: 'panelist_throttle_wait_seconds',
      help: 'How long calls waited for the throttle, by what they waited for last.',
      labelNames: ['model', 'reason'],
      buckets: [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300],
      registers,
    });
    this.#tokens = new Counter({
      name: 'panelist_tokens_total',
      help: 'Tokens of replies that came, by type: input or output.',
      labelNames: ['model', 'type'],
      registers,
    });
    this.#spending = new Counter({
      name: 'panelist_spending_usd_total',
      help: 'US dollars of replies that came, where the price of the model is known.',
      labelNames: ['model'],
      registers,
    });
  }

  /** Adds what is asked for at each scrape. */
  observe(sources: MetricSources): void {
    if (this.#sources !== undefined) return;
    this.#sources = sources;
    const registers = [this.#registry];
    new Gauge({
      name: 'panelist_items_in_flight',
      help: 'Items that this process works on.',
      registers,
      collect() {
        this.set(sources.inFlight());
      },
    });
    new Gauge({
      name: 'panelist_queue_items',
      help: 'Items without a result of the tasks that are running, in any process, by job.',
      labelNames: ['job'],
      // Every process sees the same queue.
      aggregator: 'max',
      registers,
      async collect() {
        const queued = await sources.queued().catch(() => undefined);
        this.reset();
        for (const [job, items] of queued ?? []) this.set({ job }, items);
      },
    });
    new Gauge({
      name: 'panelist_database_latency_seconds',
      help: 'How long one question to the database takes, there and back; absent while it cannot be reached.',
      aggregator: 'max',
      registers,
      async collect() {
        const seconds = await sources.databaseLatency().catch(() => undefined);
        this.reset();
        if (seconds === undefined) this.remove();
        else this.set(seconds);
      },
    });
  }

  itemEnded({ job }: ObservedItem, { how, elapsedMs }: { how: string; elapsedMs: number }): void {
    this.#items.inc({ job, outcome: how });
    this.#durations.observe({ job }, elapsedMs / 1_000);
  }

  throttle(model: string, event: ThrottleEvent): void {
    const name = this.#nameOf(model);
    if (event.type === 'started' && event.waitedFor !== undefined)
      this.#waits.observe({ model: name, reason: event.waitedFor }, event.waitedMs / 1_000);
    if (event.type !== 'succeeded' && event.type !== 'refused' && event.type !== 'failed') return;
    this.#calls.inc({ model: name, outcome: event.type });
    if (event.type === 'refused')
      this.#refusals.inc({ model: name, status: errorType(event.classification) });
  }

  reply(
    model: string,
    { inputTokens, outputTokens, costUsd }: Parameters<NonNullable<RunObserver['reply']>>[1],
  ): void {
    const name = this.#nameOf(model);
    this.#tokens.inc({ model: name, type: 'input' }, inputTokens);
    this.#tokens.inc({ model: name, type: 'output' }, outputTokens);
    if (costUsd !== null) this.#spending.inc({ model: name }, costUsd);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** For `textOfAll`, from another process. */
  async json(): Promise<readonly object[]> {
    return this.#registry.getMetricsAsJSON();
  }

  #nameOf(model: string): string {
    const { name } = namedModel(model);
    if (this.#models.has(name)) return name;
    if (this.#models.size >= MAX_MODELS) return OTHER;
    this.#models.add(name);
    return name;
  }
}

export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** The metrics of several processes as those of one. */
export function textOfAll(processes: readonly (readonly object[])[]): Promise<string> {
  return AggregatorRegistry.aggregate(processes as object[][]).metrics();
}
