import { Model } from 'survey-core';
import { describe, expect, it } from 'vitest';
import { fillPiping } from '../interview/piping.ts';
import { questions } from '../testing/imported-survey.ts';
import { importSurveyJs } from './import-surveyjs.ts';

describe('pages, panels and notes', () => {
  it('has pages and panels, and gives each question the conditions of its containers', () => {
    const survey = {
      title: 'Soup',
      description: { default: 'About <b>soup</b>' },
      pages: [
        { elements: [{ type: 'boolean', name: 'eats' }] },
        {
          name: 'more',
          title: 'More',
          visibleIf: '{eats} = true',
          elements: [
            { type: 'html', html: '<p>Read&nbsp;this</p>', visibleIf: '{eats} notempty' },
            {
              type: 'panel',
              title: 'Cold',
              description: 'from the fridge',
              visibleIf: '{eats} <> false',
              elements: [
                { type: 'panel', elements: [{ type: 'comment', name: 'why', visibleIf: '{eats}' }] },
                { type: 'text', name: 'never', visible: false },
              ],
            },
          ],
        },
      ],
    };
    expect(importSurveyJs(survey)).toMatchObject({
      title: 'Soup',
      description: 'About soup',
      locale: 'en',
      pages: [
        {
          name: 'page1',
          title: '',
          visibleIf: [],
          elements: [{ name: 'eats', path: 'pages[0].elements[0]' }],
        },
        {
          name: 'more',
          title: 'More',
          visibleIf: ['{eats} = true'],
          elements: [
            { kind: 'note', text: 'Read this', visibleIf: ['{eats} notempty'] },
            {
              kind: 'block',
              title: 'Cold',
              description: 'from the fridge',
              isGrid: false,
              visibleIf: ['{eats} <> false'],
              elements: [
                {
                  kind: 'block',
                  elements: [
                    {
                      kind: 'text',
                      name: 'why',
                      path: 'pages[1].elements[1].elements[0].elements[0]',
                      visibleIf: ['{eats} <> false', '{eats}'],
                    },
                  ],
                },
                { name: 'never', visibleIf: ['{eats} <> false', 'false'] },
              ],
            },
          ],
        },
      ],
    });
  });

  it('accepts elements without a page, under either name', () => {
    for (const key of ['elements', 'questions']) {
      const survey = { [key]: [{ type: 'text', name: 'a' }] };
      expect(importSurveyJs(survey).pages).toMatchObject([
        { name: 'page1', elements: [{ name: 'a', path: `${key}[0]` }] },
      ]);
    }
  });

  it('is plain data', () => {
    const survey = importSurveyJs({ elements: [{ type: 'radiogroup', name: 'a', choices: [1] }] });
    expect(JSON.parse(JSON.stringify(survey))).toEqual(survey);
  });
});

describe('texts', () => {
  const survey = {
    locale: 'fr',
    elements: [
      {
        type: 'radiogroup',
        name: 'Pet',
        title: { default: 'Which?', fr: 'Lequel ?', 'zh-cn': '哪个？' },
        choices: [{ value: 1, text: { default: 'Cat', fr: 'Chat' } }, 2],
      },
      { type: 'text', name: 'why', valueName: 'reason', title: 'Why {pet}?' },
      { type: 'comment', name: 'end', title: '{ PET } for {reason}: {1, 2}?' },
    ],
  };

  it.each([
    [undefined, 'fr', 'Lequel ?', 'Chat'],
    ['zh-cn', 'zh-cn', '哪个？', 'Chat'],
    ['en', 'en', 'Which?', 'Cat'],
  ])('in %s', (wanted, locale, title, text) => {
    const questionnaire = importSurveyJs(survey, { locale: wanted });
    expect(questionnaire.locale).toBe(locale);
    expect(questionnaire.pages[0]?.elements[0]).toMatchObject({ title, options: [{ text }, { text: '2' }] });
  });

  it('names piped questions by the keys of their answers', () => {
    expect(
      questions(survey)
        .map(({ title }) => title)
        .slice(1),
    ).toEqual(['Why {Pet}?', '{Pet} for {reason}: {1, 2}?']);
  });

  it('pipes like SurveyJS', () => {
    const model = new Model(survey);
    model.data = { Pet: 1, reason: 'fun' };
    const shown: Record<string, string> = { Pet: 'Chat', reason: 'fun' };
    const ours = questions(survey).map(({ title }) => fillPiping(title, (name) => shown[name]));
    expect(ours).toEqual(model.getAllQuestions().map((question) => question.locTitle.textOrHtml));
  });
});
