import type { AccountReport, AccountState, SharedAccount } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { ModelThrottles } from './model-throttles.ts';

const OUT_OF_QUOTA = Object.assign(new Error('You exceeded your current quota'), {
  status: 429,
  code: 'insufficient_quota',
});
const LIMITS = { maxConcurrency: 10 };

/** An account without limits, that records what is reported. */
function openAccount(): SharedAccount & { readonly reports: AccountReport[] } {
  const reports: AccountReport[] = [];
  const free = { perMinute: undefined, leasedPerMinute: undefined, held: 0, isScarce: false, waitMs: 0 };
  const state: AccountState = {
    ...{ requests: free, tokens: free, leaseMs: 2_000, validMs: 5_000, members: 1, intervalMs: 200 },
    ...{ cooldown: undefined, quota: undefined },
  };
  return {
    reports,
    exchange: async (report) => {
      reports.push(report);
      return state;
    },
    listen: () => () => {},
  };
}

describe('the throttles of models', () => {
  it('share an account with other processes, except one that is part of this process', async () => {
    const accounts = new Map<string, ReturnType<typeof openAccount>>();
    const throttles = new ModelThrottles({
      accounts: {
        account(key) {
          const account = openAccount();
          accounts.set(key, account);
          return account;
        },
      },
    });
    const remote = { account: 'openai/x by 123' };
    throttles.setLimits(remote, 'openai/x', 'run', { ...LIMITS, requestsPerMinute: 60 });
    await throttles.errorHandler(remote, 'openai/x').withRetry(async () => 'a reply');
    const simulator = { account: 'http://127.0.0.1:1', isLocal: true };
    await throttles.errorHandler(simulator, 'simulator').withRetry(async () => 'a reply');
    expect([...accounts.keys()]).toEqual(['openai/x by 123']);
    expect(accounts.get('openai/x by 123')?.reports[0]).toMatchObject({
      requests: { setPerMinute: 60 },
      quotaReset: true,
    });
    throttles.close();
  });

  it('forget an exhausted quota when a run begins or goes on', async () => {
    const throttles = new ModelThrottles();
    const account = { account: 'openai/x by 123' };
    const handler = throttles.errorHandler(account, 'openai/x');
    const call = () => handler.withRetry(async () => 'a reply');
    throttles.setLimits(account, 'openai/x', 'run', LIMITS);
    const exhausted = handler.withRetry(async () => {
      throw OUT_OF_QUOTA;
    });
    await expect(exhausted).rejects.toBe(OUT_OF_QUOTA);
    // The same run's limits change.
    throttles.setLimits(account, 'openai/x', 'run', { maxConcurrency: 20 });
    await expect(call()).rejects.toBe(OUT_OF_QUOTA);
    throttles.release('run');
    throttles.setLimits(account, 'openai/x', 'run', LIMITS);
    expect(await call()).toBe('a reply');
  });
});
