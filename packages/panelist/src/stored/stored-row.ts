import { type FailureResult, quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { shortened } from '../text/shortened.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { nullable, number, object, type Shape, text } from './shapes.ts';

/** The origin of a value in the database. */
export interface StoredPlace {
  readonly taskId: string;
  /** `null` for a value of the task itself. */
  readonly itemKey: string | null;
  readonly what: 'parameters' | 'input' | 'result';
}

/** A model's reply, under the hash of its request. */
export interface StoredReplyPlace {
  readonly requestHash: string;
}

/** Unchecked parameters of a task, from a store or a runner. */
export interface StoredParams {
  readonly taskId: string;
  readonly taskParams: unknown;
}

const maxProblem = 200;
/** Ids from the toolkit's `createTaskId`, and reasonable ids of other programs. */
const taskIds = /^[A-Za-z0-9][\w-]{0,99}$/;

/**
 * Checks a task id, because it names folders and is part of the commands that messages suggest.
 *
 * @throws PanelistError `ROW_INVALID` for an id that is not a plain name
 */
export function checkTaskId(taskId: string): void {
  if (taskIds.test(taskId)) return;
  throw new PanelistError(
    'ROW_INVALID',
    `A task of this database is called ${quote(taskId)}, which is not a name that Panelist gives (letters, digits, _ and -). Something else has changed the database: restore it from a backup.`,
    { data: { reason: 'database-changed' } },
  );
}

/**
 * Checks that a value from a database row has the shape that Panelist writes: the file may come from a stranger, or another
 * program may have changed it. Returns the same value, including members that the shape does not name.
 *
 * @throws PanelistError `ROW_INVALID`, with task and item
 */
export function storedAs<T>(shape: Shape<T>, value: unknown, place: StoredPlace | StoredReplyPlace): T {
  const problem = problemOf(shape, value);
  if (problem === null) return value as T;
  throw new PanelistError(
    'ROW_INVALID',
    `${subjectOf(place)} is not what Panelist writes (${shortened(terminalSafe(problem), maxProblem)}). ` +
      'Something else has changed the database, or another version of Panelist wrote it: restore it from a backup.',
    { data: { reason: 'database-changed' } },
  );
}

function subjectOf(place: StoredPlace | StoredReplyPlace): string {
  if ('requestHash' in place) return `The stored reply ${quote(place.requestHash)}`;
  const { taskId, itemKey, what } = place;
  const item = itemKey === null ? '' : `, item ${quote(itemKey)}`;
  return `Task ${quote(taskId)}${item}: the stored ${what}`;
}

const failure: Shape<FailureResult> = object<FailureResult>({
  error: object<FailureResult['error']>({
    name: text,
    message: text,
    status: nullable(number),
    code: nullable(text),
    // Not restricted to the known kinds: another version of the toolkit may have further ones, and it is only compared.
    kind: text as Shape<FailureResult['error']['kind']>,
  }),
});

/** The recorded error of a failed item. @throws PanelistError `ROW_INVALID` */
export function storedFailure(value: unknown, place: Omit<StoredPlace, 'what'>): FailureResult['error'] {
  return storedAs(failure, value, { ...place, what: 'result' }).error;
}

function problemOf(shape: Shape<unknown>, value: unknown): string | null {
  try {
    return shape(value);
  } catch (error) {
    // Only a check of a value that is nested too deeply exhausts the stack.
    if (error instanceof RangeError) return 'it is nested too deeply';
    throw error;
  }
}
