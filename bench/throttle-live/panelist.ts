import OpenAI from 'openai';
import { ConcurrencyManager, ErrorHandler, Throttle } from '../../packages/toolkit/src/index.ts';
import { chatBody } from './chat-body.ts';
import { callsDone, MAX_IN_FLIGHT, type MakeCalls } from './contenders.ts';

/** The openai SDK without its retries, in a handler whose throttle learns the limit from the provider's responses. */
export const makeCalls: MakeCalls = async (calls, url) => {
  const client = new OpenAI({ baseURL: url, apiKey: 'panelist', maxRetries: 0 });
  const throttle = new Throttle({ maxConcurrency: MAX_IN_FLIGHT });
  const handler = new ErrorHandler({ throttle, jitter: true });
  const manager = new ConcurrencyManager({ maxConcurrency: MAX_IN_FLIGHT });
  const outcomes = await manager.executeBatchWithIsolation(
    calls.map((call) => ({ signal }) => {
      const { tokens } = call;
      return handler.withRetry(
        async ({ signal, report }) => {
          const request = client.chat.completions.create(chatBody(call), { signal });
          const { data, response } = await request.withResponse();
          const used = data.usage?.total_tokens ?? 0;
          report({ headers: response.headers, tokens: used });
          return used;
        },
        { signal, tokens },
      );
    }),
  );
  return callsDone(outcomes.map((each) => (each.success ? { tokens: each.data } : { error: each.error })));
};
