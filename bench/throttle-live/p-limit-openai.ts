import OpenAI from 'openai';
import pLimit from 'p-limit';
import { chatBody } from './chat-body.ts';
import { callsDone, MAX_IN_FLIGHT, type MakeCalls } from './contenders.ts';

/** The most common solution: a concurrency limit and the SDK's default retries. */
export const makeCalls: MakeCalls = async (calls, url) => {
  const client = new OpenAI({ baseURL: url, apiKey: 'p-limit' });
  const limit = pLimit(MAX_IN_FLIGHT);
  const outcomes = await Promise.all(
    calls.map((call) =>
      limit(async () => {
        try {
          const { usage } = await client.chat.completions.create(chatBody(call));
          return { tokens: usage?.total_tokens ?? 0 };
        } catch (error) {
          return { error };
        }
      }),
    ),
  );
  return callsDone(outcomes);
};
