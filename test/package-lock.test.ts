import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface LockEntry {
  readonly link?: boolean;
  readonly integrity?: string;
}

it('has an integrity hash for every package from a registry', async () => {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, LockEntry>>;
  };
  const unchecked = Object.entries(lock.packages).filter(
    ([path, { link, integrity }]) => path.includes('node_modules/') && !link && integrity === undefined,
  );
  expect(unchecked).toEqual([]);
});
