import { ConcurrencyManager, ErrorHandler, Throttle } from '../../../packages/toolkit/src/index.ts';
import type { Reply } from '../server.ts';
import { CONCURRENCY } from '../workload.ts';
import type { Contender } from './contender.ts';

/** Ours with its default of 3 retries and no configured limit. It reads headers from the reply; tokens are reported. */
const panelist: Contender = async (client) => {
  const manager = new ConcurrencyManager({ maxConcurrency: CONCURRENCY });
  const handler = new ErrorHandler({ throttle: new Throttle(), jitter: true });
  const results = await manager.executeBatchWithIsolation(
    client.calls.map((call) => () => {
      const tokens = client.estimate(call);
      return handler.withRetry(
        async ({ report }) => {
          const reply = await client.send(call);
          if (tokens !== undefined) report({ headers: reply.headers, tokens: usedTokens(reply) });
          return reply;
        },
        { tokens },
      );
    }),
  );
  return results.filter(({ success }) => success).length;
};

function usedTokens({ body }: Reply): number {
  return (body as { usage: { total_tokens: number } }).usage.total_tokens;
}

export default panelist;
