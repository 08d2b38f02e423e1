import type { Runner } from '../runners/runner.ts';
import type { Job } from '../tasks/job.ts';
import { TaskManager } from '../tasks/task-manager.ts';
import { runningTests } from './runner-conformance/running.ts';
import { settingsTests } from './runner-conformance/settings.ts';
import { stoppingTests } from './runner-conformance/stopping.ts';
import type { TestFunctions } from './test-functions.ts';

export interface RunnerSetUp {
  readonly tasks: TaskManager;
  /** What the runner must know, by name. */
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface RunnerUnderTest {
  /** A runner of those tasks that knows those jobs. It may be one of several. The suite shuts it down. */
  readonly create: (setUp: RunnerSetUp) => Promise<Runner>;
  /** A manager on an empty store that the runner can work with. @default new TaskManager(), in memory */
  readonly createTasks?: (() => Promise<TaskManager>) | undefined;
}

/** What a test is given: a manager on an empty store, and runners for it. */
export interface RunnerTestContext {
  readonly tasks: TaskManager;
  readonly runner: (jobs: Readonly<Record<string, Job>>) => Promise<Runner>;
}

/** Defines a test. */
export type RunnerTest = (name: string, test: (context: RunnerTestContext) => Promise<void>) => void;

/**
 * What every `Runner` must do. Run it on your own:
 *
 * @example
 * import { describe, expect, it } from 'vitest';
 * const create = async ({ tasks, jobs }: RunnerSetUp) => new MyRunner({ tasks, jobs });
 * describeRunner('MyRunner', { create }, { describe, it, expect });
 */
export function describeRunner(
  name: string,
  { create, createTasks = async () => new TaskManager() }: RunnerUnderTest,
  { describe, it, expect }: TestFunctions,
): void {
  const test: RunnerTest = (title, run) =>
    it(title, async () => {
      const tasks = await createTasks();
      const runners: Runner[] = [];
      const runner: RunnerTestContext['runner'] = async (jobs) => {
        const created = await create({ tasks, jobs });
        runners.push(created);
        return created;
      };
      try {
        await run({ tasks, runner });
      } finally {
        for (const each of runners) await each.shutdown({ drainMs: 0 });
        await tasks.store.close();
      }
    });
  describe(`${name} as a Runner`, () => {
    describe('running', () => runningTests(test, expect));
    describe('settings', () => settingsTests(test, expect));
    describe('stopping', () => stoppingTests(test, expect));
  });
}
