import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
import pLimit from 'p-limit';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled } from './contender.ts';

/** With its default of 2 retries. */
const aiSdk: Contender = (client) => {
  const provider = createOpenAICompatible({ name: 'bench', baseURL: 'http://bench/v1', fetch: client.fetch });
  const limit = pLimit(CONCURRENCY);
  return countFulfilled(
    client.calls.map((call) =>
      limit(() => generateText({ model: provider('bench'), prompt: `call ${call}` })),
    ),
  );
};

export default aiSdk;
