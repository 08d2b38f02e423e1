/** `npm run bench`: runs all benchmarks one after another, each in its own process. */
import { spawnSync } from 'node:child_process';

const programs =
  process.argv.length > 2
    ? process.argv.slice(2)
    : [
        'start',
        'event-loop',
        'pool',
        'handler',
        'store',
        'commit-latency',
        'interview',
        'survey',
        'focus-group',
        'throttle',
        'throttle-live',
        'account-limit',
        'server',
        'cluster',
        'scale-queue',
        'scale-simulation',
      ];
for (const program of programs) {
  console.log(`\n== ${program}`);
  const path = new URL(`./${program}.ts`, import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, ['--expose-gc', path], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
