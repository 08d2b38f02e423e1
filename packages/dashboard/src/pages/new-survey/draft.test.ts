import { expect, it } from 'vitest';
import { emptyDraft, readSettings, submissionOf } from './draft.ts';

const draft = {
  ...emptyDraft,
  surveyText: '{}',
  audience: { kind: 'text', name: 'people.csv', text: 'id\n1' },
} as const;

it('is sent with its files, its model, and the settings that were made', () => {
  const made = {
    ...draft,
    seed: '7',
    firstOnly: '10',
    skipsUnsupported: true,
    limits: { maxCostUsd: '2.5' },
  };
  expect(submissionOf(made, 'simulator')).toEqual({
    survey: { name: 'survey.json', text: '{}' },
    audience: { name: 'people.csv', text: 'id\n1' },
    model: 'simulator',
    replicates: 1,
    seed: 7,
    temperature: undefined,
    limit: 10,
    unsupported: 'skip',
    limits: { maxCostUsd: 2.5 },
  });
});

it('names an audience that was sent ahead', () => {
  const audience = { kind: 'upload', name: 'big.csv', uploadId: 'up_1', bytes: 1 } as const;
  expect(submissionOf({ ...draft, audience }, 'simulator')?.audience).toEqual({ uploadId: 'up_1' });
});

it.each([
  [{ surveyText: ' ' }],
  [{ audience: emptyDraft.audience }],
  [{ replicates: '0' }],
  [{ limits: { maxTokens: 'many' } }],
])('is not sent with %j', (part) => {
  expect(submissionOf({ ...draft, ...part }, 'simulator')).toBeNull();
});

it.each([
  ['replicates', '1.5'],
  ['replicates', '101'],
  ['seed', '-1'],
  ['temperature', 'hot'],
  ['firstOnly', '0'],
] as const)('finds that %s is wrong as %s', (field, text) => {
  expect([...readSettings({ ...draft, [field]: text }).wrong]).toEqual([field]);
});
