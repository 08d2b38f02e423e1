import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transcript } from '../../../focus-group/transcript.ts';
import { analyseGroup } from '../group-analysis.ts';
import { transcriptOfTalk } from '../testing/build-transcript.ts';
import { exportTranscript, transcriptText } from './export-transcript.ts';
import { writeGroupReport } from './group-report.ts';

const hostile =
  '<script>alert(1)</script> [link](javascript:alert(1)) # no heading\n=cmd()|x | `code` \u202eevil\u0000 &amp;';

const transcript = transcriptOfTalk(
  [
    { Ada: 'I like soup.', 'Bo <b>': hostile, Cy: null },
    { Ada: '=1+1', 'Bo <b>': '- a list\n1. of things, or me@example.org at www.example.org' },
  ],
  { messages: ['What is for *lunch*?', 'And https://example.org?'] },
);
const shown: Transcript = {
  ...transcript,
  rounds: transcript.rounds.map((round, place) =>
    place === 0 ? { ...round, stimulus: 'A <i>menu</i>', mode: 'in-turn' } : { ...round, host: 'moderator' },
  ),
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transcript-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function report(of: Transcript): Promise<string> {
  const path = join(folder, 'report.html');
  await writeGroupReport(path, of, analyseGroup(of));
  return readFile(path, 'utf8');
}

describe('Markdown', () => {
  const text = transcriptText(shown, 'md');

  it('has the note that it is synthetic, the participants, and all turns including failures', () => {
    expect(text).toMatch(/^# Lunch\n\n> Synthetic data:/);
    expect(text).toContain('Model: test/model · Seed: 1 · Temperature: 0.5');
    expect(text).toContain('## Participants');
    expect(text).toContain('**Host:** What is for \\*lunch\\*?');
    expect(text).toContain('**Moderator (model):**');
    expect(text).toContain('**Ada:** I like soup.');
    expect(text).toContain('**Cy:** *(no reply: HTTP\\_500 – the line is dead)*');
    expect(text).toContain('> Shown: A \\<i\\>menu\\</i\\>');
  });

  it('contains no markup from replies', () => {
    expect(text).not.toMatch(/^\s*(<script|#[^#]* no heading|- a list|1\. of)/m);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    expect(text.replaceAll(/`[^`]*`/g, '')).not.toMatch(/https?:|www\.|@\w/);
    expect(text).toContain('And `https://example.org?`');
    expect(text).toContain('or `me@example.org` at `www.example.org`');
    for (const char of ['\u202e', '\u0000']) expect(text).not.toContain(char);
  });

  it('is in the language of the group', () => {
    const chinese = transcriptText(transcriptOfTalk([{ 王: '好吃。' }], { language: 'zh-CN' }), 'md');
    expect(chinese).toContain('合成数据');
    expect(chinese).toContain('**主持人:** What?');
  });
});

describe('JSONL and CSV', () => {
  const lines = transcriptText(shown, 'jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('have one turn per line, in order, with all its details', () => {
    expect(lines.map(({ speaker, name, status }) => [speaker, name, status])).toEqual([
      ['host', null, 'said'],
      ['participant', 'Ada', 'replied'],
      ['participant', 'Bo <b>', 'replied'],
      ['participant', 'Cy', 'failed'],
      ['moderator', null, 'said'],
      ['participant', 'Ada', 'replied'],
      ['participant', 'Bo <b>', 'replied'],
    ]);
    expect(lines[1]).toMatchObject({
      round: 1,
      text: 'I like soup.',
      words: 3,
      synthetic: true,
      returnedModel: 'model-1',
    });
    expect(lines[2]?.text).toBe(hostile);
    expect(lines[3]).toMatchObject({ text: null, error: 'HTTP_500: the line is dead' });
  });

  it('have the same content', () => {
    const rows = parse(transcriptText(shown, 'csv'), { bom: true, columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.map(({ speaker, name, status }) => [speaker, name || null, status])).toEqual(
      lines.map(({ speaker, name, status }) => [speaker, name, status]),
    );
    expect(rows[5]?.text).toBe("'=1+1");
  });

  it('escape control and direction characters', () => {
    for (const format of ['jsonl', 'csv'] as const)
      expect(transcriptText(shown, format)).not.toMatch(/(?![\r\n\t])[\p{Cc}\p{Bidi_Control}]/u);
    expect(transcriptText(shown, 'jsonl')).toContain('\\u202eevil\\u0000');
  });
});

describe('a message to some participants', () => {
  const talk = transcriptOfTalk([{ Ada: 'Yes.' }], { language: 'en' });
  const to = (names: string[], language = 'en'): typeof talk => ({
    ...talk,
    language,
    rounds: talk.rounds.map((round) => ({ ...round, to: names })),
  });

  it.each([
    [['Ada'], 'Host to Ada'],
    [['Ada', 'Bo', 'Cy', 'Dee'], 'Host to Ada, Bo, Cy, Dee'],
    [['Ada', 'Bo', 'Cy', 'Dee', 'Eve'], 'Host to Ada, Bo, Cy and 2 others'],
  ])('names its recipients: %j', async (names, expected) => {
    expect(transcriptText(to(names), 'md')).toContain(`**${expected}:**`);
    expect(await report(to(names))).toContain(`<div class="who" dir="auto">${expected}</div>`);
    expect(JSON.parse(transcriptText(to(names), 'jsonl').split('\n', 1)[0] as string).to).toEqual(names);
  });

  it('names them in Chinese', () => {
    expect(transcriptText(to(['王芳'], 'zh-CN'), 'md')).toContain('**主持人对王芳:**');
    expect(transcriptText(to(['甲', '乙', '丙', '丁', '戊'], 'zh'), 'md')).toContain(
      '**主持人对甲、乙、丙等 5 人:**',
    );
  });
});

describe('the report', () => {
  it('has all turns as text, and loads and runs nothing', async () => {
    const page = await report(shown);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<img|<link|javascript:alert\(1\)"|src=|href="(?!#)/);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).toContain('no reply: HTTP_500 – the line is dead');
    expect(page).toContain('Shown</span> A &lt;i&gt;menu&lt;/i&gt;');
    expect(page).not.toMatch(/\u202e|NaN|undefined/);
  });

  it('repeats the column heading in every cell, for narrow screens without a header row', async () => {
    const page = await report(shown);
    for (const heading of ['Share of the words', 'Words', 'Median', 'Replies', 'Likeness'])
      expect(page).toContain(`<td role="cell" class="number" data-heading="${heading}">`);
  });

  it('is in the language of the group', async () => {
    const page = await report(transcriptOfTalk([{ 王: '好吃。' }, { 王: '还行。' }], { language: 'zh-CN' }));
    expect(page).toContain('<html lang="zh-CN">');
    for (const heading of ['参与者', '讨论记录', '谁说了多少', '回复有多长', '说话有多像', '主题'])
      expect(page).toContain(`>${heading}</h2>`);
    expect(page).not.toMatch(/Who spoke|Themes|Participants/);
  });

  it('is the same for the same transcript, and fails if its path is not writable', async () => {
    expect(await report(shown)).toBe(await report(shown));
    const path = join(folder, 'nowhere', 'x.md');
    await expect(exportTranscript(path, shown, 'md')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  });
});
