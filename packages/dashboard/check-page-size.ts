/**
 * Fails when the script that the first view loads has grown too large: the entry, the tasks page, the larger language,
 * and what they import. It reads what `vite build` has written.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const MAX_BYTES = 170_000;
const FIRST_VIEW = ['index.html', 'src/pages/tasks/tasks-page.tsx'];
const LANGUAGES = ['src/messages/en/index.ts', 'src/messages/zh/index.ts'];

const folder = new URL('../panelist/dist/page/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', folder), 'utf8')) as Record<
  string,
  Chunk
>;

function chunk(name: string): Chunk {
  const found = manifest[name];
  if (found === undefined)
    throw new Error(`The build has no ${name}: check-page-size.ts names what it should measure.`);
  return found;
}

/** The files of a chunk and of all that it imports at once. */
function filesOf(name: string, files = new Set<string>()): Set<string> {
  const { file, imports = [] } = chunk(name);
  if (files.has(file)) return files;
  files.add(file);
  for (const each of imports) filesOf(each, files);
  return files;
}

const compressed = (file: string): number =>
  gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length;
const sum = (files: Iterable<string>): number =>
  [...files].reduce((bytes, file) => bytes + compressed(file), 0);

const first = new Set(FIRST_VIEW.flatMap((name) => [...filesOf(name)]));
const language = Math.max(...LANGUAGES.map((name) => sum(filesOf(name))));
const bytes = sum(first) + language;
console.log(
  `First view: ${(bytes / 1_000).toFixed(1)} kB of compressed script, at most ${MAX_BYTES / 1_000} kB.`,
);
if (bytes > MAX_BYTES) {
  for (const file of first) console.error(`${String(compressed(file)).padStart(8)} ${file}`);
  process.exitCode = 1;
}
