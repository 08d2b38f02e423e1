import type { IncomingMessage, ServerResponse } from 'node:http';
import { hashText, mix, unit } from '../random/hash-draws.ts';
import type { AccountLimits } from './account-limits.ts';
import { ApiError } from './api-error.ts';
import { completeChat, estimatePromptTokens } from './chat-completion.ts';
import { type ChatCompletionRequest, readChatRequest } from './chat-request.ts';
import { drawContentFault, drawTransportFault, type TransportFault } from './faults.ts';
import { latencyMs } from './latency.ts';
import type { SimulatorSettings } from './options.ts';
import { MAX_BODY_BYTES, readBody } from './request-body.ts';
import type { RequestEntry, RequestLog } from './request-log.ts';
import { send, sendCutShort, sendError, sendJson } from './send.ts';
import { plantedRateLimitError, refusedError } from './too-many-requests.ts';

/** What all exchanges of one simulator share. */
export interface ExchangeContext {
  readonly settings: SimulatorSettings;
  readonly limits: AccountLimits;
  readonly log: RequestLog;
}

/** A request that was let in. */
interface Admitted {
  readonly chat: ChatCompletionRequest;
  readonly entry: RequestEntry;
  readonly promptTokens: number;
  /** How often the same request had been let in before. */
  readonly attempt: number;
  readonly fault: TransportFault | null;
}

/**
 * One request to `/v1/chat/completions`, from its arrival to its end: read and check it, count it, check it against
 * quota and rate limits, draw the wire's fault, wait its latency, reply.
 */
export class ChatExchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #context: ExchangeContext;
  readonly #apiKey: string;
  /** Set once a whole and billable reply is on its way. */
  #answered: RequestEntry | null = null;
  #isCutByUs = false;
  #cancelLatency: (() => void) | null = null;

  constructor(request: IncomingMessage, response: ServerResponse, context: ExchangeContext) {
    this.#request = request;
    this.#response = response;
    this.#context = context;
    this.#apiKey = request.headers.authorization ?? '';
  }

  run(): void {
    this.#context.log.begin(this.#apiKey);
    this.#response.on('close', () => this.#onClose());
    readBody(this.#request, (body) => this.#guarded(() => this.#receive(body)));
  }

  #onClose(): void {
    const { log } = this.#context;
    this.#cancelLatency?.();
    if (this.#isCutByUs) {
      log.end('disconnected');
    } else if (!this.#response.writableFinished) {
      log.end('abandoned');
    } else {
      if (this.#answered !== null) this.#answered.succeeded++;
      log.end({ status: this.#response.statusCode });
    }
  }

  #receive(body: string | null): void {
    const { settings, limits, log } = this.#context;
    if (body === null) {
      throw new ApiError(413, {
        message: `The body of the request is over ${MAX_BODY_BYTES} bytes`,
        type: 'invalid_request_error',
        code: 'request_too_large',
      });
    }
    const { request: chat, hash } = readChatRequest(body);
    const entry = log.received(hash);
    const promptTokens = estimatePromptTokens(chat);
    const refusal = limits.admit(promptTokens);
    if (refusal !== null) {
      if (refusal.reason === 'quota') log.fault('quota');
      else log.rateLimited();
      throw refusedError(refusal, settings.rateLimitHeaders !== 'none');
    }
    const attempt = entry.admitted++;
    const fault = drawTransportFault(settings.faultRates, hash, attempt, settings.seed);
    if (fault !== null) log.fault(fault);
    this.#schedule({ chat, entry, promptTokens, attempt, fault });
  }

  #schedule(admitted: Admitted): void {
    const { seed, latency, clock } = this.#context.settings;
    const { fault, entry, attempt } = admitted;
    const isRefused = fault === 'rateLimitWithHint' || fault === 'rateLimitWithoutHint';
    const draw = mix(mix(hashText(entry.hash, seed), 0x6c61), attempt);
    const delayMs = isRefused ? 0 : latencyMs(latency, draw);
    if (delayMs === 0) this.#reply(admitted);
    else this.#cancelLatency = clock.setTimer(() => this.#guarded(() => this.#reply(admitted)), delayMs);
  }

  #reply(admitted: Admitted): void {
    const { settings, log, limits } = this.#context;
    switch (admitted.fault) {
      case 'rateLimitWithHint':
        throw plantedRateLimitError(settings.hintMs);
      case 'rateLimitWithoutHint':
        // Not even the limits' headers: their reset times are a hint, too.
        sendError(this.#response, plantedRateLimitError(null));
        return;
      case 'serverError':
        throw new ApiError(500, {
          message: 'Simulated: the server had an error while processing your request.',
          type: 'server_error',
          code: 'server_error',
        });
      case 'unavailable':
        throw new ApiError(503, {
          message: 'Simulated: the engine is currently overloaded, please try again later.',
          type: 'service_unavailable',
          code: 'service_unavailable',
        });
    }
    const { chat, entry, promptTokens, attempt, fault } = admitted;
    const { hash } = entry;
    const completion = completeChat(chat, {
      hash,
      promptTokens,
      seed: settings.seed,
      firstOptionBias: settings.firstOptionBias,
      fault: drawContentFault(settings.faultRates, hash, settings.seed),
      created: Math.floor(settings.clock.now() / 1_000),
    });
    const isHalved = unit(mix(mix(hashText(hash, settings.seed), 0x6861), attempt)) < 0.5;
    if (fault === 'disconnect') {
      this.#isCutByUs = true;
      if (isHalved) sendCutShort(this.#response, completion.body);
      else this.#request.socket.destroy();
    } else if (fault === 'malformedBody') {
      if (isHalved) sendJson(this.#response, 200, completion.body.slice(0, completion.body.length / 2));
      else
        send(this.#response, 200, 'text/html', '<html><body><h1>Simulated: bad gateway</h1></body></html>');
    } else {
      if (completion.fault !== null) log.fault(completion.fault);
      limits.charge(completion.completionTokens);
      this.#answered = entry;
      sendJson(this.#response, 200, completion.body, this.#limitHeaders());
    }
  }

  #limitHeaders(): Record<string, string> {
    const { settings, limits } = this.#context;
    return settings.rateLimitHeaders === 'all' ? limits.headers() : {};
  }

  /** An exception must not end the process that the simulator may share with its client. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      const known =
        error instanceof ApiError
          ? error
          : new ApiError(500, {
              message: `The simulator failed: ${error}`,
              type: 'server_error',
              code: 'simulator_bug',
            });
      const waitMs = known.headers['retry-after-ms'];
      if (waitMs !== undefined) this.#context.log.reportedWait(this.#apiKey, Number(waitMs));
      sendError(this.#response, known, this.#limitHeaders());
    }
  }
}
