import type { TaskItem } from '../tasks/task-record.ts';

/** Items that count how many of them are read in one turn of the event loop. */
export function countedItems(count: number): {
  readonly items: readonly TaskItem[];
  /** Counts while `work` is under way. */
  watch(work: Promise<unknown>): Promise<{ readonly mostPerTurn: number }>;
} {
  let inTurn = 0;
  let mostPerTurn = 0;
  const item = (index: number): TaskItem => ({
    key: `item ${index}`,
    input: {
      get name() {
        inTurn += 1;
        mostPerTurn = Math.max(mostPerTurn, inTurn);
        return 'x';
      },
    },
  });
  const watch = async (work: Promise<unknown>): Promise<{ readonly mostPerTurn: number }> => {
    let isOver = false;
    const nextTurn = (): void => {
      inTurn = 0;
      if (!isOver) setImmediate(nextTurn);
    };
    nextTurn();
    await work.finally(() => {
      isOver = true;
    });
    return { mostPerTurn };
  };
  return { items: Array.from({ length: count }, (_, index) => item(index)), watch };
}
