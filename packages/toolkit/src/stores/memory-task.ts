import type { Steps } from '../clock/turns.ts';
import type {
  ItemOutcome,
  TaskItem,
  TaskItemRecord,
  TaskItemStatus,
  TaskRecord,
  TaskResult,
} from '../tasks/task-record.ts';
import { withoutFailed, withResult } from '../tasks/task-rules.ts';
import type {
  ItemsRequest,
  NewResult,
  Page,
  PageRequest,
  ResetRequest,
  ResultsRequest,
} from '../tasks/task-store.ts';

/** Items that are copied per step; each may be a few kilobytes. */
const ITEMS_PER_STEP = 1_000;

/** A result with its value as text, which cannot be changed afterwards and takes the least memory. */
interface KeptResult extends Omit<TaskResult, 'result'> {
  readonly text: string;
}

interface KeptItem {
  readonly key: string;
  readonly text: string;
}

/** One task of a `MemoryTaskStore`, with its items and results. */
export class MemoryTask {
  record: TaskRecord;
  readonly #items: KeptItem[] = [];
  readonly #positions = new Map<string, number>();
  /** By growing sequence. */
  #results: KeptResult[] = [];
  readonly #byKey = new Map<string, KeptResult>();

  private constructor(record: TaskRecord) {
    this.record = record;
  }

  static *create(record: TaskRecord, items: readonly TaskItem[]): Steps<MemoryTask> {
    const task = new MemoryTask(record);
    for (const [position, { key, input }] of items.entries()) {
      task.#items.push({ key, text: JSON.stringify(input) });
      task.#positions.set(key, position);
      if (position % ITEMS_PER_STEP === ITEMS_PER_STEP - 1) yield;
    }
    return task;
  }

  /** Whether the result was recorded: not when its item has one. */
  add({ itemKey, success, result, recordedAt }: NewResult): boolean {
    if (itemKey !== undefined && this.#byKey.has(itemKey)) return false;
    const text = JSON.stringify(result);
    this.record = withResult(this.record, success);
    const sequence = this.record.revision;
    const kept = { sequence, itemKey: itemKey ?? `#${sequence}`, success, text, recordedAt };
    this.#results.push(kept);
    if (itemKey !== undefined) this.#byKey.set(itemKey, kept);
    return true;
  }

  results(request: ResultsRequest): Page<TaskResult> {
    const { entries, next } = this.#page(request);
    return { entries: entries.map(({ text, ...rest }) => ({ ...rest, result: JSON.parse(text) })), next };
  }

  outcomes(request: PageRequest): Page<ItemOutcome> {
    const { entries, next } = this.#page(request);
    return { entries: entries.map(({ text: _, ...outcome }) => outcome), next };
  }

  #page({ after, limit, newestFirst = false }: ResultsRequest): Page<KeptResult> {
    const kept = this.#results;
    const start = after === undefined ? 0 : this.#firstAfter(newestFirst ? after - 1 : after);
    const from = newestFirst && after === undefined ? kept.length : start;
    const step = newestFirst ? -1 : 1;
    const inOrder = function* (): Generator<KeptResult> {
      for (let at = newestFirst ? from - 1 : from; at >= 0 && at < kept.length; at += step) yield kept[at]!;
    };
    return takePage(inOrder(), limit, ({ sequence }) => sequence);
  }

  items({ after = -1, limit, status, itemKeys }: ItemsRequest): Page<TaskItemRecord> {
    const named = itemKeys && new Set(itemKeys);
    const all = this.#items;
    const statusOf = (key: string): TaskItemStatus => this.#statusOf(key);
    const chosen = function* (): Generator<KeptItem & { readonly position: number }> {
      for (let position = after + 1; position < all.length; position += 1) {
        const item = all[position]!;
        if (named !== undefined && !named.has(item.key)) continue;
        if (status === undefined || status === statusOf(item.key)) yield { ...item, position };
      }
    };
    const page = takePage(chosen(), limit, ({ position }) => position);
    const entries = page.entries.map(({ position, ...item }) => this.#itemRecord(item, position));
    return { entries, next: page.next };
  }

  item(key: string): TaskItemRecord | undefined {
    const position = this.#positions.get(key);
    return position === undefined ? undefined : this.#itemRecord(this.#items[position]!, position);
  }

  resetFailed({ itemKeys }: ResetRequest): number {
    const chosen = itemKeys && new Set(itemKeys);
    const isRetried = (result: KeptResult): boolean =>
      !result.success &&
      this.#positions.has(result.itemKey) &&
      chosen?.has(result.itemKey) !== false &&
      this.#byKey.get(result.itemKey) === result;
    const kept = this.#results.filter((result) => !isRetried(result));
    const count = this.#results.length - kept.length;
    if (count === 0) return 0;
    for (const result of this.#results.filter(isRetried)) this.#byKey.delete(result.itemKey);
    this.#results = kept;
    this.record = withoutFailed(this.record, count);
    return count;
  }

  #itemRecord({ key, text }: KeptItem, position: number): TaskItemRecord {
    const result = this.#byKey.get(key);
    return {
      key,
      input: JSON.parse(text),
      position,
      status: this.#statusOf(key),
      result: result === undefined ? null : JSON.parse(result.text),
    };
  }

  #statusOf(itemKey: string): TaskItemStatus {
    const result = this.#byKey.get(itemKey);
    if (result === undefined) return 'pending';
    return result.success ? 'succeeded' : 'failed';
  }

  /** The index of the first result after that sequence. */
  #firstAfter(sequence: number): number {
    let low = 0;
    let high = this.#results.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#results[middle]!.sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function takePage<T>(source: Iterator<T>, limit = 500, cursor: (entry: T) => number): Page<T> {
  const entries: T[] = [];
  let step = source.next();
  while (!step.done && entries.length < limit) {
    entries.push(step.value);
    step = source.next();
  }
  return { entries, next: step.done || entries.length === 0 ? null : cursor(entries[entries.length - 1]!) };
}
