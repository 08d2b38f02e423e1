import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, type LanguageModel, Output } from 'ai';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SimulatorOptions } from './options.ts';
import { type Simulator, startSimulator } from './server.ts';

let simulator: Simulator;
afterEach(() => simulator.close());

async function model(options: SimulatorOptions = {}): Promise<LanguageModel> {
  simulator = await startSimulator(options);
  return createOpenAICompatible({
    name: 'simulator',
    baseURL: simulator.url,
    apiKey: 'any',
    supportsStructuredOutputs: true,
  })('simulator');
}

const answers = z.object({
  q1: z.enum(['Male', 'Female', 'Other']).describe('What is your gender?'),
  q2: z.int().min(1).max(5).describe('How satisfied are you with your life?'),
  q3: z.array(z.enum(['Tea', 'Coffee', 'Water'])).describe('What do you drink?'),
  q4: z.string().max(200).nullable().describe('Why?'),
  q5: z.number().describe('What is your age?'),
});

async function reply(simulated: LanguageModel): Promise<{
  readonly output: z.infer<typeof answers>;
  readonly model: string;
  readonly tokens: number | undefined;
}> {
  const result = await generateText({
    model: simulated,
    maxRetries: 0,
    instructions: 'Be this person.\n- age: 34\n- gender: Female',
    prompt: 'Answer the questions.',
    output: Output.object({ schema: answers }),
  });
  return { output: result.output, model: result.response.modelId, tokens: result.usage.inputTokens };
}

async function failure(options: SimulatorOptions): Promise<unknown> {
  return reply(await model(options)).catch((error: unknown) => error);
}

describe('the AI SDK as a client', () => {
  it('gets structured output from the persona', async () => {
    const { output, model: returned, tokens } = await reply(await model());
    expect(answers.parse(output)).toEqual(output);
    expect(output).toMatchObject({ q1: 'Female', q5: 34 });
    expect(returned).toBe('panelist-simulator');
    expect(tokens).toBeGreaterThan(100);
  });

  it('sees a 429 and its Retry-After', async () => {
    const error = await failure({ faults: { rateLimitWithHint: 1, hintMs: 700 } });
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      statusCode: 429,
      isRetryable: true,
      responseHeaders: { 'retry-after-ms': '700', 'retry-after': '1' },
      data: { error: { code: 'rate_limit_exceeded' } },
    });
  });

  it('sees an exhausted quota', async () => {
    const error = await failure({ faults: { quotaAfter: 0 } });
    expect(error).toMatchObject({ statusCode: 429, data: { error: { code: 'insufficient_quota' } } });
  });

  it.each([
    [{ serverError: 1 }, { statusCode: 500, isRetryable: true }],
    [{ unavailable: 1 }, { statusCode: 503, isRetryable: true }],
    [{ malformedBody: 1 }, { statusCode: 200, isRetryable: false }],
  ])('sees %j', async (faults, expected) => {
    const error = await failure({ faults });
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject(expected);
  });

  it.each([1, 2, 3, 4])('sees a connection cut at any point (seed %i)', async (seed) => {
    const error = await failure({ seed, faults: { disconnect: 1 } });
    expect(error).toBeInstanceOf(Error);
    expect(simulator.requests()).toMatchObject({ total: 1, disconnected: 1 });
  });

  it('sees a truncated reply', async () => {
    const result = await generateText({
      model: await model({ faults: { truncated: 1 } }),
      prompt: 'Well?',
      maxRetries: 0,
    });
    expect(result.finishReason).toBe('length');
  });
});
