/**
 * Restores optional packages of other platforms in package-lock.json. `npm install` leaves them out if it cannot load them
 * (npm/cli issue 4828), and then `npm ci` rejects the lock. Run it after changing dependencies: `npm run lock`. Versions
 * are those pinned by the dependent packages; integrity hashes come from the registry.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly (string | undefined)[];
  readonly cpu?: readonly (string | undefined)[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const PLATFORM =
  /-(?<os>aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(?<cpu>[a-z0-9]+)(?:-(?<abi>[a-z]+))?$/;

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockEntry> };
const added: string[] = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = PLATFORM.exec(name)?.groups;
    if (path in lock.packages || platform === undefined || !/^\d/.test(version)) continue;
    const { os, cpu, abi } = platform;
    const libc = abi === 'musl' ? 'musl' : abi === 'gnu' ? 'glibc' : undefined;
    lock.packages[path] = {
      version,
      cpu: [cpu],
      ...(entry.dev && { dev: true }),
      ...(libc !== undefined && { libc: [libc] }),
      optional: true,
      os: [os],
    };
    added.push(name);
  }
}
for (const [path, entry] of Object.entries(lock.packages)) {
  const name = path.split('node_modules/').at(-1);
  if (!path.includes('node_modules/') || entry.link || entry.integrity !== undefined) continue;
  const integrity = execFileSync('npm', ['view', `${name}@${entry.version}`, 'dist.integrity'], {
    encoding: 'utf8',
  }).trim();
  if (!/^sha512-/.test(integrity)) throw new Error(`The registry has no integrity for ${name}: ${integrity}`);
  const { version, ...others } = entry;
  lock.packages[path] = { version, integrity, ...others } as LockEntry;
}
const [root = '', ...rest] = Object.keys(lock.packages);
const sorted = [root, ...rest.sort()].map((path) => [path, lock.packages[path]]);
writeFileSync(
  'package-lock.json',
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
);
console.log(added.length === 0 ? 'The lock is complete.' : `Added ${added.join(', ')}.`);
