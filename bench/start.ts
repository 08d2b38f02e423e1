/**
 * Measures the start of `panelist --help`, `--version` and `tasks`: both packages are packed and installed in an empty
 * folder, as a user would do, then each command takes turns with a bare Node (`node -e 0`). CPU is the process's user and
 * system time.
 *
 * `node bench/start.ts [rounds]`
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadedModules } from '../test/loaded-modules.ts';
import { median } from './median.ts';

const ROUNDS = Number(process.argv[2] ?? 21);
const COMMANDS = [['--help'], ['--version'], ['tasks']];

const run = promisify(execFile);
const root = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;

/** Milliseconds of CPU, measured by the shell to include the end of the process. */
function cpuOf(args: readonly string[], cwd: string): number {
  const script = 'TIMEFORMAT="%3U %3S"; time "$0" "$@" > /dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['-c', script, process.execPath, ...args], { cwd, encoding: 'utf8' });
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
  return (user + system) * 1_000;
}

const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
try {
  for (const name of ['toolkit', 'panelist'])
    await run('npm', ['pack', '--pack-destination', folder], { cwd: root(`packages/${name}`) });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const archives = ['panelist-toolkit-0.1.0.tgz', 'panelist-0.1.0.tgz'].map((name) => `./${name}`);
  await run('npm', ['install', '--no-audit', '--no-fund', ...archives], { cwd: folder });
  // The flags in the first line of the program, which a bare Node does not have.
  const flags = ['--heap-growing-percent=75', '--max-semi-space-size=8'];
  const program = join(folder, 'node_modules/panelist/bin/panelist.js');
  await run(process.execPath, [program, 'init', '.'], { cwd: folder });
  const deploy = ['survey', 'deploy', 'survey.json', '--audience', 'audience.csv', '--model', 'simulator'];
  await run(process.execPath, [program, ...deploy], { cwd: folder });

  console.log(`Median of ${ROUNDS}     modules   CPU, ms   bare Node, ms   difference, ms`);
  for (const command of COMMANDS) {
    const args = [...flags, program, ...command];
    const { urls, exitCode, err } = loadedModules(args, folder);
    if (exitCode !== 0) throw new Error(`panelist ${command} ended with ${exitCode}: ${err}`);
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(cpuOf(['-e', '0'], folder));
      ours.push(cpuOf(args, folder));
    }
    const figures = [
      urls.length,
      median(ours).toFixed(0),
      median(bare).toFixed(0),
      (median(ours) - median(bare)).toFixed(0),
    ];
    const widths = [7, 10, 16, 17];
    console.log(
      command.join(' ').padEnd(15) + figures.map((each, at) => String(each).padStart(widths[at]!)).join(''),
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
