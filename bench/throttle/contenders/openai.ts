import OpenAI from 'openai';
import pLimit from 'p-limit';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled } from './contender.ts';

/** With its default of 2 retries. */
const openai: Contender = (client) => {
  const sdk = new OpenAI({ apiKey: 'bench', baseURL: 'http://bench/v1', fetch: client.fetch });
  const limit = pLimit(CONCURRENCY);
  return countFulfilled(
    client.calls.map((call) =>
      limit(() =>
        sdk.chat.completions.create({
          model: 'bench',
          messages: [{ role: 'user', content: `call ${call}` }],
        }),
      ),
    ),
  );
};

export default openai;
