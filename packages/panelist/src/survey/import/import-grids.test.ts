import { describe, expect, it } from 'vitest';
import { questionsOf } from '../questionnaire.ts';
import { imported, type Json, questions, valuesOf } from '../testing/imported-survey.ts';
import { importSurveyJs } from './import-surveyjs.ts';
import { isOrdinalScale } from './ordinal-scale.ts';

const named = (json: Json) => questions(json).map(({ name, target, visibleIf }) => [name, target, visibleIf]);

describe('elements that become several questions', () => {
  it('one question per row of a matrix', () => {
    const grid = {
      type: 'matrix',
      name: 'g',
      title: 'Rate',
      columns: ['Poor', 'Fair', 'Good'],
      rows: [
        'a',
        { value: 'b', text: 'Bee', visibleIf: "{x} = '{item}'" },
        { value: 'c', visibleIf: "{item} = 'c'" },
      ],
      eachRowRequired: true,
      rowsVisibleIf: '{x} notempty',
      defaultValue: { a: 'Good' },
    };
    const [x, a, b, c] = questions({ elements: [{ type: 'text', name: 'x' }, grid] });
    expect(x?.stem).toBe('');
    expect(a).toMatchObject({
      kind: 'single-choice',
      name: 'g.a',
      target: ['g', 'a'],
      stem: 'Rate',
      title: 'a',
      isRequired: true,
      isOrdinal: true,
      defaultValue: 'Good',
      visibleIf: ['{x} notempty'],
    });
    expect(b).toMatchObject({ title: 'Bee', defaultValue: null });
    expect(c?.visibleIf).toEqual(["('c' = 'c') and ({x} notempty)"]);
    expect(valuesOf(a)).toEqual(['Poor', 'Fair', 'Good']);
  });

  it('one question per cell of a matrixdropdown, which can refer to its row', () => {
    const survey = {
      elements: [
        {
          type: 'matrixdropdown',
          name: 'm',
          title: 'Shops',
          choices: ['x', 'y'],
          columns: [
            { name: 'often' },
            {
              name: 'why',
              title: 'Why {row.often} at {rowTitle}?',
              cellType: 'comment',
              visibleIf: "{row.often} = 'x'",
            },
          ],
          rows: [{ value: 'r1', text: 'Market' }],
        },
      ],
    };
    const [often, why] = questions(survey);
    expect(often).toMatchObject({ name: 'm.r1.often', target: ['m', 'r1', 'often'], stem: 'Shops: Market' });
    expect(valuesOf(often)).toEqual(['x', 'y']);
    expect(why).toMatchObject({
      title: 'Why {m.r1.often} at Market?',
      visibleIf: ["{m.r1.often} = 'x'"],
      kind: 'text',
    });
  });

  it('a count and one question per entry of a dynamic element', () => {
    const pets = {
      type: 'paneldynamic',
      name: 'pets',
      title: 'Pets',
      maxPanelCount: 2,
      templateElements: [
        { type: 'text', name: 'call' },
        {
          type: 'panel',
          elements: [
            {
              type: 'text',
              name: 'kind',
              title: 'What is {panel.call}?',
              visibleIf: '{panel.call} notempty',
            },
          ],
        },
      ],
    };
    expect(named({ elements: [pets] })).toEqual([
      ['pets-count', ['pets-count'], []],
      ['pets[0].call', ['pets', 0, 'call'], ['{pets-count} > 0']],
      ['pets[0].kind', ['pets', 0, 'kind'], ['{pets-count} > 0', '{pets[0].call} notempty']],
      ['pets[1].call', ['pets', 1, 'call'], ['{pets-count} > 1']],
      ['pets[1].kind', ['pets', 1, 'kind'], ['{pets-count} > 1', '{pets[1].call} notempty']],
    ]);
    const fixed = { ...pets, panelCount: 1, allowAddPanel: false, allowRemovePanel: false };
    expect(named({ elements: [fixed] }).map(([name]) => name)).toEqual(['pets[0].call', 'pets[0].kind']);
    const rows = {
      type: 'matrixdynamic',
      name: 'd',
      columns: [{ name: 'c', cellType: 'text' }],
      minRowCount: 1,
      maxRowCount: 2,
    };
    expect(named({ elements: [rows] }).map(([name]) => name)).toEqual(['d-count', 'd[0].c', 'd[1].c']);
    expect(questions({ elements: [rows] })[0]).toMatchObject({
      kind: 'number',
      min: 1,
      max: 2,
      integer: true,
    });
  });

  it('a text per item, and two numbers for a range', () => {
    const several = {
      elements: [
        {
          type: 'multipletext',
          name: 't',
          items: [
            { name: 'mail', inputType: 'email', isRequired: true },
            { name: 'n', inputType: 'number' },
          ],
        },
        { type: 'slider', name: 's', min: 0, max: 10, step: 2 },
        { type: 'slider', name: 'r', title: 'Between what and what?', sliderType: 'range' },
      ],
    };
    expect(questions(several)).toMatchObject([
      { name: 't.mail', target: ['t', 'mail'], kind: 'text', format: 'email', isRequired: true },
      { name: 't.n', kind: 'number' },
      { name: 's', kind: 'number', min: 0, max: 10, step: 2 },
      { name: 'r.from', title: 'Between what and what? – From', target: ['r', 0], min: 0, max: 100 },
      { name: 'r.to', title: 'Between what and what? – To', target: ['r', 1], minExpression: '{r[0]}' },
    ]);
  });
});

