import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { runningTask } from './new-task.ts';

export function leaseTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('is held by one owner until it lapses', async (store) => {
    const { taskId, revision } = await runningTask(store);
    expect(await store.acquireLease(taskId, { owner: 'a', ttlMs: 1_000, now: 2_000 })).toBe(true);
    expect((await store.get(taskId))?.lease).toEqual({ owner: 'a', expiresAt: 3_000 });
    expect(await store.acquireLease(taskId, { owner: 'b', ttlMs: 1_000, now: 2_999 })).toBe(false);
    expect((await store.get(taskId))?.lease).toEqual({ owner: 'a', expiresAt: 3_000 });
    expect(await store.acquireLease(taskId, { owner: 'b', ttlMs: 1_000, now: 3_000 })).toBe(true);
    expect(await store.get(taskId)).toMatchObject({ lease: { owner: 'b', expiresAt: 4_000 }, revision });
  });

  test('is renewed by its owner', async (store) => {
    const { taskId } = await runningTask(store);
    for (const now of [2_000, 2_000, 2_500]) {
      expect(await store.acquireLease(taskId, { owner: 'a', ttlMs: 1_000, now })).toBe(true);
    }
    expect((await store.get(taskId))?.lease?.expiresAt).toBe(3_500);
  });

  test('is taken from an owner that is known to be dead, and from no other', async (store) => {
    const { taskId } = await runningTask(store);
    await store.acquireLease(taskId, { owner: 'a', ttlMs: 1_000, now: 2_000 });
    const request = { owner: 'b', ttlMs: 1_000, now: 2_001 };
    expect(await store.acquireLease(taskId, { ...request, deadOwner: 'c' })).toBe(false);
    expect(await store.acquireLease(taskId, { ...request, deadOwner: 'a' })).toBe(true);
  });

  test('is given back by its owner only', async (store) => {
    const { taskId } = await runningTask(store);
    await store.acquireLease(taskId, { owner: 'a', ttlMs: 1_000, now: 2_000 });
    await store.releaseLease(taskId, 'b');
    expect((await store.get(taskId))?.lease?.owner).toBe('a');
    await store.releaseLease(taskId, 'a');
    expect((await store.get(taskId))?.lease).toBe(null);
  });

  test('goes to exactly one of many at once', async (store) => {
    const { taskId } = await runningTask(store);
    const held = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.acquireLease(taskId, { owner: `o${index}`, ttlMs: 1_000, now: 2_000 }),
      ),
    );
    expect(held.filter(Boolean).length).toBe(1);
  });
}
