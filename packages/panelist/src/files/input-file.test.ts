import { mkdtempDisposable, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readHumanAnswers } from '../analysis/human-answers.ts';
import { sampleAudience } from '../application/audiences/sample-audience.ts';
import { readGuide } from '../application/focus-groups/read-guide.ts';
import { readPoll } from '../application/focus-groups/read-poll.ts';
import { checkSurvey } from '../application/surveys/check-survey.ts';
import { readDeployment } from '../application/surveys/read-survey.ts';
import type { InputFile } from './input-file.ts';
import { expectError } from './testing/expect-error.ts';

/** No such files are in the current folder. */
const file = (name: string, text: string): InputFile => ({ name, bytes: new TextEncoder().encode(text) });
const survey = JSON.stringify({
  title: 'Lunch',
  elements: [{ type: 'radiogroup', name: 'where', choices: ['home', 'work'] }],
});
const people = 'id,age,weight\na,30,1\nb,40,1\n';

it('reads a deployment from bytes as it does from files', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const path = (name: string): string => join(folder.path, name);
  await writeFile(path('lunch.survey.json'), `\ufeff${survey}`);
  await writeFile(path('people.csv'), people);
  await writeFile(path('places.txt'), 'park\nbeach\n');
  const choices = (place: InputFile) => ({ choices: new Map([['where', place]]) });
  const fromFiles = await readDeployment(
    { survey: path('lunch.survey.json'), audience: path('people.csv') },
    choices(path('places.txt')),
  );
  const fromBytes = await readDeployment(
    { survey: file('lunch.survey.json', `\ufeff${survey}`), audience: file('people.csv', people) },
    choices(file('places.txt', 'park\nbeach\n')),
  );
  expect(fromBytes).toEqual(fromFiles);
  expect(fromBytes).toMatchObject({ survey: 'lunch', audience: 'people.csv', respondents: { length: 2 } });
  expect(await readdir(folder.path)).toHaveLength(3);
});

it('reads a file that has another name for people, and quotes only that name', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const stored = async (stored: string, name: string, text: string): Promise<InputFile> => {
    const path = join(folder.path, stored);
    await writeFile(path, text);
    return { name, path };
  };
  const lunch = await stored('up_1', 'lunch.survey.json', survey);
  const found = await readDeployment({ survey: lunch, audience: await stored('up_2', 'p.csv', people) }, {});
  expect(found).toMatchObject({ survey: 'lunch', audience: 'p.csv', respondents: { length: 2 } });
  const none: InputFile = { name: 'people.csv', path: join(folder.path, 'up_none') };
  const error = await readDeployment({ survey: lunch, audience: none }, {}).catch((each: Error) => each);
  expect(error).toMatchObject({ code: 'FILE_NOT_FOUND', message: 'There is no audience file "people.csv".' });
  // The guide has no folder: a file beside it is not read.
  const guide = await stored(
    'up_3',
    'lunch.guide.yaml',
    'title: Lunch\nmodel: simulator\nparticipants:\n  audience: up_2\nrounds:\n  - message: Soup?\n',
  );
  await expectError(readGuide(guide, { focusGroupId: 'lunch' }), 'USAGE', 'lunch.guide.yaml');
});

it('reads checks, polls, samples and human answers from bytes', async () => {
  const { check } = await checkSurvey(file('lunch.json', survey), {});
  expect(check).toMatchObject({ file: 'lunch.json', isValid: true, questions: 1 });
  const { questionnaire } = await readPoll(file('lunch.json', survey), {});
  const targets = file('t.csv', 'variable,category,share\nage,30,50\nage,40,50\n');
  const sample = await sampleAudience({ from: file('p.csv', people), targets }, { by: ['age'], size: 2 });
  expect(sample.respondents).toHaveLength(2);
  const humans = await readHumanAnswers(file('h.csv', 'where\nhome\nwork\nhome\n'), questionnaire);
  expect(humans.rows).toBe(3);
});

it('quotes the name in errors, and bounds the bytes', async () => {
  const options = {};
  await expectError(
    readDeployment({ survey: file('lunch.json', '{"elements": ['), audience: 'none.csv' }, options),
    'SURVEY_INVALID',
    'lunch.json',
    'line 1',
  );
  const latin1: InputFile = { name: 'people.csv', bytes: new Uint8Array(100_000).fill(0xe9) };
  await expectError(
    readDeployment({ survey: file('lunch.json', survey), audience: latin1 }, options),
    'AUDIENCE_INVALID',
    'people.csv',
    'UTF-8',
  );
  const { error } = await checkSurvey(file('long.json', ' '.repeat(10_000_001)), {});
  expect(error?.message).toContain('long.json');
});

it('reads no file of this machine for a guide that came as bytes', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const there = join(folder.path, 'people.csv');
  await writeFile(there, people);
  const guide = (poll = ''): InputFile =>
    file(
      'lunch.guide.yaml',
      `title: Lunch\nmodel: simulator\nparticipants:\n  audience: ${there}\nrounds:\n  - message: Soup?\n${poll}`,
    );
  await expectError(readGuide(guide(), { focusGroupId: 'lunch' }), 'USAGE', 'lunch.guide.yaml');
  await expectError(
    readGuide(guide(`poll:\n  survey: ${there}\n`), { focusGroupId: 'lunch', audience: there }),
    'GUIDE_INVALID',
    'poll.survey',
  );
  const read = await readGuide(guide(), { focusGroupId: 'lunch', audience: file('p.csv', people) });
  expect(read.audience).toHaveLength(2);
  expect(read.guide.participants.audience).toBeUndefined();
});
