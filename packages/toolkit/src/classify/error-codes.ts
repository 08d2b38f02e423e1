import type { ErrorKind } from './classification.ts';

/** The account's money or quota is used up: every later call fails too, whatever its status. */
export const QUOTA_CODES: ReadonlySet<string> = new Set([
  // OpenAI
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'billing_hard_limit_reached',
  // Anthropic
  'billing_error',
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
]);

/**
 * Anthropic answers a spent budget with status 400 and the type of any bad request; only the body's sentence tells
 * them apart.
 */
export const SPEND_LIMIT_MESSAGE: RegExp =
  /^(?:You have reached your specified (?:workspace )?API usage limits|Your credit balance is too low)/;

const byKind = (kind: ErrorKind, ...codes: readonly string[]): [string, ErrorKind][] =>
  codes.map((code) => [code, kind]);

/** What codes mean without a status: errors inside a stream, or of a client that drops the status. */
export const KIND_BY_CODE: ReadonlyMap<string, ErrorKind> = new Map([
  ...byKind('rate-limit', 'RATE_LIMIT', 'rate_limit_error', 'rate_limit_exceeded', 'slow_down'),
  ...byKind('rate-limit', 'RESOURCE_EXHAUSTED', 'ThrottlingException'),
  ...byKind('overloaded', 'overloaded_error', 'overloaded', 'UNAVAILABLE'),
  ...byKind('server', 'api_error', 'server_error', 'internal_server_error', 'INTERNAL', 'ABORTED'),
  ...byKind('timeout', 'TIMEOUT', 'timeout_error', 'DEADLINE_EXCEEDED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'),
  ...byKind('timeout', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'),
  ...byKind('network', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'),
  ...byKind('network', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'EPROTO'),
  ...byKind('network', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_SOCKET_CLOSED'),
  ...byKind('client', 'invalid_request_error', 'authentication_error', 'permission_error', 'not_found_error'),
  ...byKind('client', 'invalid_api_key', 'model_not_found', 'context_length_exceeded'),
  ...byKind('client', 'content_filter', 'content_policy_violation', 'request_too_large'),
  ...byKind('client', 'INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'PERMISSION_DENIED', 'UNAUTHENTICATED'),
  ...byKind('client', 'NOT_FOUND', 'OUT_OF_RANGE', 'UNIMPLEMENTED'),
  ...byKind('programming', 'UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_URL'),
  ...byKind('abort', 'ABORT_ERR', 'UND_ERR_ABORTED'),
]);

/** What an error's class means. */
export const KIND_BY_NAME: ReadonlyMap<string, ErrorKind> = new Map([
  ...byKind('abort', 'AbortError', 'ResponseAborted', 'APIUserAbortError'),
  ...byKind('rate-limit', 'RateLimitError'),
  ...byKind('timeout', 'TimeoutError', 'APIConnectionTimeoutError'),
  ...byKind('network', 'APIConnectionError'),
  // A reply that cannot be read is the server's fault, and the next may be whole.
  ...byKind(
    'server',
    'AI_EmptyResponseBodyError',
    'AI_InvalidResponseDataError',
    'AI_NoContentGeneratedError',
  ),
  ...byKind('server', 'AI_JSONParseError', 'AI_TypeValidationError'),
  // Calls that the AI SDK refuses to make: no key, a bad prompt, a model that does not exist.
  ...byKind('programming', 'AI_LoadAPIKeyError', 'AI_LoadSettingError', 'AI_InvalidPromptError'),
  ...byKind('programming', 'AI_InvalidArgumentError', 'AI_NoSuchModelError', 'AI_NoSuchProviderError'),
  ...byKind('programming', 'AI_UnsupportedFunctionalityError', 'AI_UnsupportedModelVersionError'),
]);
