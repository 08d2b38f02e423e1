import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests that measure the heap, which must hold nothing of other tests. */
const MEMORY_TESTS = 'packages/*/src/**/*-bounds.test.ts';

export default defineConfig({
  test: {
    // Far more than any test takes: they only end what hangs, on a machine that is busy with other work too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
    outputFile: { json: 'test-results/vitest.json' },
    // One more than cores, since some tests wait: for a process or for the pause between retries.
    maxWorkers: availableParallelism() + 1,
    // For the workers, and for the processes that tests start.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)) },
    // They start in the order of their names: whole programs take longest, so they are not the last.
    projects: [
      {
        extends: true,
        test: { name: 'memory', include: [MEMORY_TESTS] },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/build-command-line.ts', 'test/start-postgres.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'units',
          include: ['packages/*/src/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [MEMORY_TESTS],
          globalSetup: 'test/start-postgres.ts',
          // Without isolation a worker loads a module once for all of its files. Loading takes longer than most tests.
          isolate: false,
        },
      },
    ],
  },
});
