import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { classify, type TaskSettings } from '@panelist/toolkit';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { errorType } from './attributes.ts';
import { INSTRUMENTATION_SCOPE } from './instruments.ts';

/**
 * The setting of a task that names the span of its submission, as the header `traceparent` of W3C Trace Context. Settings
 * are not part of what makes two submissions the same.
 */
const TRACE_SETTING = 'traceparent';
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const MAX_KEY_CHARS = 200;

/**
 * Submits a task in a span of its own, whose name is recorded with the task: whichever process works on an item, on
 * whichever machine, makes its spans children of it. Without an OpenTelemetry SDK nothing is recorded.
 *
 * @param submit gets the settings that a new task is to have
 */
export function submittedInSpan<T extends { readonly task: { readonly taskId: string } }>(
  job: string,
  settings: TaskSettings,
  submit: (settings: TaskSettings) => Promise<T>,
): Promise<T> {
  return trace
    .getTracer(INSTRUMENTATION_SCOPE)
    .startActiveSpan(`submit ${job}`, { kind: SpanKind.PRODUCER }, async (span) => {
      try {
        const traceparent = traceparentOf(context.active());
        const submitted = await submit(
          traceparent === undefined ? settings : { ...settings, [TRACE_SETTING]: traceparent },
        );
        span.setAttribute('panelist.task.id', submitted.task.taskId);
        return submitted;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: classify(error).kind });
        throw error;
      } finally {
        span.end();
      }
    });
}

/** What a span says of an item. */
export interface TracedItem {
  readonly job: string;
  readonly taskId: string;
  readonly itemKey: string;
  /** Of the item's task. */
  readonly settings: TaskSettings;
}

/** Works on an item in a span, which the spans of its calls to models are children of. */
export function itemInSpan<T>(
  { job, taskId, itemKey, settings }: TracedItem,
  work: () => Promise<T>,
): Promise<T> {
  const attributes = {
    'panelist.task.id': taskId,
    'panelist.item.key': terminalSafe(shortened(itemKey, MAX_KEY_CHARS)),
  };
  return trace
    .getTracer(INSTRUMENTATION_SCOPE)
    .startActiveSpan(
      `item ${job}`,
      { kind: SpanKind.CONSUMER, attributes },
      submissionContext(settings),
      async (span) => {
        try {
          return await work();
        } catch (error) {
          // The error's own text may have a prompt, or a key.
          const verdict = classify(error);
          span.setAttribute('error.type', errorType(verdict));
          span.setStatus({ code: SpanStatusCode.ERROR, message: verdict.kind });
          throw error;
        } finally {
          span.end();
        }
      },
    );
}

function traceparentOf(active: Context): string | undefined {
  const span = trace.getSpanContext(active);
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The context of the task's submission, or an empty one: a setting may be anything. */
function submissionContext({ [TRACE_SETTING]: value }: TaskSettings): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(String(value)) ?? [];
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(span) ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT;
}
