import { describe, expect, it } from 'vitest';
import { optionsOf } from './task-state.ts';

function allowed(status: Parameters<typeof optionsOf>[0]['status'], failedCount = 1): string[] {
  const options = optionsOf({ status, failedCount, focusGroupId: null });
  return Object.entries(options).flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
}

describe('what may be done with a task', () => {
  it('is what the server accepts in its state', () => {
    expect(allowed('pending')).toEqual(['cancel']);
    expect(allowed('running')).toEqual(['pause', 'cancel']);
    expect(allowed('paused')).toEqual(['resume', 'cancel']);
    expect(allowed('interrupted')).toEqual(['resume', 'cancel']);
    expect(allowed('completed')).toEqual(['retry', 'delete']);
    expect(allowed('failed')).toEqual(['retry', 'delete']);
    expect(allowed('cancelled')).toEqual(['delete']);
  });

  it('is no retry where nothing failed', () => {
    expect(allowed('completed', 0)).toEqual(['delete']);
  });
});
