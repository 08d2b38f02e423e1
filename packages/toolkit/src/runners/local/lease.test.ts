import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isKnownDead, leaseOwner } from './lease.ts';

function ownerWithPid(pid: number): string {
  const [machine, , id] = leaseOwner().split('/');
  return `${machine}/${pid}/${id}`;
}

it('a living process is not dead, and one that was killed is', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  expect(isKnownDead(leaseOwner())).toBe(false);
  expect(isKnownDead(ownerWithPid(child.pid!))).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isKnownDead(ownerWithPid(child.pid!))).toBe(true);
});

it('nothing is known of another machine, or of what is no owner', () => {
  const [machine] = leaseOwner().split('/');
  for (const owner of [
    'elsewhere/999999/x',
    '',
    'nonsense',
    `${machine}`,
    `${machine}/0/x`,
    `${machine}/-1/x`,
  ]) {
    expect(isKnownDead(owner)).toBe(false);
  }
});

it('two runners of one process are two owners', () => {
  expect(leaseOwner()).not.toBe(leaseOwner());
});
