import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { TaskManager } from '@panelist/toolkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGuideFile } from '../packages/panelist/src/focus-group/guide/read-guide-file.ts';

const ROOT = join(import.meta.dirname, '..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const run = promisify(execFile);

/** A fenced block of a guide; `info` is the text after the opening fence. */
interface Block {
  readonly line: number;
  readonly info: string;
  readonly code: string;
}

/** `ts` blocks run unchanged, `ts compiled` blocks after tsc. */
const RUNNABLE = ['ts', 'ts compiled'];

function fencedBlocks(markdown: string): readonly Block[] {
  const fences = markdown.matchAll(/^```(?<info>\S.*)\n(?<code>[\s\S]*?)^```$/gm);
  return Array.from(fences, ({ index, groups }) => ({
    line: markdown.slice(0, index).split('\n').length,
    info: groups?.info ?? '',
    code: groups?.code ?? '',
  }));
}

/** The output that a block announces: its `// →` comments, top to bottom. */
function announced({ code }: Block): readonly string[] {
  return Array.from(code.matchAll(/\/\/ → (.*)$/gm), ([, text]) => text ?? '');
}

/** True if a printed line matches an announced one, in which `…` matches any text. */
function isAnnounced(printed: string, line: string): boolean {
  const parts = line.split('…').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.+')}$`).test(printed);
}

function withoutComments(code: string): string {
  return code.replaceAll(/(^|\s+)(\/\/|#) .*$/gm, '').replaceAll(/\n\s*\n/g, '\n');
}

interface Guide {
  readonly name: string;
  readonly markdown: string;
  readonly blocks: readonly Block[];
}

async function readGuide(name: string): Promise<Guide> {
  const markdown = await readFile(join(ROOT, name), 'utf8');
  return { name, markdown, blocks: fencedBlocks(markdown) };
}

/** Each English page with its Chinese translation. */
const pairs = await Promise.all(
  [
    'README',
    'docs/benchmarks',
    'docs/command-line',
    'docs/focus-groups',
    'docs/getting-started',
    'docs/glossary',
    'docs/guide',
    'docs/simulator',
    'docs/surveyjs',
    'docs/surveys',
  ].map(async (name) => ({
    english: await readGuide(`${name}.md`),
    chinese: await readGuide(`${name}.zh-CN.md`),
  })),
);
const guides = pairs.flatMap((pair) => [pair.english, pair.chinese]);
/** Those of the English pages: the Chinese pages have the same code, as a test below checks. */
const programs = pairs.flatMap(({ english: { name, blocks } }) =>
  blocks
    .filter(({ info }) => RUNNABLE.includes(info))
    .map((block) => ({
      block,
      title: `${name}:${block.line}`,
      path: `${name.replaceAll('/', '-')}-${block.line}/block`,
    })),
);

describe('the code blocks of the guides and READMEs', () => {
  let folder = '';
  let typeErrors = '';

  beforeAll(async () => {
    // Inside the repository, so that `@panelist/toolkit` resolves.
    await mkdir(join(ROOT, 'test-results'), { recursive: true });
    folder = await mkdtemp(join(ROOT, 'test-results/guide-'));
    for (const { block, path } of programs) {
      await mkdir(join(folder, dirname(path)));
      await writeFile(join(folder, `${path}.ts`), block.code);
    }
    const tsconfig = {
      extends: '../../tsconfig.json',
      compilerOptions: { noEmit: false, rootDir: '.', outDir: 'compiled' },
      include: ['.'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const { stdout } = spawnSync(process.execPath, [TSC, '-p', folder], { cwd: folder, encoding: 'utf8' });
    typeErrors = stripVTControlCharacters(stdout);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.concurrent.for(programs)('$title', async ({ block, path }, { expect }) => {
    const errors = typeErrors.split('\n').filter((line) => line.startsWith(`${path}.ts`));
    expect(errors).toEqual([]);
    const program = block.info === 'ts' ? `${path}.ts` : `compiled/${path}.js`;
    const cwd = join(folder, dirname(path));
    const { stdout } = await run(process.execPath, [join(folder, program)], { cwd });
    const lines = stripVTControlCharacters(stdout).split('\n').slice(0, -1);
    const expected = announced(block);
    expect(expected, 'a block shows something').not.toEqual([]);
    const seen = lines.map((line, index) => {
      const wanted = expected[index] ?? '';
      return isAnnounced(line, wanted) ? wanted : line;
    });
    expect(seen).toEqual(expected);
  });

  it('are all programs that run, valid focus group guides, JSON, or shell commands', async () => {
    const blocks = guides.flatMap((guide) => guide.blocks);
    for (const { code } of blocks.filter(({ info }) => info === 'yaml')) {
      const path = join(folder, 'guide.yaml');
      await writeFile(path, code);
      expect((await readGuideFile(path)).rounds?.length).toBeGreaterThan(0);
    }
    // `command-line-docs.test.ts` reads the JSON.
    const infos = blocks.map(({ info }) => info).filter((info) => !['yaml', 'json', 'bash'].includes(info));
    expect(infos.filter((info) => !RUNNABLE.includes(info))).toEqual([]);
    expect(programs.length).toBeGreaterThan(15);
  });
});

describe('the table of a task’s fields', () => {
  it('lists every field of a task', async () => {
    const { task } = await new TaskManager().getOrCreateTask({ taskKey: 'any' });
    const { markdown } = await readGuide('docs/guide.md');
    const [, section = ''] = markdown.split('### The fields of a task');
    for (const field of Object.keys(task.toJSON())) {
      expect(section.split('\n#')[0]).toMatch(new RegExp(`^\\|[^|]*\`${field}\``, 'm'));
    }
  });
});

describe.each(pairs)('$chinese.name', ({ english, chinese }) => {
  it('has the same code as the English page, apart from comments', () => {
    const code = ({ blocks }: Guide) =>
      blocks.map((block) => ({ code: withoutComments(block.code), prints: announced(block) }));
    expect(code(chinese)).toEqual(code(english));
  });

  it('has the same sections', () => {
    const levels = ({ markdown }: Guide) =>
      Array.from(withoutBlocks(markdown).matchAll(/^#+ /gm), ([mark]) => mark);
    expect(levels(chinese)).toEqual(levels(english));
  });

  it('has the same tables, with the same names and numbers in every row', () => {
    const rows = ({ markdown }: Guide) =>
      Array.from(withoutBlocks(markdown).matchAll(/^\|.*\|$/gm), ([row]) =>
        Array.from(row.matchAll(/`[^`]+`|\d+(,\d+)*/g), ([fact]) => fact).sort(),
      );
    expect(rows(chinese)).toEqual(rows(english));
  });
});

describe('the links of the guides and READMEs', () => {
  const links = guides.flatMap(({ name, markdown }) =>
    Array.from(
      withoutBlocks(markdown).matchAll(/\]\((?!https?:)(?<path>[^)#]*)(?:#(?<section>[^)]*))?\)/g),
    ).map(({ groups }) => ({ title: `${name}: ${groups?.path}#${groups?.section ?? ''}`, name, ...groups })),
  );

  it.for(links)('$title', async ({ name, path = '', section }: Link, { expect }) => {
    const file = path === '' ? join(ROOT, name) : join(ROOT, dirname(name), path);
    const text = await readFile(file, 'utf8');
    expect(text).not.toBe('');
    if (section !== undefined) expect(sectionsOf(text)).toContain(section);
  });

  it('link to the report in both languages', () => {
    for (const name of ['README.md', 'README.zh-CN.md']) {
      expect(links).toContainEqual(expect.objectContaining({ name, path: 'docs/report.png' }));
    }
  });
});

interface Link {
  readonly title: string;
  readonly name: string;
  readonly path?: string;
  readonly section?: string;
}

/** The anchors that GitHub generates for a text's headings. */
function sectionsOf(markdown: string): readonly string[] {
  return Array.from(withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
}
