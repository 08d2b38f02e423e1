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

async function guideFile(text: string, ending = 'yaml'): Promise<string> {
  const path = join(folder, `lunch.guide.${ending}`);
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
  ['title: Lunch\nrounds: []\ntitle: Dinner\n', /line 3, column 1: "title" is there twice/],
  [`title: ${'['.repeat(30_000)}`, /it has 30001 lines and entries; at most 20000/],
  [`title: ${'['.repeat(15_000)}`, /./],
  ['', /whole guide|title/],
])('says what is wrong with %j', async (text, problem) => {
  await expect(readGuideFile(await guideFile(text))).rejects.toMatchObject({
    code: 'GUIDE_INVALID',
    message: expect.stringMatching(problem),
  });
});

it('says on which line something is wrong, and what was probably meant', async () => {
  const text = `title: Lunch
participants: { limitt: 3 }
modle: simulator
rounds:
  - message: Soup?
    mode: inturn
  - stimulus: A menu
    followUps:
      - And you?
      - { mesage: Why? }
`;
  await expect(readGuideFile(await guideFile(text))).rejects.toMatchObject({
    code: 'GUIDE_INVALID',
    message: expect.stringMatching(
      new RegExp(
        [
          'participants.limitt (line 2, column 17): There is no such field. Did you mean "limit"?',
          'rounds[0].mode (line 6, column 11): Expected "simultaneous" or "in-turn", got "inturn". Did you mean "in-turn"?',
          'rounds[1].message (line 7, column 5): It is missing',
          'rounds[1].followUps[1].message (line 10, column 9): It is missing',
          'rounds[1].followUps[1].mesage (line 10, column 11): There is no such field. Did you mean "message"?',
          'modle (line 3, column 1): There is no such field. Did you mean "model"?',
        ]
          .map((line) => line.replaceAll(/[.?*+^$()[\]{}|]/g, '\\$&'))
          .join('\n  '),
      ),
    ),
  });
});

it('says on which line of a JSON guide something is wrong', async () => {
  const wrong = '{\n  "title": "Lunch",\n  "participants": {},\n  "round": []\n}\n';
  await expect(readGuideFile(await guideFile(wrong, 'json'))).rejects.toThrow(
    'round (line 4, column 3): There is no such field. Did you mean "rounds"?',
  );
  const broken = '{\n  "title": "Lunch",\n  "participants": {},\n}\n';
  await expect(readGuideFile(await guideFile(broken, 'json'))).rejects.toThrow(
    /it is not JSON\. line 4, column 1: expected a name in double quotes/,
  );
});

it('says that there is no such file', async () => {
  await expect(readGuideFile(join(folder, 'none.yaml'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});
