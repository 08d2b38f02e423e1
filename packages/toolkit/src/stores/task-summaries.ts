import { checkOption } from '../options/check.ts';
import type { TaskRecord } from '../tasks/task-record.ts';

/** Where a page of summaries ended: tasks are in the order of their creation, and of their ids where that is the same. */
export type SummaryCursor = Pick<TaskRecord, 'createdAt' | 'taskId'>;

export function writeCursor({ createdAt, taskId }: SummaryCursor): string {
  return `${createdAt}:${taskId}`;
}

/** @throws ToolkitError `INVALID_OPTION` */
export function readCursor(text: string): SummaryCursor {
  const [, createdAt, taskId] = /^(-?[\d.]+):(.+)$/s.exec(text) ?? [];
  const isCursor = taskId !== undefined && Number.isFinite(Number(createdAt));
  checkOption(isCursor, 'after must be the next of a page before', text);
  return { createdAt: Number(createdAt), taskId };
}

/** The keys of a dotted path. @throws ToolkitError `INVALID_OPTION` */
export function readPath(path: string): readonly string[] {
  const isPath = /^[\w-]+(?:\.[\w-]+)*$/.test(path);
  checkOption(isPath, 'params must be dotted paths of letters, digits, _ and -', path);
  return path.split('.');
}
