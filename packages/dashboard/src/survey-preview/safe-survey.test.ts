import { Model } from 'survey-core';
import { describe, expect, it } from 'vitest';
import { safeSurvey } from './safe-survey.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';

describe('a survey that is rendered', () => {
  it('keeps texts, options and logic as they are', () => {
    const survey = {
      title: { default: 'A survey', de: 'Eine Umfrage' },
      pages: [
        {
          elements: [
            { type: 'radiogroup', name: 'a', title: HOSTILE, choices: [1, { value: 2, text: 'two' }] },
            { type: 'panel', elements: [{ type: 'text', name: 'b', visibleIf: '{a} = 1' }] },
          ],
        },
      ],
    };
    expect(safeSurvey(survey)).toEqual(survey);
  });

  it.each([
    [{ type: 'html', name: 'h', html: HOSTILE }],
    [{ type: 'image', name: 'i', imageLink: 'https://elsewhere.example/x.png' }],
    [{ type: 'file', name: 'f' }],
    [{ type: 'signaturepad', name: 's' }],
    [{ type: 'custom-widget', name: 'w' }],
  ])('leaves out %j, in panels too', (element) => {
    const survey = {
      elements: [element, { type: 'panel', elements: [element, { type: 'text', name: 't' }] }],
    };
    expect(safeSurvey(survey)).toEqual({
      elements: [{ type: 'panel', elements: [{ type: 'text', name: 't' }] }],
    });
  });

  it('holds no address and no HTML anywhere', () => {
    const survey = {
      logo: 'https://elsewhere.example/logo.png',
      backgroundImage: 'https://elsewhere.example/b.png',
      completedHtml: HOSTILE,
      completedHtmlOnCondition: [{ expression: 'true', html: HOSTILE }],
      completedBeforeHtml: HOSTILE,
      loadingHtml: HOSTILE,
      navigateToUrl: 'https://elsewhere.example',
      navigateToUrlOnCondition: [{ url: 'https://elsewhere.example', expression: 'true' }],
      surveyPostId: 'x',
      pages: [
        {
          elements: [
            {
              type: 'dropdown',
              name: 'a',
              choicesByUrl: { url: 'https://elsewhere.example/choices.json' },
              itemComponent: 'own-code',
              cssClasses: { root: 'x' },
            },
            {
              type: 'imagepicker',
              name: 'b',
              choices: [{ value: 'x', imageLink: 'https://elsewhere.example/x.png' }],
            },
            { type: 'text', name: 'c', validators: [{ type: 'regex', regex: '(a+)+$' }, { type: 'email' }] },
          ],
        },
      ],
    };
    const safe = safeSurvey(survey);
    expect(JSON.stringify(safe)).not.toMatch(/elsewhere|onerror|regex|own-code/);
    expect(new Model(safe).getAllQuestions().map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('shows a text with markup as text', () => {
    const model = new Model(safeSurvey({ elements: [{ type: 'text', name: 'a', title: HOSTILE }] }));
    const title = model.getQuestionByName('a').locTitle;
    expect([title.hasHtml, title.textOrHtml]).toEqual([false, HOSTILE]);
  });

  it.each([[null], [[1]], ['x'], [{ __proto__: { a: 1 } }]])('is empty for %j', (survey) => {
    expect(safeSurvey(survey)).toEqual({});
  });
});