describe('options', () => {
  it('that SurveyJS adds have their roles and its texts in the language', () => {
    const survey = {
      elements: [
        {
          type: 'checkbox',
          name: 'q',
          choices: ['a', 'b'],
          showNoneItem: true,
          showOtherItem: true,
          showRefuseItem: true,
          showDontKnowItem: true,
        },
      ],
    };
    const [question, comment] = questions(survey);
    if (question?.kind !== 'multiple-choice') throw new Error(question?.kind);
    expect(question.options.map(({ value, role, isExclusive }) => [value, role, isExclusive])).toEqual([
      ['a', 'plain', false],
      ['b', 'plain', false],
      ['none', 'none', true],
      ['refused', 'refused', true],
      ['dontknow', 'dont-know', true],
      ['other', 'other', false],
    ]);
    expect(comment).toMatchObject({
      name: 'q-Comment',
      title: 'q – Other (describe)',
      target: ['q-Comment'],
      isRequired: true,
      visibleIf: ["{q} contains 'other'"],
    });
    const chinese = questionsOf(importSurveyJs(survey, { locale: 'zh-cn' }))[0];
    expect(chinese?.kind === 'multiple-choice' && chinese.options.map(({ text }) => text)).toContain('无');
  });

  it('that the file lists itself have their roles if they are last', () => {
    const roles = (choices: unknown[]) => {
      const question = imported({ type: 'radiogroup', choices });
      return 'options' in question ? question.options.map(({ role }) => role) : [];
    };
    expect(roles(['A', 'B', 'None of the above', 'Prefer not to say'])).toEqual([
      'plain',
      'plain',
      'none',
      'refused',
    ]);
    expect(roles(['Yes', 'Not sure', 'No'])).toEqual(['plain', 'plain', 'plain']);
    expect(roles(['A', 'Other (please say)', '不知道'])).toEqual(['plain', 'other', 'dont-know']);
  });

  it('can come from an earlier question, all or only the chosen ones', () => {
    const survey = (mode?: string) => ({
      elements: [
        { type: 'checkbox', name: 'a', choices: ["it's", 'y'], showNoneItem: true },
        {
          type: 'ranking',
          name: 'b',
          choicesFromQuestion: 'a',
          ...(mode && { choicesFromQuestionMode: mode }),
        },
      ],
    });
    const conditions = (mode?: string) => {
      const question = questions(survey(mode))[1];
      return question && 'options' in question ? question.options.map(({ visibleIf }) => visibleIf) : [];
    };
    expect(conditions()).toEqual([[], []]);
    expect(conditions('selected')).toEqual([["{a} contains 'it\\'s'"], ["{a} contains 'y'"]]);
    expect(conditions('unselected')[1]).toEqual(["!({a} contains 'y')"]);
  });

  it('are sorted or shuffled according to choicesOrder', () => {
    const order = (choicesOrder: string) =>
      imported({ type: 'dropdown', choices: ['b', 'c', 'a'], choicesOrder });
    expect(valuesOf(order('asc'))).toEqual(['a', 'b', 'c']);
    expect(valuesOf(order('desc'))).toEqual(['c', 'b', 'a']);
    expect(order('random')).toMatchObject({ optionOrder: 'random' });
  });

  it('of an imagepicker are its texts, with one or several choices', () => {
    const images = {
      type: 'imagepicker',
      choices: [
        { value: 'l', text: 'Lion', imageLink: 'x' },
        { value: 'b', imageLink: 'y' },
      ],
    };
    expect(imported(images)).toMatchObject({
      kind: 'single-choice',
      options: [{ text: 'Lion' }, { text: 'b' }],
    });
    expect(imported({ ...images, multiSelect: true }).kind).toBe('multiple-choice');
  });
});

