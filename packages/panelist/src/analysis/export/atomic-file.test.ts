import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAtomically } from './atomic-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function* parts(): AsyncGenerator<string> {
  yield 'an';
  yield 'swers';
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe.skipIf(process.platform === 'win32')('the mode of a written file', () => {
  it('allows only the owner to read a new file', async () => {
    const path = join(folder, 'new.csv');
    await writeAtomically(path, parts());
    expect(await readFile(path, 'utf8')).toBe('answers');
    expect(await modeOf(path)).toBe(0o600);
  });

  it.each([0o600, 0o640, 0o644])('stays %o when a file is replaced', async (mode) => {
    const path = join(folder, `${mode}.csv`);
    await writeFile(path, 'before');
    await chmod(path, mode);
    await writeAtomically(path, parts());
    expect(await modeOf(path)).toBe(mode);
    const link = join(folder, `${mode}-link.csv`);
    await symlink(path, link);
    await writeAtomically(link, parts());
    expect(await modeOf(path)).toBe(mode);
  });
});
