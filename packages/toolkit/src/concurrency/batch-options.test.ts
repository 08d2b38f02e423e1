import { describe, expect, it } from 'vitest';
import type { InBatchesOptions } from './batch-options.ts';
import { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskFunction } from './task.ts';

const badCounts = [0, -1, 1.5, Number.NaN, -Infinity, '5', null, {}] as number[];
const quoted = ['0', '-1', '1.5', 'NaN', '-Infinity', '"5"', 'null', 'an object (Object)'];

/** How each method refuses: nothing started, and the error. */
async function refusals(options: unknown, tasks?: unknown): Promise<unknown[]> {
  const manager = new ConcurrencyManager();
  let started = 0;
  const given = (tasks ?? [() => started++]) as TaskFunction<number>[];
  const bad = options as InBatchesOptions;
  const errors = await Promise.all(
    [
      manager.executeBatch(given, bad),
      manager.executeBatchWithIsolation(given, bad),
      manager.executeInBatches(given, bad),
    ].map((call) => call.catch((error: unknown) => error)),
  );
  try {
    manager.stream(given, bad);
    errors.push('the stream did not throw at once');
  } catch (error) {
    errors.push(error);
  }
  expect(started).toBe(0);
  expect(manager.stats().started).toBe(0);
  return errors;
}

describe('bad options', () => {
  it.each(badCounts.map((value, i) => [value, quoted[i]!] as const))(
    'refuses maxConcurrency %o everywhere, before anything starts, quoting it',
    async (maxConcurrency, shown) => {
      const refusal = expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(
          `maxConcurrency must be a whole number from 1, or Infinity, got ${shown}`,
        ),
      });
      expect(await refusals({ maxConcurrency })).toEqual([refusal, refusal, refusal, refusal]);
      expect(() => new ConcurrencyManager({ maxConcurrency })).toThrow(refusal);
      const manager = new ConcurrencyManager();
      expect(() => {
        manager.maxConcurrency = maxConcurrency;
      }).toThrow(refusal);
      expect(manager.maxConcurrency).toBe(100);
      await expect(manager.map([1], (x) => x, { maxConcurrency })).rejects.toEqual(refusal);
    },
  );

  it.each([...badCounts.map((value, i) => [value, quoted[i]!] as const), [Infinity, 'Infinity'] as const])(
    'refuses batchSize %o',
    async (batchSize, shown) => {
      const call = new ConcurrencyManager().executeInBatches([() => 1], { batchSize });
      await expect(call).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`batchSize must be a whole number from 1, got ${shown}`),
      });
    },
  );

  it.each([
    [{ timeoutMs: 0 }, 'timeoutMs must be a finite number of milliseconds above 0, got 0'],
    [{ timeoutMs: -5 }, 'got -5'],
    [{ timeoutMs: Number.NaN }, 'got NaN'],
    [{ timeoutMs: Infinity }, 'got Infinity. Leave it out for no limit'],
    [{ timeoutMs: '9' }, 'got "9"'],
    [{ signal: new AbortController() }, 'signal must be an AbortSignal, got an object (AbortController)'],
    [{ onProgress: 5 }, 'onProgress must be a function, got 5'],
    [20, 'options must be an object, got 20. Write them as in { maxConcurrency: 20 }.'],
    [null, 'got null'],
  ])('refuses %o', async (options, message) => {
    const refusal = expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message),
    });
    expect(await refusals(options)).toEqual([refusal, refusal, refusal, refusal]);
  });

  it('refuses an array with something that isn’t a function, before anything starts', async () => {
    let started = 0;
    const good = (): number => started++;
    const sparse: unknown[] = [good];
    sparse[2] = good;
    for (const [tasks, shown] of [
      [[good, Promise.resolve(1)], 'the one at index 1 is an object (Promise)'],
      [[good, good, 'x'], 'the one at index 2 is "x"'],
      [sparse, 'the one at index 1 is undefined'],
    ] as const) {
      const refusal = expect.objectContaining({
        code: 'INVALID_TASK',
        message: expect.stringContaining(shown),
      });
      expect(await refusals({}, tasks)).toEqual([refusal, refusal, refusal, refusal]);
    }
    expect(started).toBe(0);
  });

  it('refuses what isn’t a source, and a map without a function', async () => {
    for (const source of [5, null, {}, () => 1]) {
      const refusal = expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(
          'The source must be an array, an iterable or an async iterable, got ',
        ),
      });
      await expect(new ConcurrencyManager().executeBatch(source as never)).rejects.toEqual(refusal);
    }
    await expect(new ConcurrencyManager().map([1], 7 as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'The second argument of map must be a function, got 7.',
    });
    expect(() => new ConcurrencyManager(50 as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
