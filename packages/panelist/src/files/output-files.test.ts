import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteDatabase } from '@panelist/toolkit/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputFiles } from './output-files.ts';
import { SqlWrittenFiles } from './sql-written-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Opens the database in `at` like a command does. */
async function withFiles(use: (files: OutputFiles) => Promise<void>, at = folder): Promise<void> {
  const path = join(at, 'panelist.db');
  const database = await openSqliteDatabase(path);
  try {
    await use(new OutputFiles(await SqlWrittenFiles.open(database, path)));
  } finally {
    await database.close();
  }
}

async function* parts(...texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

const exists = { code: 'FILE_EXISTS' };

describe('OutputFiles', () => {
  it('replaces its own file, also in a later process', async () => {
    const path = join(folder, 'answers.csv');
    await withFiles((files) => files.writer()(path, parts('fi', 'rst')));
    await withFiles((files) => files.writer()(path, parts('second')));
    await withFiles((files) => files.writer()(path, parts('third')));
    expect(await readFile(path, 'utf8')).toBe('third');
  });

  it('replaces a foreign file only with force, and owns it then', async () => {
    const path = join(folder, 'answers.csv');
    await writeFile(path, 'mine');
    await withFiles(async (files) => {
      await expect(files.writer()(path, parts('new'))).rejects.toMatchObject(exists);
      expect(await readFile(path, 'utf8')).toBe('mine');
      await files.writer({ force: true })(path, parts('new'));
      await files.writer()(path, parts('newer'));
    });
    expect(await readFile(path, 'utf8')).toBe('newer');
  });

  it('does not overwrite its own file after somebody changed it', async () => {
    const path = join(folder, 'answers.csv');
    await withFiles(async (files) => {
      await files.writer()(path, parts('first'));
      await writeFile(path, 'first, with a note');
      await expect(files.writer()(path, parts('second'))).rejects.toMatchObject(exists);
    });
    expect(await readFile(path, 'utf8')).toBe('first, with a note');
  });

  it('does not overwrite a copy of its file under another name', async () => {
    const copy = join(folder, 'copy.csv');
    await withFiles(async (files) => {
      await files.writer()(join(folder, 'answers.csv'), parts('first'));
      await writeFile(copy, 'first');
      await expect(files.check([copy])).rejects.toMatchObject(exists);
    });
  });

  it('recognises its file after a crash between the entry and the file', async () => {
    const path = join(folder, 'answers.csv');
    await withFiles(async (files) => {
      await files.writer()(path, parts('first'));
      async function* broken(): AsyncGenerator<string> {
        yield 'second';
        throw new Error('crash');
      }
      await expect(files.writer()(path, broken())).rejects.toThrow('crash');
      await files.writer()(path, parts('third'));
    });
    expect(await readFile(path, 'utf8')).toBe('third');
  });

  it('lists every file that it must not overwrite', async () => {
    await writeFile(join(folder, 'a.csv'), '');
    await writeFile(join(folder, 'b.md'), '');
    await withFiles(async (files) => {
      const check = files.check(['a.csv', 'b.md', 'c.html'].map((name) => join(folder, name)));
      await expect(check).rejects.toThrow(/a\.csv.*b\.md.* exist,/);
      await expect(check).rejects.not.toThrow('c.html');
    });
  });

  it('follows links, and recognises its files after the project was moved', async () => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')];
    await mkdir(join(before, 'far'), { recursive: true });
    await symlink(join('far', 'answers.csv'), join(before, 'link.csv'));
    await writeFile(join(before, 'far', 'answers.csv'), '');
    await withFiles(
      (files) => files.writer({ force: true })(join(before, 'link.csv'), parts('first')),
      before,
    );
    await rename(before, after);
    await withFiles((files) => files.writer()(join(after, 'far', 'answers.csv'), parts('second')), after);
    expect(await readFile(join(after, 'link.csv'), 'utf8')).toBe('second');
  });

  it.skipIf(process.platform === 'win32')('writes into a pipe', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await withFiles(async (files) => {
      const [read] = await Promise.all([readFile(pipe, 'utf8'), files.writer()(pipe, parts('a', 'b'))]);
      expect(read).toBe('ab');
    });
  });
});
