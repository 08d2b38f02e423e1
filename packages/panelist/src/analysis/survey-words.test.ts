import { expect, it } from 'vitest';
import { importSurveyJs } from '../survey/import/import-surveyjs.ts';
import { renderBars } from './bars.ts';
import { surveyWords } from './survey-words.ts';
import { tabulate } from './tabulate.ts';
import { questionnaire, result, single } from './testing/build-results.ts';

const survey = questionnaire(
  { ...single('machine', 'Filter'), title: 'Which machine?' },
  { ...single('grid.easy', 'yes'), title: 'Is your {machine} easy?' },
  { ...single('nameless', 'yes'), title: '' },
  { ...single('cup.from', 'yes'), target: ['cup', 0], title: 'Cost? – From' },
);
const { readable } = surveyWords(survey);

it.each([
  ['How do you like {machine}?', 'How do you like [answer to “Which machine?”]?'],
  ['{ machine } and {nameless}', '[answer to “Which machine?”] and [answer to “nameless”]'],
  // A quoted title can contain a pipe itself.
  ['Why “{grid.easy}”?', 'Why “[answer to “Is your … easy?”]”?'],
  ['{machine[0]} of {machine.length}', '[answer to “Which machine?”] of [answer to “Which machine?”]'],
  ['from {cup[0]}, {Machine}', 'from [answer to “Cost? – From”], [answer to “Which machine?”]'],
  ['{total} cups', '[value of “total”] cups'],
  ['the set {1, 2} of {a: b} in {}', 'the set {1, 2} of {a: b} in {}'],
])('reads %j as %j', (template, expected) => {
  expect(readable(template)).toBe(expected);
});

it('quotes at most 80 characters of a title', () => {
  const long = questionnaire({ ...single('q', 'a'), title: 'x'.repeat(500) });
  expect(surveyWords(long).readable('{q}')).toBe(`[answer to “${'x'.repeat(80)}…”]`);
});

it.each(['zh', 'zh-cn', 'zh-TW', 'zh_Hant'])('speaks Chinese in %s', (locale) => {
  expect(surveyWords({ ...survey, locale }).readable('{machine}')).toBe('[“Which machine?”的回答]');
});

it.each(['', 'en', 'de', 'zhx'])('uses English for the locale %j', (locale) => {
  expect(surveyWords({ ...survey, locale }).readable('{machine}')).toBe('[answer to “Which machine?”]');
});

it('applies to titles, grids and options of an imported survey in a terminal', async () => {
  const imported = importSurveyJs({
    elements: [
      { type: 'radiogroup', name: 'machine', title: 'Which machine?', choices: ['Filter'] },
      {
        type: 'radiogroup',
        name: 'like',
        title: 'And {machine}?',
        choices: [{ value: 'y', text: 'I like {machine}' }],
      },
    ],
  });
  const answered = [result({ id: 'r', answers: { machine: 'Filter', like: 'y' } })];
  const output = renderBars(await tabulate(imported, answered), imported, { width: 100 });
  expect(output).toContain('And [answer to “Which machine?”]?\n');
  expect(output).toMatch(/^ {2}I like \[answer to “Which machine\?”\] +█/m);
});
