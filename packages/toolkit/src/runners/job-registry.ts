import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { checkOption } from '../options/check.ts';
import type { Job, TypedJob } from '../tasks/job.ts';
import type { CreateTaskOptions } from '../tasks/task-manager-options.ts';
import type { TaskItem, TaskRecord } from '../tasks/task-record.ts';
import type { Submission, SubmittedItem } from './runner.ts';

/** The jobs that a runner can do, by name. */
export class JobRegistry {
  readonly #jobs = new Map<string, Job>();

  get names(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  has(name: string | null): name is string {
    return name !== null && this.#jobs.has(name);
  }

  register(job: string | TypedJob<unknown, unknown, unknown>, how: Job<never, never>): void {
    const name = nameOf(job);
    checkOption(typeof how?.run === 'function', `Job ${quote(name)} must have a function run`, how?.run);
    this.#jobs.set(name, how as Job);
  }

  /** @throws ToolkitError `UNKNOWN_JOB` */
  named(name: string | null): Job {
    const job = name === null ? undefined : this.#jobs.get(name);
    if (job !== undefined) return job;
    const known = [...this.#jobs.keys()].map((key) => quote(key)).join(', ') || 'none';
    throw new ToolkitError(
      'UNKNOWN_JOB',
      `No job is registered as ${quote(name)} (registered: ${known}). Call runner.register(name, job) first.`,
    );
  }

  /** The task that a submission asks for. @throws ToolkitError `UNKNOWN_JOB` */
  taskOf<Input, Params>(submission: Submission<Input, Params>): CreateTaskOptions {
    const { taskKey, taskParams, settings } = submission;
    const job = nameOf(submission.job);
    this.named(job);
    const items = Array.from(submission.items, asItem);
    const identity = submission.identity ?? { job, taskParams, items };
    return { taskKey, taskParams, totalCount: items.length, job, items, identity, settings };
  }
}

/** Whether a runner is to work on the task. */
export function isToRun({ status }: Pick<TaskRecord, 'status'>): boolean {
  return status === 'pending' || status === 'running';
}

/** The task manager checks that it is JSON and that its key is unique. */
function asItem(item: SubmittedItem<unknown>): TaskItem {
  return typeof item === 'object' ? (item as TaskItem) : { key: String(item), input: item };
}

function nameOf(job: string | Pick<TypedJob<unknown, unknown, unknown>, 'name'>): string {
  return typeof job === 'string' ? job : job.name;
}
