import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runInProcess } from './testing/run-in-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-language-'));
  const survey = {
    title: '茶',
    elements: [
      { type: 'radiogroup', name: 'q1', title: '您喝茶吗？', choices: ['喝', '不喝'] },
      { type: 'rating', name: 'q2', title: '您有多喜欢{q1}茶？' },
      { type: 'checkbox', name: 'q3', title: '喝哪些茶？', choices: ['绿茶', '红茶'] },
    ],
  };
  await writeFile(join(folder, 'zh.json'), JSON.stringify({ ...survey, locale: 'zh-cn' }));
  await writeFile(join(folder, 'en.json'), JSON.stringify(survey));
  await writeFile(join(folder, 'people.csv'), 'id,地区\n1,北\n2,南\n3,北\n4,南\n');
  await writeFile(join(folder, 'humans.csv'), 'q1,q2\n喝,3\n不喝,4\n别的,\n');
});
afterAll(() => rm(folder, { recursive: true }));

const database = (): string[] => ['--database', join(folder, 'panelist.db')];

async function deploy(language: string): Promise<string> {
  const { exitCode, out, err } = await runInProcess([
    ...['survey', 'deploy', join(folder, `${language}.json`), '--audience', join(folder, 'people.csv')],
    ...['--model', 'simulator?malformed=0.9', '--replicates', '2', '--randomize-options', '--seed', '3'],
    ...['--out', join(folder, language), ...database()],
  ]);
  expect(exitCode, err).toBe(0);
  return `${err}${out}`;
}

/** Words of ours: without names, paths, ids and terms. */
function englishWords(text: string): string[] {
  const names = /\/\S+|task_\w+|simulator\S*|answers\.\w+|--[\w-]+|q\d/g;
  const terms =
    /Kolmogorov–Smirnov|Rao–Scott|Cramér|Krippendorff|Pearson|Shrout|Fleiss|Welch|Holm|Kish|alpha|ICC|token/g;
  return (
    text
      .replaceAll(names, '')
      .replaceAll(terms, '')
      .match(/[A-Za-z]{3,}/g) ?? []
  );
}

it('shows in Chinese what a Chinese survey would ask and cost', async () => {
  const dry = await runInProcess([
    ...['survey', 'deploy', join(folder, 'zh.json'), '--audience', join(folder, 'people.csv')],
    ...['--model', 'simulator', '--max-tokens', '100', '--dry-run', ...database()],
  ]);
  expect(dry.exitCode, dry.err).toBe(0);
  const [figures = '', ...prompts] = dry.out.split('\n\n');
  expect(figures).toContain('试运行：没有发出任何调用');
  expect(figures).toMatch(/调用：\d+ 次；每次访谈 \d 次。/);
  expect(englishWords(figures.replaceAll(/Token|"(measurementLevel|ordinal|nominal)"/g, ''))).toEqual([]);
  expect(prompts.join('\n')).toContain('=== 受访者 1 的第 1 次调用：与实际发送的完全一致');
});

it('deploys a Chinese survey, sums it up and compares it in Chinese', async () => {
  const deployed = await deploy('zh');
  expect(deployed).toContain('开始调查“茶”，8 次访谈（4 位受访者 × 2），由 simulator');
  expect(deployed).toMatch(/完成 8\/8 · 失败 0 · /);
  expect(deployed).toMatch(/个回答无效/);
  expect(englishWords(deployed)).toEqual([]);
  expect(await deploy('zh')).toContain('此前已完成：“茶”');

  const summary = await runInProcess(['results', 'summary', 'last', '--by', '地区', ...database()]);
  expect(summary.exitCode, summary.err).toBe(0);
  expect(summary.out).toContain('4 位合成受访者；8 次访谈，每人最多 2 次');
  expect(summary.out).toContain('您有多喜欢[“您喝茶吗？”的回答]茶？');
  expect(englishWords(summary.out)).toEqual([]);

  const human = ['--human', join(folder, 'humans.csv')];
  const comparison = await runInProcess(['results', 'compare', 'last', ...human, ...database()]);
  expect(comparison.out).toContain('4 位合成受访者与 3 行真人回答比较。');
  expect(englishWords(comparison.out)).toEqual([]);

  expect(await readFile(join(folder, 'zh', 'answers.methods.md'), 'utf8')).toMatch(/^# 方法说明\n/);
  expect(await readFile(join(folder, 'zh', 'answers.csv'), 'utf8')).toContain(
    'respondent_id,replicate,weight,',
  );
});

it('says of a survey in any other language what it says in English', async () => {
  const deployed = await deploy('en');
  expect(deployed).toContain('8 of 8 interviews held (4 respondents × 2), 0 failed. Answers: ');
  expect(deployed).toMatch(/8\/8 done · 0 failed/);
});
