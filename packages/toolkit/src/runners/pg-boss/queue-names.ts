import { createHash } from 'node:crypto';

/** Before a task's id, so that no queue of anybody else is taken for a task's. */
export const PREFIX = 'panelist/';

/** pg-boss's names have letters, digits, `_`, `-`, `.` and `/`. */
export function queueOf(taskId: string): string {
  return PREFIX + taskId.replaceAll(/[^\w-]/g, (character) => `.${character.codePointAt(0)!.toString(16)}.`);
}

export function taskOf(queue: string): string {
  return queue
    .slice(PREFIX.length)
    .replaceAll(/\.([0-9a-f]+)\./g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}

/** The same for the same item, so that it is never in the queue twice. */
export function jobIdOf(taskId: string, key: string): string {
  const hex = createHash('sha256').update(`${taskId}\0${key}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
