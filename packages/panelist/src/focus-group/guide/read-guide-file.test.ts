import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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
  const there = join(folder, 'people.csv');
  const json = await guideFile(JSON.stringify({ ...guide, participants: { audience: there } }));
  expect((await readGuideFile(json)).participants.audience).toBe(there);
});

it('takes no file from outside its folder, by whatever way', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'outside-'));
  const inside = join(folder, 'guides');
  await mkdir(inside);
  await writeFile(join(outside, 'people.csv'), 'id\n1\n');
  await writeFile(join(outside, 'poll.json'), '{"secret":1}');
  await writeFile(join(folder, 'people.csv'), 'id\n1\n');
  await symlink(join(outside, 'people.csv'), join(inside, 'link.csv'));
  await symlink(outside, join(inside, 'folder'));
  await symlink(join(folder, 'guides'), join(outside, 'guides'));
  const path = join(inside, 'g.yaml');
  const ways = [
    '/etc/passwd',
    '../people.csv',
    './x/../../people.csv',
    'link.csv',
    'folder/people.csv',
    '..',
  ];
  for (const audience of [
    ...ways,
    join(outside, 'people.csv'),
    join(outside, 'guides', '..', 'people.csv'),
  ]) {
    await writeFile(path, `title: Lunch\nparticipants: { audience: ${JSON.stringify(audience)} }\n`);
    await expect(readGuideFile(path), audience).rejects.toMatchObject({
      code: 'GUIDE_INVALID',
      message: expect.stringMatching(/participants\.audience is ".*outside the guide's folder/),
      data: { reason: 'audience-outside' },
    });
  }
  for (const survey of ['/etc/shadow', '/etc/passwd', '../people.csv', 'folder/poll.json']) {
    await writeFile(path, `title: Lunch\nparticipants: {}\npoll: { survey: ${JSON.stringify(survey)} }\n`);
    const refused = readGuideFile(path);
    await expect(refused, survey).rejects.toMatchObject({
      code: 'GUIDE_INVALID',
      message: expect.stringMatching(/poll\.survey is ".*outside the guide's folder/),
    });
    await expect(refused).rejects.not.toThrow(/root:|secret/);
  }
  // Through a link to its own folder it is inside all the same.
  await writeFile(path, 'title: Lunch\nparticipants: { audience: people.csv }\n');
  await writeFile(join(inside, 'people.csv'), 'id\n1\n');
  const linked = join(outside, 'guides', 'g.yaml');
  expect((await readGuideFile(linked)).participants.audience).toBe(join(outside, 'guides', 'people.csv'));
  await rm(outside, { recursive: true });
});

it('quotes a guide, and no other file', async () => {
  const secret = 'title: [hunter2\n  - hunter2: "';
  await expect(readGuideFile(await guideFile(secret))).rejects.toThrow(
    /it is not YAML\. line \d, column \d+: .*, here:\n {2}\S/,
  );
  for (const text of [secret, 'hunter2', 'hunter2: hunter2', '{"title": hunter2}'])
    for (const ending of ['txt', 'conf']) {
      const refused = readGuideFile(await guideFile(text, ending));
      await expect(refused).rejects.toMatchObject({
        code: 'GUIDE_INVALID',
        message: expect.stringContaining('whose name ends in .yaml, .yml or .json'),
      });
      await expect(refused).rejects.not.toThrow(/hunter2/);
    }
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
