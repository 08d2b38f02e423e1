import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { type Classification, classify } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from './chat-model.ts';
import { errorType, modelNameOf, type NamedModel, namedModel } from './telemetry/attributes.ts';
import { INSTRUMENTATION_SCOPE, type Instruments, instruments } from './telemetry/instruments.ts';

/**
 * Makes one OpenTelemetry span of each call to a model, after the semantic conventions for generative AI, and counts its
 * tokens by type. It belongs around one HTTP attempt, so that retries are spans of their own. It records no message,
 * neither asked nor answered, and of an error only what `classify` finds: an error's own text may hold both, or a key.
 */
export class TracedModel implements ChatModel {
  readonly id: string;
  readonly #model: ChatModel;
  readonly #named: NamedModel;
  readonly #tracer: Tracer;
  readonly #tokenUsage: Instruments['tokenUsage'];

  constructor(model: ChatModel) {
    this.id = model.id;
    this.#model = model;
    this.#named = namedModel(model.id);
    this.#tracer = trace.getTracer(INSTRUMENTATION_SCOPE);
    this.#tokenUsage = instruments().tokenUsage;
  }

  reply(request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    const { name, attributes } = this.#named;
    return this.#tracer.startActiveSpan(`chat ${name}`, { kind: SpanKind.CLIENT, attributes }, (span) =>
      this.#traced(span, request, options),
    );
  }

  async #traced(span: Span, request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    if (span.isRecording()) span.setAttributes(requestAttributes(request));
    try {
      const reply = await this.#model.reply(request, options);
      this.#countTokens(reply);
      if (span.isRecording()) span.setAttributes(replyAttributes(reply));
      return reply;
    } catch (error) {
      if (span.isRecording()) recordFailure(span, verdictOn(error, options.signal));
      throw error;
    } finally {
      span.end();
    }
  }

  #countTokens({ inputTokens, outputTokens }: ChatReply): void {
    const { attributes } = this.#named;
    // 0 is what a provider that tells no usage comes out as.
    if (inputTokens > 0)
      this.#tokenUsage.record(inputTokens, { ...attributes, 'gen_ai.token.type': 'input' });
    if (outputTokens > 0)
      this.#tokenUsage.record(outputTokens, { ...attributes, 'gen_ai.token.type': 'output' });
  }
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
    // Spelt as the semantic conventions do.
    'gen_ai.response.finish_reasons': [finishReason === 'content-filter' ? 'content_filter' : finishReason],
    ...(model !== undefined && { 'gen_ai.response.model': model }),
    ...(inputTokens > 0 && { 'gen_ai.usage.input_tokens': inputTokens }),
    ...(outputTokens > 0 && { 'gen_ai.usage.output_tokens': outputTokens }),
  };
}

/** HTTP clients say `AbortError` whatever they were aborted for; the signal knows that it was a timeout. */
function verdictOn(error: unknown, signal: AbortSignal): Classification {
  const verdict = classify(error);
  return verdict.kind === 'abort' && signal.aborted ? classify(signal.reason) : verdict;
}

function recordFailure(span: Span, verdict: Classification): void {
  const { kind, status } = verdict;
  span.setAttribute('error.type', errorType(verdict));
  const message = status === undefined ? kind : `${kind} (HTTP ${status})`;
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