describe('a scale', () => {
  const ordinal = (...texts: string[]) =>
    isOrdinalScale(
      texts.map((text) => ({ value: text, text, visibleIf: [], role: 'plain', isExclusive: false })),
    );

  it.each([
    [['Strongly disagree', 'Disagree', 'Neither', 'Agree', 'Strongly agree']],
    [['Very satisfied', 'Satisfied', 'Dissatisfied']],
    [['Never', 'Sometimes', 'Always']],
    [['18-24', '25-34', '35+']],
    [['Under $20k', '$20k to $40k', '$40k or more']],
    [['Not at all important', 'Somewhat important', 'Very important']],
    [['非常不同意', '不同意', '一般', '同意', '非常同意']],
    [['Extremely liberal', 'Moderate', 'Extremely conservative']],
    [['Poor', 'Fair', 'Good', 'Excellent']],
    [['Less than high school', 'High school', "Bachelor's", 'Doctorate']],
  ])('is %j', (texts) => {
    expect(ordinal(...texts)).toBe(true);
    expect(ordinal(...texts.toReversed())).toBe(true);
  });

  it.each([
    [['Red', 'Green', 'Blue']],
    [['Germany', 'France', 'United Kingdom']],
    [['Tea', 'Coffee', 'Water', 'Milk']],
    [['Man', 'Woman', 'Non-binary']],
    [['iPhone 15', 'Galaxy 9', 'Pixel 12']],
    [['Yes', 'No']],
    [['苹果', '香蕉', '梨']],
  ])('is not %j', (texts) => expect(ordinal(...texts)).toBe(false));
});

describe('values and triggers', () => {
  it('are imported', () => {
    const { computed, triggers } = importSurveyJs({
      elements: [
        { type: 'text', inputType: 'number', name: 'n' },
        { type: 'expression', name: 'twice', expression: '{n} * 2' },
      ],
      calculatedValues: [{ name: 'big', expression: '{n} > 5' }],
      triggers: [
        { type: 'complete', expression: '{n} = 1' },
        { type: 'setvalue', expression: '{n} = 2', setToName: 'n', setValue: 3 },
      ],
    });
    expect(computed).toMatchObject([
      { name: 'big', expression: '{n} > 5', isResult: false },
      { name: 'twice', expression: '{n} * 2', isResult: true },
    ]);
    expect(triggers.map(({ kind }) => kind)).toEqual(['complete', 'set-value']);
  });

  it('are listed after their dependencies', () => {
    const { computed } = importSurveyJs({
      elements: [
        { type: 'text', inputType: 'number', name: 'n' },
        { type: 'expression', name: 'total', expression: '{sub} * 2' },
        { type: 'expression', name: 'sub', expression: '{tax} + {n}' },
      ],
      calculatedValues: [{ name: 'tax', expression: '{n} / 10' }],
    });
    expect(computed.map(({ name }) => name)).toEqual(['tax', 'sub', 'total']);
  });
});
