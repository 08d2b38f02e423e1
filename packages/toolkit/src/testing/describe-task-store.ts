import type { TaskStore } from '../tasks/task-store.ts';
import { creationTests } from './store-conformance/creation.ts';
import { deletionTests } from './store-conformance/deletion.ts';
import { itemTests } from './store-conformance/items.ts';
import { leaseTests } from './store-conformance/leases.ts';
import { recordingTests } from './store-conformance/recording.ts';
import { settingsTests } from './store-conformance/settings.ts';
import { summaryTests } from './store-conformance/summaries.ts';
import { transitionTests } from './store-conformance/transitions.ts';
import type { TestFunctions } from './test-functions.ts';

export interface TaskStoreUnderTest {
  /** A store that is empty. The suite closes it. */
  readonly create: () => Promise<TaskStore>;
}

/** Defines a test, given an empty store. */
export type StoreTest = (name: string, test: (store: TaskStore) => Promise<void>) => void;

/**
 * What every `TaskStore` must do. Run it on your own:
 *
 * @example
 * import { describe, expect, it } from 'vitest';
 * describeTaskStore('MyTaskStore', { create: async () => new MyTaskStore() }, { describe, it, expect });
 */
export function describeTaskStore(
  name: string,
  { create }: TaskStoreUnderTest,
  { describe, it, expect }: TestFunctions,
): void {
  const test: StoreTest = (title, run) =>
    it(title, async () => {
      const store = await create();
      try {
        await run(store);
      } finally {
        await store.close();
      }
    });
  describe(`${name} as a TaskStore`, () => {
    describe('creation', () => creationTests(test, expect));
    describe('transitions', () => transitionTests(test, expect));
    describe('recording', () => recordingTests(test, expect));
    describe('settings', () => settingsTests(test, expect));
    describe('items', () => itemTests(test, expect));
    describe('leases', () => leaseTests(test, expect));
    describe('summaries', () => summaryTests(test, expect));
    describe('deletion', () => deletionTests(test, expect));
    describe('closing', () => {
      test('refuses every verb afterwards, and may be closed again', async (store) => {
        await store.close();
        await store.close();
        const lease = { owner: 'a', ttlMs: 1, now: 0 };
        const verbs: readonly (() => Promise<unknown>)[] = [
          () => store.get('task_1'),
          () => store.findActive('key'),
          () => store.list(),
          () => store.summaries(),
          () => store.transition('task_1', 'running', { at: 0 }),
          () => store.configure('task_1', {}),
          () => store.record('task_1', { success: true, result: 1, recordedAt: 0 }),
          () => store.results('task_1'),
          () => store.outcomes('task_1'),
          () => store.items('task_1'),
          () => store.item('task_1', 'a'),
          () => store.delete('task_1'),
          () => store.resetFailed('task_1'),
          () => store.acquireLease('task_1', lease),
          () => store.releaseLease('task_1', 'a'),
        ];
        for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      });
    });
  });
}
