import { type FailureResult, quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { shortened } from '../text/shortened.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { nullable, number, object, type Shape, text } from './shapes.ts';

/** Where in the database a value was read. */
export interface StoredPlace {
  readonly taskId: string;
  /** `null` for what belongs to the task as a whole. */
  readonly itemKey: string | null;
  readonly what: 'parameters' | 'input' | 'result';
}

/** A model's reply, under the hash of its request. */
export interface StoredReplyPlace {
  readonly requestHash: string;
}

/** A task's parameters as a store or a runner hands them out, not yet checked. */
export interface StoredParams {
  readonly taskId: string;
  readonly taskParams: unknown;
}

const maxProblem = 200;
/** As `createTaskId` of the toolkit makes them, and what other programs may reasonably choose. */
const taskIds = /^[A-Za-z0-9][\w-]{0,99}$/;

/**
 * A task's id names folders and is part of the commands that messages suggest.
 *
 * @throws PanelistError `ROW_INVALID` for one that could be more than a name
 */
export function checkTaskId(taskId: string): void {
  if (taskIds.test(taskId)) return;
  throw new PanelistError(
    'ROW_INVALID',
    `A task of this database is called ${quote(taskId)}, which is not a name that Panelist gives (letters, digits, _ and -). Something else has changed the database: restore it from a backup, or name another with --database.`,
  );
}

/**
 * A value of a database row, once it has the shape that Panelist writes: the file may come from a stranger, or something
 * else may have changed it. It is the value itself, so members that the shape does not name stay in it.
 *
 * @throws PanelistError `ROW_INVALID`, naming task and item
 */
export function storedAs<T>(shape: Shape<T>, value: unknown, place: StoredPlace | StoredReplyPlace): T {
  const problem = problemOf(shape, value);
  if (problem === null) return value as T;
  throw new PanelistError(
    'ROW_INVALID',
    `${subjectOf(place)} is not what Panelist writes (${shortened(terminalSafe(problem), maxProblem)}). ` +
      'Something else has changed the database, or another version of Panelist wrote it: restore it from a backup, or name another with --database.',
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
    // Whatever a version of the toolkit calls it: it is only compared.
    kind: text as Shape<FailureResult['error']['kind']>,
  }),
});

/** What is recorded of an item that failed. @throws PanelistError `ROW_INVALID` */
export function storedFailure(value: unknown, place: Omit<StoredPlace, 'what'>): FailureResult['error'] {
  return storedAs(failure, value, { ...place, what: 'result' }).error;
}

function problemOf(shape: Shape<unknown>, value: unknown): string | null {
  try {
    return shape(value);
  } catch (error) {
    // Only checking a value that is nested so deeply takes more stack than there is.
    if (error instanceof RangeError) return 'it is nested too deeply';
    throw error;
  }
}
