import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readGuideFile } from './read-guide-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guide-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function guideFile(text: string): Promise<string> {
  const path = join(folder, 'lunch.guide.yaml');
  await writeFile(path, text);
  return path;
}

it('reads YAML and JSON, and finds the audience beside the guide', async () => {
  const yaml = await guideFile(
    'title: Lunch\nparticipants:\n  audience: people.csv\nrounds:\n  - message: Soup?\n',
  );
  const guide = await readGuideFile(yaml);
  expect(guide).toEqual({
    title: 'Lunch',
    participants: { audience: join(folder, 'people.csv') },
    rounds: [{ message: 'Soup?' }],
  });
  const json = await guideFile(JSON.stringify({ ...guide, participants: { audience: '/people.csv' } }));
  expect((await readGuideFile(json)).participants.audience).toBe('/people.csv');
});

it('reads a poll’s survey from a file beside the guide', async () => {
  const withPoll = (survey: string): Promise<string> =>
    guideFile(`title: Lunch\nparticipants: {}\npoll: { survey: ${survey} }\n`);
  await writeFile(join(folder, 'poll.json'), '{"elements":[]}');
  expect((await readGuideFile(await withPoll('poll.json'))).poll?.survey).toEqual({ elements: [] });
  await writeFile(join(folder, 'list.json'), '[]');
  for (const [file, code] of [
    ['list.json', 'SURVEY_INVALID'],
    ['none.json', 'FILE_NOT_FOUND'],
  ] as const)
    await expect(readGuideFile(await withPoll(file))).rejects.toMatchObject({ code });
});

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
  .split('')
  .map(
    (name, n) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghij'[n]}`).join(', ')}]`,
  )
  .join('\n')}`;

it.each([
  ['title: [', /line 1/],
  ['title: Lunch\n  rounds: x', /line \d/],
  ['- a list', /whole guide/],
  [bomb, /[Aa]lias/],
  ['', /whole guide|title/],
])('says what is wrong with %j', async (text, problem) => {
  await expect(readGuideFile(await guideFile(text))).rejects.toMatchObject({
    code: 'GUIDE_INVALID',
    message: expect.stringMatching(problem),
  });
});

it('says that there is no such file', async () => {
  await expect(readGuideFile(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
