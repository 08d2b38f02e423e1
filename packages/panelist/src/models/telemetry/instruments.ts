import {
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
  type UpDownCounter,
  ValueType,
} from '@opentelemetry/api';

/** The instrumentation scope of all telemetry of this package. */
export const INSTRUMENTATION_SCOPE = 'panelist';

/** The limits of one model's throttle, per minute; `undefined` if none is known. */
export interface KnownLimits {
  readonly attributes: Readonly<Attributes>;
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

export interface Instruments {
  readonly calls: Counter;
  readonly refusals: Counter;
  readonly retries: Counter;
  readonly tokens: Counter;
  readonly inFlight: UpDownCounter;
  /** Seconds. */
  readonly duration: Histogram;
  /** Seconds. */
  readonly waits: Histogram;
  readonly tokenUsage: Histogram;
  /** The latest of each model, for the gauges. */
  readonly limits: Map<string, KnownLimits>;
}

let made: { readonly provider: MeterProvider; readonly instruments: Instruments } | undefined;

/**
 * The instruments of this process. They are made once, and again only after another SDK was set: instruments that were made
 * before would stay silent.
 */
export function instruments(): Instruments {
  const provider = metrics.getMeterProvider();
  if (made?.provider !== provider) {
    made = { provider, instruments: makeInstruments(provider.getMeter(INSTRUMENTATION_SCOPE)) };
  }
  return made.instruments;
}

function makeInstruments(meter: Meter): Instruments {
  const limits = new Map<string, KnownLimits>();
  observeLimits(meter, limits);
  const count = (unit: string, description: string) => ({ unit, description, valueType: ValueType.INT });
  return {
    calls: meter.createCounter('panelist.calls', count('{call}', 'Calls to models that ended, by outcome.')),
    refusals: meter.createCounter(
      'panelist.refusals',
      count(
        '{call}',
        'Calls that the provider refused, by HTTP status and whether it reported how long to wait.',
      ),
    ),
    retries: meter.createCounter(
      'panelist.retries',
      count('{call}', 'Calls that repeated one that had failed.'),
    ),
    tokens: meter.createCounter(
      'panelist.tokens',
      count('{token}', 'Tokens that successful calls took, request and reply together.'),
    ),
    inFlight: meter.createUpDownCounter(
      'panelist.calls.in_flight',
      count('{call}', 'Calls to models under way.'),
    ),
    duration: meter.createHistogram('gen_ai.client.operation.duration', {
      unit: 's',
      description: 'GenAI operation duration.',
      // Doubling from 10 ms, as the semantic conventions advise.
      advice: { explicitBucketBoundaries: Array.from({ length: 14 }, (_, power) => 2 ** power / 100) },
    }),
    waits: meter.createHistogram('panelist.throttle.wait', {
      unit: 's',
      description: 'How long calls waited for the throttle, by what they waited for last.',
      advice: {
        explicitBucketBoundaries: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
      },
    }),
    tokenUsage: meter.createHistogram('gen_ai.client.token.usage', {
      ...count('{token}', 'Number of input and output tokens used.'),
      // Powers of four, as the semantic conventions advise.
      advice: { explicitBucketBoundaries: Array.from({ length: 14 }, (_, power) => 4 ** power) },
    }),
    limits,
  };
}

/** Read at each collection: if deltas are exported, a value that is set once would be shown once. */
function observeLimits(meter: Meter, limits: ReadonlyMap<string, KnownLimits>): void {
  const observe = (
    name: string,
    unit: string,
    description: string,
    read: (known: KnownLimits) => number | undefined,
  ): void => {
    meter.createObservableGauge(name, { unit, description }).addCallback((result) => {
      for (const known of limits.values()) {
        const limit = read(known);
        if (Number.isFinite(limit)) result.observe(limit as number, known.attributes);
      }
    });
  };
  observe(
    'panelist.throttle.limit',
    '{request}/min',
    'Requests a minute that the throttle allows, where a limit is known.',
    (known) => known.requestsPerMinute,
  );
  observe(
    'panelist.throttle.token_limit',
    '{token}/min',
    'Tokens a minute that the throttle allows, where a limit is known.',
    (known) => known.tokensPerMinute,
  );
}
