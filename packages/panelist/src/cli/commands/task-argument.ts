import { type Argument, createArgument } from '@commander-js/extra-typings';
import { LAST } from '../../application/tasks/find-task.ts';

/** The argument of every command that takes a task: what `findTask` reads. */
export function taskArgument(): Argument {
  return createArgument(
    '<task-id>',
    `a task's id, a beginning that no other has, or \`${LAST}\` for the newest`,
  );
}
