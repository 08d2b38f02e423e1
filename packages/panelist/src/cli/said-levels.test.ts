import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { project } from './testing/project.ts';

it('takes --ordinal and --nominal where results are shown or compared', async () => {
  await using at = await project();
  const numbers = async (...flags: string[]) => {
    const { out, err } = await at.run('results', 'summary', at.taskId, '--json', ...flags);
    expect(err).toBe('');
    return (JSON.parse(out) as { questions: { numbers: object | null }[] }).questions[0]?.numbers;
  };
  expect(await numbers()).toBeNull();
  expect(await numbers('--ordinal', 'tea')).toMatchObject({ n: 2 });
  expect(await numbers('--nominal', 'tea')).toBeNull();

  const scores = 'scores: 1 = “Yes”, 2 = “No”';
  expect((await at.run('results', 'summary', at.taskId, '--ordinal', 'tea')).out).toContain(scores);
  await at.run('results', 'report', at.taskId, '--ordinal', 'tea', '--out', at.path('r.html'));
  expect(await readFile(at.path('r.html'), 'utf8')).toContain(scores);
  await writeFile(at.path('h.csv'), 'tea\nYes\nNo\nNo\n');
  const compared = await at.run(
    'results',
    'compare',
    at.taskId,
    '--ordinal',
    'tea',
    '--human',
    at.path('h.csv'),
    '--json',
  );
  expect(JSON.parse(compared.out)).toMatchObject({ questions: [{ human: { numbers: { mean: 5 / 3 } } }] });

  const wrong = await at.run('results', 'summary', at.taskId, '--ordinal', 'coffee');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.err).toContain('"coffee" is not a question that takes one option');
});

it('shows in a dry run what is judged to be a scale', async () => {
  await using at = await project();
  const brands = [1, 2, 3].map((value) => ({ value, text: `Brand ${value}` }));
  const survey = {
    elements: [
      { type: 'radiogroup', name: 'brand', choices: brands },
      { type: 'radiogroup', name: 'view', choices: ['Agree', 'Neutral', 'Disagree'] },
      { type: 'radiogroup', name: 'said', choices: ['a', 'b', 'c'], measurementLevel: 'ordinal' },
    ],
  };
  await writeFile(at.path('s.json'), JSON.stringify(survey));
  const { out } = await at.run(...at.deploy, '--dry-run');
  expect(out).toContain('  brand: nominal\n');
  expect(out).toContain('  view: ordinal (its options are words of a scale), scores 1 to 3\n');
  expect(out).toContain('  said: ordinal (as said), scores 1 to 3\n');
  const { measurements } = JSON.parse((await at.run(...at.deploy, '--dry-run', '--json')).out) as {
    measurements: object[];
  };
  expect(measurements[0]).toEqual({ question: 'brand', level: 'nominal', basis: null, scores: null });
});
