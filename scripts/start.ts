/**
 * `npm start`: builds the page if it isn't built yet, serves it, and opens it. A database without tasks gets the demo's
 * survey, so that there is something to see: its respondents are simulated, which needs no key and costs nothing.
 *
 * Flags are those of `panelist serve`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DEMO_MODEL = 'simulator?latency=200-800&rpm=9000&burst-ms=1000&server-error=0.03';

if (!existsSync(root('packages/panelist/dist/page/index.html'))) {
  console.log('Building the page …');
  const { status } = spawnSync('npm', ['run', 'build', '--silent', '--workspace', 'packages/dashboard'], {
    cwd: root('.'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

const server = spawn(
  process.execPath,
  [
    ...[root('packages/panelist/bin/panelist.js'), 'serve', '--open'],
    ...['--model', DEMO_MODEL, '--model', 'simulator'],
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'pipe', 'inherit'] },
);
// Ctrl-C goes to both: the server drains, and this waits for it.
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    isStopping = true;
  });
const exit = once(server, 'exit');
let said = '';
server.stdout.on('data', (part: Buffer) => {
  process.stdout.write(part);
  said += part;
  const url = /at (http\S+)/.exec(said)?.[1];
  if (url === undefined) return;
  said = '';
  server.stdout.removeAllListeners('data').pipe(process.stdout);
  sendDemo(url).catch((error: Error) => {
    if (!isStopping) console.error(`The demo's survey was not sent: ${error.message}`);
  });
});
const [code] = await exit;
process.exit(code ?? 0);

/** Only into an empty database: whatever else is in it is the user's. */
async function sendDemo(url: string): Promise<void> {
  const request = async (path: string, body?: unknown): Promise<{ readonly tasks: readonly unknown[] }> => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'Panelist-Request': '1', 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json() as Promise<{ readonly tasks: readonly unknown[] }>;
  };
  // A server that asks for a token is nobody's first try.
  if ((await fetch(`${url}/api/tasks`)).status === 401) return;
  if ((await request('/api/tasks?limit=1')).tasks.length > 0) return;
  const file = async (name: string): Promise<{ name: string; text: string }> => ({
    name,
    text: await readFile(root(`examples/${name}`), 'utf8'),
  });
  await request('/api/surveys', {
    survey: await file('weekly-market.survey.json'),
    audience: await file('residents.csv'),
    model: DEMO_MODEL,
  });
}
