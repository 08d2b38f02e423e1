import { describe, expect, it } from 'vitest';
import { openSqliteTaskStore } from '../../sqlite.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import { describeRunner, type RunnerSetUp } from '../../testing/describe-runner.ts';
import { TaskRunner } from './task-runner.ts';

async function create({ tasks, jobs }: RunnerSetUp): Promise<TaskRunner> {
  const runner = new TaskRunner({ tasks, pollMs: 10 });
  for (const [name, job] of Object.entries(jobs)) runner.register(name, job);
  return runner;
}

describeRunner('TaskRunner, tasks in memory,', { create }, { describe, it, expect });

const createTasks = async () => new TaskManager({ store: await openSqliteTaskStore(':memory:') });
describeRunner('TaskRunner, tasks in SQLite,', { create, createTasks }, { describe, it, expect });
