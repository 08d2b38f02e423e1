import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type Classification, classify } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest } from '../chat-model.ts';
import { errorType, modelNameOf, namedModel } from '../telemetry/attributes.ts';
import { INSTRUMENTATION_SCOPE, instruments } from '../telemetry/instruments.ts';

/**
 * Makes one OpenTelemetry span of each call to a model, after the semantic conventions for generative AI, and counts its
 * tokens by type. It belongs around one HTTP attempt, so that retries are spans of their own. It records no prompt and no
 * reply, and of an error only what `classify` finds: an error's own text may have both, or a key.
 */
export function traced(next: ChatModel): ChatModel {
  const named = namedModel(next.id);
  const tracer = trace.getTracer(INSTRUMENTATION_SCOPE);
  const { tokenUsage } = instruments();
  const countTokens = ({ inputTokens, outputTokens }: ChatReply): void => {
    // 0: the provider did not report usage.
    for (const [type, tokens] of [
      ['input', inputTokens],
      ['output', outputTokens],
    ] as const) {
      if (tokens > 0) tokenUsage.record(tokens, { ...named.attributes, 'gen_ai.token.type': type });
    }
  };
  return {
    ...next,
    reply: (request, options) =>
      tracer.startActiveSpan(
        `chat ${named.name}`,
        { kind: SpanKind.CLIENT, attributes: named.attributes },
        async (span) => {
          if (span.isRecording()) span.setAttributes(requestAttributes(request));
          try {
            const reply = await next.reply(request, options);
            countTokens(reply);
            if (span.isRecording()) span.setAttributes(replyAttributes(reply));
            return reply;
          } catch (error) {
            if (span.isRecording()) recordFailure(span, classified(error, options.signal));
            throw error;
          } finally {
            span.end();
          }
        },
      ),
  };
}

function requestAttributes({ temperature, maxOutputTokens, seed, replySchema }: ChatRequest): Attributes {
  return {
    ...(temperature !== undefined && { 'gen_ai.request.temperature': temperature }),
    ...(maxOutputTokens !== undefined && { 'gen_ai.request.max_tokens': maxOutputTokens }),
    ...(seed !== undefined && { 'gen_ai.request.seed': seed }),
    ...(replySchema !== null && { 'gen_ai.output.type': 'json' }),
  };
}

function replyAttributes({ finishReason, returnedModel, inputTokens, outputTokens }: ChatReply): Attributes {
  const model = modelNameOf(returnedModel);
  return {
    // The spelling of the semantic conventions.
    'gen_ai.response.finish_reasons': [finishReason === 'content-filter' ? 'content_filter' : finishReason],
    ...(model !== undefined && { 'gen_ai.response.model': model }),
    ...(inputTokens > 0 && { 'gen_ai.usage.input_tokens': inputTokens }),
    ...(outputTokens > 0 && { 'gen_ai.usage.output_tokens': outputTokens }),
  };
}

/** HTTP clients throw `AbortError` for any abort; the signal knows that it was a timeout. */
function classified(error: unknown, signal: AbortSignal): Classification {
  const verdict = classify(error);
  return verdict.kind === 'abort' && signal.aborted ? classify(signal.reason) : verdict;
}

function recordFailure(span: Span, verdict: Classification): void {
  const { kind, status } = verdict;
  span.setAttribute('error.type', errorType(verdict));
  const message = status === undefined ? kind : `${kind} (HTTP ${status})`;
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
