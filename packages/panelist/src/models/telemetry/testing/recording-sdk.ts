import { type Attributes, context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

export interface MetricPoint {
  readonly attributes: Attributes;
  /** Of a histogram the sum. */
  readonly value: number | undefined;
  /** Of a histogram its number of values; of anything else `undefined`. */
  readonly count: number | undefined;
}

/** For tests: the real OpenTelemetry SDKs, set for this process, which record what they receive. */
export interface RecordingSdk {
  spans(): readonly ReadableSpan[];
  /** Every point of every metric so far, by metric name. */
  metrics(): Promise<ReadonlyMap<string, readonly MetricPoint[]>>;
  /** The units of the metrics so far, by name. */
  units(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** @param temporality how often a value is exported: always, or (`DELTA`) after a change. @default CUMULATIVE */
export function startRecordingSdk(temporality = AggregationTemporality.CUMULATIVE): RecordingSdk {
  const spanExporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
  });
  const metricExporter = new InMemoryMetricExporter(temporality);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter });
  const meterProvider = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);

  const collect = async () => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw errors[0];
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
  return {
    spans: () => spanExporter.getFinishedSpans(),
    async metrics() {
      const points = new Map<string, MetricPoint[]>();
      for (const metric of await collect()) {
        const isHistogram =
          metric.dataPointType === DataPointType.HISTOGRAM ||
          metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM;
        points.set(
          metric.descriptor.name,
          isHistogram
            ? metric.dataPoints.map(({ attributes, value: { sum, count } }) => ({
                attributes,
                value: sum,
                count,
              }))
            : metric.dataPoints.map(({ attributes, value }) => ({ attributes, value, count: undefined })),
        );
      }
      return points;
    },
    async units() {
      return Object.fromEntries((await collect()).map(({ descriptor: { name, unit } }) => [name, unit]));
    },
    async stop() {
      trace.disable();
      metrics.disable();
      context.disable();
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
    },
  };
}
