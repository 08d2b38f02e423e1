import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { runningTask } from './new-task.ts';

/** A store goes by the caller's clock or by its database's: so a lease has either lapsed at once, or lasts. */
const LAPSED_MS = 0;
const LASTING_MS = 3_600_000;

export function leaseTests(test: StoreTest, expect: TestFunctions['expect']): void {
  const request = (owner: string, ttlMs = LASTING_MS) => ({ owner, ttlMs, now: Date.now() });

  test('is held by one owner until it lapses', async (store) => {
    const { taskId, revision } = await runningTask(store);
    expect(await store.acquireLease(taskId, request('a'))).toBe(true);
    const { lease } = (await store.get(taskId)) ?? {};
    expect(lease?.owner).toBe('a');
    expect(Math.abs((lease?.expiresAt ?? 0) - Date.now() - LASTING_MS) < LASTING_MS / 2).toBe(true);
    expect(await store.acquireLease(taskId, request('b'))).toBe(false);
    expect((await store.get(taskId))?.lease).toEqual(lease);
    expect(await store.acquireLease(taskId, request('a', LAPSED_MS))).toBe(true);
    expect(await store.acquireLease(taskId, request('b'))).toBe(true);
    expect(await store.get(taskId)).toMatchObject({ lease: { owner: 'b' }, revision });
  });

  test('is renewed by its owner', async (store) => {
    const { taskId } = await runningTask(store);
    expect(await store.acquireLease(taskId, request('a', LAPSED_MS))).toBe(true);
    expect(await store.acquireLease(taskId, request('a'))).toBe(true);
    expect(await store.acquireLease(taskId, request('b'))).toBe(false);
  });

  test('is taken from an owner that is known to be dead, and from no other', async (store) => {
    const { taskId } = await runningTask(store);
    await store.acquireLease(taskId, request('a'));
    expect(await store.acquireLease(taskId, { ...request('b'), deadOwner: 'c' })).toBe(false);
    expect(await store.acquireLease(taskId, { ...request('b'), deadOwner: 'a' })).toBe(true);
  });

  test('is given back by its owner only', async (store) => {
    const { taskId } = await runningTask(store);
    await store.acquireLease(taskId, request('a'));
    await store.releaseLease(taskId, 'b');
    expect((await store.get(taskId))?.lease?.owner).toBe('a');
    await store.releaseLease(taskId, 'a');
    expect((await store.get(taskId))?.lease).toBe(null);
  });

  test('goes to exactly one of many at once', async (store) => {
    const { taskId } = await runningTask(store);
    const held = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.acquireLease(taskId, request(`o${index}`))),
    );
    expect(held.filter(Boolean).length).toBe(1);
  });
}
