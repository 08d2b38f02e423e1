import { expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { TaskChanges } from './task-changes.ts';

function setUp(taskId?: string) {
  const clock = new VirtualClock();
  let tell = (_: string | undefined): void => {};
  let isListening = false;
  const onChange = (listener: (taskId: string | undefined) => void) => {
    tell = listener;
    isListening = true;
    return () => {
      isListening = false;
    };
  };
  const changes = new TaskChanges({ onChange }, taskId);
  const looks: number[] = [];
  const look = async (signal?: AbortSignal): Promise<void> => {
    await changes.next({ minMs: 100, maxMs: 5_000, clock, signal });
    looks.push(clock.monotonic());
  };
  return { clock, changes, look, looks, tell: (id?: string) => tell(id), isListening: () => isListening };
}

it('is due when a change was told of, though not at once after the last look, and sometimes without', async () => {
  const { clock, look, looks, tell } = setUp('task_1');
  const start = clock.monotonic();
  void look();
  await clock.advance(1_000);
  tell('task_2');
  await clock.advance(1_000);
  expect(looks).toEqual([]);
  tell('task_1');
  await clock.advance(0);
  expect(looks).toEqual([start + 2_000]);
  tell();
  void look();
  await clock.advance(100);
  expect(looks).toEqual([start + 2_000, start + 2_100]);
  void look();
  await clock.advance(5_000);
  expect(looks.at(-1)).toBe(start + 7_100);
});

it('is due each time where the store tells of nothing', async () => {
  const clock = new VirtualClock();
  const changes = new TaskChanges({});
  expect(changes.takeChange()).toBe(true);
  const next = changes.next({ minMs: 100, maxMs: 5_000, clock });
  await clock.advance(100);
  await next;
});

it('ends with the signal, and with its end nobody listens', async () => {
  const { clock, changes, look, isListening, tell } = setUp();
  const controller = new AbortController();
  const looking = look(controller.signal);
  await clock.advance(200);
  controller.abort();
  await looking;
  tell('any');
  expect([changes.takeChange(), changes.takeChange()]).toEqual([true, false]);
  changes.close();
  expect(isListening()).toBe(false);
});
