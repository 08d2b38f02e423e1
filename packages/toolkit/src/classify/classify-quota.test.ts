import { APIError as AnthropicError } from '@anthropic-ai/sdk';
import { APIError as OpenAIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { classify } from './classify.ts';
import {
  aiError,
  anthropicBody,
  googleError,
  headers,
  openAiBody,
  wrapped,
} from './testing/provider-errors.ts';

describe('an exhausted quota stops the fan-out', () => {
  it.each([
    'insufficient_quota',
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ])('OpenAI 429 %s', (code) => {
    for (const error of [
      OpenAIError.generate(429, openAiBody(code, 'insufficient_quota'), undefined, headers()),
      OpenAIError.generate(429, openAiBody(code, 'tokens'), undefined, headers({ 'retry-after': '1' })),
      aiError(429, openAiBody(code, 'insufficient_quota')),
      wrapped(aiError(429, openAiBody(code))),
      new RateLimitError('slow', { cause: aiError(429, openAiBody(code)) }),
    ]) {
      expect(classify(error)).toMatchObject({ verdict: 'stop', kind: 'quota', status: 429, code });
    }
  });

  it('OpenAI 429 whose type alone says so', () => {
    const error = OpenAIError.generate(
      429,
      { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: null } },
      undefined,
      headers(),
    );
    expect(classify(error)).toMatchObject({ verdict: 'stop', code: 'insufficient_quota' });
  });

  it.each(['enforced_spend_limit_reached', 'contract_spend_limit_reached'])('Anthropic 429 %s', (code) => {
    const body = anthropicBody('rate_limit_error', 'No.', { error_code: code });
    expect(classify(AnthropicError.generate(429, body, undefined, headers()))).toMatchObject({
      verdict: 'stop',
      code,
    });
    expect(classify(aiError(429, body))).toMatchObject({ verdict: 'stop', code });
  });

  it.each([
    'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
    'You have reached your specified workspace API usage limits. You will regain access on 2026-12-01.',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.',
  ])('Anthropic’s spend-limit 400: %s', (message) => {
    const body = anthropicBody('invalid_request_error', message);
    expect(classify(AnthropicError.generate(400, body, undefined, headers())).verdict).toBe('stop');
    expect(classify(aiError(400, body)).verdict).toBe('stop');
    // The sentence alone proves nothing: a prompt may quote it.
    expect(classify(new Error(message)).verdict).toBe('retry');
    expect(classify(aiError(400, anthropicBody('invalid_request_error', `No: ${message}`))).verdict).toBe(
      'never',
    );
  });

  it('Google’s quota of the day, but not that of the minute', () => {
    const quota = (quotaId: string): Error =>
      googleError(429, {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'You exceeded your current quota',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '33s' },
        ],
      });
    expect(classify(quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'))).toMatchObject({
      verdict: 'stop',
      kind: 'quota',
      status: 429,
    });
    expect(classify(quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'))).toMatchObject({
      verdict: 'retry',
      kind: 'rate-limit',
      waitMs: 33_000,
    });
  });
});
