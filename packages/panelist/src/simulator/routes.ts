import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccountLimits } from './account-limits.ts';
import { ApiError } from './api-error.ts';
import { RETURNED_MODEL } from './chat-completion.ts';
import { ChatExchange, type ExchangeContext } from './chat-exchange.ts';
import type { SimulatorSettings } from './options.ts';
import { isAllowedHost } from './request-host.ts';
import { RequestLog, type RequestSummary } from './request-log.ts';
import { sendError, sendJson } from './send.ts';

export const SIMULATOR_NOTICE =
  'Panelist simulator: seeded rules answer from the persona. There is no language model behind it, and its answers say nothing about people.';

/** The name that replies give, and the one that people write. */
const MODELS = JSON.stringify({
  object: 'list',
  data: [RETURNED_MODEL, 'simulator'].map((id) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'panelist',
    simulator: true,
    description: SIMULATOR_NOTICE,
  })),
});

/** Which path does what. */
export class SimulatorRoutes {
  readonly #context: ExchangeContext;

  constructor(settings: SimulatorSettings) {
    const limits = new AccountLimits(settings, settings.clock);
    this.#context = { settings, limits, log: new RequestLog(settings.clock) };
  }

  requests(): RequestSummary {
    return this.#context.log.summary(SIMULATOR_NOTICE);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (!isAllowedHost(request.headers.host, this.#context.settings.host)) {
      sendError(
        response,
        new ApiError(421, {
          message:
            'The simulator answers requests to localhost, to an IP address or to the name given as --host only',
          type: 'invalid_request_error',
          code: 'host_not_allowed',
        }),
      );
      return;
    }
    const path = request.url?.split('?', 1)[0];
    switch (path) {
      case '/v1/chat/completions':
        if (isMethod('POST', request, response)) {
          new ChatExchange(request, response, this.#context).run();
        }
        return;
      case '/v1/models':
        if (isMethod('GET', request, response)) sendJson(response, 200, MODELS);
        return;
      case '/v1/simulator/requests':
        if (isMethod('GET', request, response)) sendJson(response, 200, JSON.stringify(this.requests()));
        return;
      default:
        sendError(
          response,
          new ApiError(404, {
            message: `The simulator has no such path: it knows /v1/chat/completions, /v1/models and /v1/simulator/requests`,
            type: 'invalid_request_error',
            code: 'unknown_url',
          }),
        );
    }
  }
}

function isMethod(method: string, request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === method) return true;
  sendError(
    response,
    new ApiError(405, {
      message: `This path takes ${method} only`,
      type: 'invalid_request_error',
      code: 'method_not_supported',
      headers: { allow: method },
    }),
  );
  return false;
}
