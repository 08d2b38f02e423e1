/**
 * Measures `panelist serve`: what 50 open pages cost, how many reads a second it answers, how long requests take
 * beside a survey that runs at full speed, and how fast the answers of a large task are read. It builds the package first.
 * The server, its process of runs, the simulator and the clients share the machine.
 *
 * `node bench/server.ts [pages|reads|run|answers]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from './server/answers.ts';
import { besideARun } from './server/beside-a-run.ts';
import { openPages } from './server/open-pages.ts';
import { reads } from './server/reads.ts';

const parts = { pages: openPages, reads, run: besideARun, answers };

const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
  await measure(join(folder, 'panelist.db'));
  await rm(folder, { recursive: true });
}
