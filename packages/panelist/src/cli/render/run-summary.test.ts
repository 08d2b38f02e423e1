import { expect, it } from 'vitest';
import { messagesFor } from '../../languages/messages.ts';
import { noUsage } from '../../models/model-usage.ts';
import { usageLine } from './run-summary.ts';

it.each([
  ['en', { tokens: 12_300, costUsd: 0.5 }, 'Other processes worked on it too: 12.3K tokens, $0.50.'],
  ['en', { tokens: 9, costUsd: null }, /^Other processes worked on it too: 9 tokens, cost unknown/],
  ['zh-cn', { tokens: 12_300, costUsd: 0.5 }, '其他进程也参与了：12.3K 个 token，$0.50。'],
])('what other processes have spent on a run is told apart, in %s', (locale, elsewhere, expected) => {
  const spent = { usage: noUsage(), costUsd: 0, waitingShare: 0 };
  const messages = messagesFor(locale);
  const alone = usageLine({ ...spent, elsewhere: { tokens: 0, costUsd: 0 } }, 1, messages);
  expect(alone.split('\n')).toHaveLength(1);
  const [here, others] = usageLine({ ...spent, elsewhere }, 1, messages).split('\n');
  expect(here).toBe(alone);
  expect(others).toMatch(expected);
});
