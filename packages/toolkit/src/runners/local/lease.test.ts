import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
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

/** A module of its own, in a process that sees that PID namespace. */
async function inNamespace(link: string): Promise<typeof import('./lease.ts')> {
  vi.resetModules();
  vi.doMock('node:fs', async (original) => ({ ...(await original<object>()), readlinkSync: () => link }));
  return import('./lease.ts');
}

afterEach(() => vi.doUnmock('node:fs'));

it('two containers with one host name are not taken for one machine', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const first = await inNamespace('pid:[4026531836]');
  const second = await inNamespace('pid:[4026532201]');
  const owner = first.leaseOwner().replace(`/${process.pid}/`, `/${child.pid}/`);
  // The number is unused here too, but it is of a process that only the first can see.
  expect(first.isKnownDead(owner)).toBe(true);
  expect(second.isKnownDead(owner)).toBe(false);
});

it('an owner on another machine, or something that isn’t an owner, is never known to be dead', () => {
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
