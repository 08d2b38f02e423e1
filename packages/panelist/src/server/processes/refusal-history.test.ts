import { expect, it } from 'vitest';
import type { RunFigures } from '../../application/runs/run-figures.ts';
import { RefusalHistory } from './refusal-history.ts';

const figures = (...refused: number[]): RunFigures =>
  ({ taskId: 'task_1', accounts: refused.map((count) => ({ refused: count })) }) as unknown as RunFigures;

it('keeps when refusals came, beginning with none, over several accounts', () => {
  const history = new RefusalHistory();
  history.add(figures(5, 1), 0);
  history.add(figures(5, 1), 250);
  history.add(figures(7, 2), 500);
  expect(history.of('task_1')).toEqual([
    { at: 0, refused: 0 },
    { at: 500, refused: 3 },
  ]);
  expect(history.of('task_2')).toEqual([]);
});

it('counts on where another process begins from 0', () => {
  const history = new RefusalHistory();
  for (const [at, count] of [0, 4, 0, 2].entries()) history.add(figures(count), at);
  expect(history.of('task_1').at(-1)).toEqual({ at: 3, refused: 6 });
});

it('stays small, and keeps the first and the newest sample', () => {
  const history = new RefusalHistory();
  for (let count = 0; count < 10_000; count += 1) history.add(figures(count), count);
  const samples = history.of('task_1');
  expect(samples.length).toBeLessThanOrEqual(601);
  expect([samples[0]?.at, samples.at(-1)?.refused]).toEqual([0, 9_999]);
});
