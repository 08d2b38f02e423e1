import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PanelistError } from '../../panelist-error.ts';
import { failure, type Json, questions, valuesOf } from '../testing/imported-survey.ts';
import { importSurveyJs } from './import-surveyjs.ts';

describe('unsupported elements', () => {
  it('are all reported with path and name', () => {
    const { code, message } = failure({
      pages: [
        {
          elements: [
            { type: 'text', name: 'a' },
            { type: 'file', name: 'photo' },
            { type: 'panel', elements: [{ type: 'text', name: 'r', visibleIf: 'f({a})' }] },
          ],
        },
      ],
      triggers: [{ type: 'visible', expression: '{a} = 1', pages: ['p'] }],
    });
    expect(code).toBe('SURVEY_UNSUPPORTED');
    expect(message).toContain('in 3 places');
    expect(message).toMatch(/pages\[0\]\.elements\[1\] \("photo"\): .*"file"/);
    expect(message).toMatch(/pages\[0\]\.elements\[2\]\.elements\[0\]\.visibleIf \("r"\): .*f\(\)/);
    expect(message).toMatch(/^ {2}triggers\[0\]: .*"visible"/m);
  });

  it('are not called misspelt if a condition or a text refers to them', () => {
    const { message } = failure({
      elements: [
        { type: 'file', name: 'photo' },
        { type: 'text', name: 'a', visibleIf: '{Photo} notempty' },
        { type: 'text', name: 'b', title: 'Where is {photo[0].name}?' },
      ],
    });
    expect(message).toContain('reads {Photo}, which cannot be asked');
    expect(message).toContain('shows {photo[0].name}, which cannot be asked');
    expect(message).not.toContain('misspelt');
  });

  const choice = { type: 'checkbox', choices: [1, 2] };
  it.each<[string, Json]>([
    ['type', { type: 'nonsense' }],
    ['type', { type: 'file' }],
    ['type', { type: 'signaturepad' }],
    ['type', { type: 'imagemap' }],
    ['setValueIf', { type: 'text', setValueIf: 'own({z})' }],
    ['resetValueIf', { type: 'text', resetValueIf: '{zz} = 1' }],
    ['defaultValueExpression', { type: 'text', defaultValueExpression: 'own()' }],
    ['defaultValue', { type: 'text', defaultValue: { a: 1 } }],
    ['min', { type: 'text', inputType: 'date', min: '{z}' }],
    ['type', { type: 'radiogroup' }],
    ['type', { type: 'dropdown', choices: [] }],
    ['rows', { type: 'matrix', columns: [1], rows: [] }],
    ['visibleIf', { type: 'text', visibleIf: '{zz} = 1' }],
    ['title', { type: 'text', title: 'Dear {zz}' }],
    ['visibleIf', { type: 'text', visibleIf: 'propertyValue("z", "title") = 1' }],
    ['type', { type: 'checkbox', choices: [], choicesByUrl: { url: 'https://example.org' } }],
    ['choicesFromQuestion', { ...choice, choicesFromQuestion: 'q' }],
    ['validators[0]', { type: 'radiogroup', choices: [1], validators: [{ type: 'answercount' }] }],
    ['visibleIf', { type: 'text', visibleIf: '{later} = 1' }],
    ['title', { type: 'text', title: 'As {later} said' }],
    ['title', { type: 'text', title: 'Rated {bare}' }],
  ])('%s of %j', (key, element) => {
    const bare = { type: 'rating', name: 'bare', useDisplayValuesInTitle: false };
    const first = [{ type: 'text', name: 'z' }, bare, { name: 'q', ...element }];
    const { code, message } = failure({
      pages: [{ elements: first }, { elements: [{ type: 'text', name: 'later' }] }],
    });
    expect({ code, message }).toMatchObject({ code: 'SURVEY_UNSUPPORTED' });
    expect(message).toContain(`pages[0].elements[2]${key === 'type' ? '' : `.${key}`} ("q")`);
  });

  it.each<[string, Json]>([
    ['1000000000 entries', { type: 'paneldynamic', maxPanelCount: 1e9 }],
    ['201 entries', { type: 'paneldynamic', minPanelCount: 201, maxPanelCount: 201 }],
    ['501 entries', { type: 'matrixdynamic', maxRowCount: 501 }],
    ['501 rows', { type: 'matrixdropdown', rows: Array.from({ length: 501 }, (_, row) => `row ${row}`) }],
  ])('is more than %s', (part, element) => {
    const own = { type: 'text', name: 'a' };
    const list = {
      name: 'q',
      columns: [{ name: 'a', cellType: 'text' }],
      templateElements: [own],
      ...element,
    };
    const { code, message } = failure({ elements: [list] });
    expect(code).toBe('SURVEY_UNSUPPORTED');
    expect(message).toContain(`${part} are too many`);
  });

  it('names the type of a validator', () => {
    const element = { type: 'rating', name: 'q', validators: [{ type: 'regex', regex: 'a' }] };
    expect(failure({ elements: [element] }).message).toContain(
      'validators[0] ("q"): a validator of type "regex"',
    );
  });

  it('are reported without control characters', () => {
    const bad = '\u001b[31mred\u001b[0m\u0007\u009b2J\u202eend';
    const { message } = failure({
      [bad]: 1,
      elements: [{ type: 'text', name: bad, [bad]: 1, visibleIf: `{${bad}} = 1`, title: `{q${bad}}` }],
    });
    expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(message).toContain('red');
  });

  it('do not include defaults and appearance', () => {
    const looks = {
      width: '50%',
      placeholder: 'x',
      titleLocation: 'hidden',
      hasOther: false,
      choicesOrder: 'random',
      defaultValue: '',
    };
    const survey = {
      showQuestionNumbers: 'off',
      logoPosition: 'right',
      cookieName: 'c',
      questionsOrder: 'random',
      triggers: [],
      ourFrontEnd: { badge: true },
    };
    expect(
      valuesOf(
        questions({ ...survey, elements: [{ type: 'dropdown', name: 'q', choices: [2, 1], ...looks }] })[0]!,
      ),
    ).toEqual([2, 1]);
  });
});

describe('invalid surveys', () => {
  it.each<[string, Json, string]>([
    ['a misspelt property', { type: 'text', visibleif: '{z} = 1' }, 'Did you mean "visibleIf"'],
    ['a property misspelt beyond a suggestion', { type: 'text', requierd: true }, '"requierd"'],
    ['logic under a name that SurveyJS does not know', { type: 'text', showWhen: '{z} = 1' }, '"showWhen"'],
    ['a condition with a syntax error', { type: 'text', visibleIf: '{z} = ' }, '"{z} = "'],
    ['a title under another name', { type: 'text', label: 'What?' }, 'Did you mean "title"'],
    ['a title misspelt', { type: 'text', titel: 'What?' }, 'Did you mean "title"'],
    ['a question for a title', { type: 'text', question: 'What?' }, 'Did you mean "title"'],
    ['no type', {}, 'no "type"'],
    ['a type that is not a text', { type: ['text'] }, 'type'],
    ['a choice twice', { type: 'radiogroup', choices: [1, 2, 1] }, 'already has the value'],
    ['a range of too many choices', { type: 'dropdown', choicesMin: 1, choicesMax: 2001 }, '2001 options'],
    ['a choice without a value', { type: 'radiogroup', choices: [{ value: '' }] }, 'value'],
    ['a choice of null', { type: 'radiogroup', choices: [null] }, 'null'],
    ['a scale that SurveyJS would cut', { type: 'rating', rateMax: 100 }, '20 points'],
    ['impossible bounds', { type: 'text', inputType: 'number', min: 5, max: 1 }, 'at least 5 and at most 1'],
    ['too many wanted', { type: 'checkbox', choices: [1], minSelectedChoices: 2 }, 'at least 2'],
    ['a title that is not a text', { type: 'text', title: ['x'] }, 'a text'],
    ['a title of parts', { type: 'text', title: { joined: ['x', 'y'] } }, 'a text'],
    ['a title without end', { type: 'text', title: 'x'.repeat(20_001) }, '20001'],
    ['isRequired that is not a boolean', { type: 'text', isRequired: 'yes' }, '"yes"'],
    ['a bound that is not a number', { type: 'text', inputType: 'number', min: 'low' }, '"low"'],
    ['a name that is a prototype', { type: 'text', name: '__proto__' }, 'reserved'],
    ['no name', { type: 'text', name: ' ' }, 'name'],
  ])('%s', (_, element, part) => {
    const { code, message } = failure({
      elements: [
        { type: 'text', name: 'z' },
        { name: 'q', ...element },
      ],
    });
    expect(code).toBe('SURVEY_INVALID');
    expect(message).toContain('elements[1]');
    expect(message).toContain(part);
  });

  it.each([
    [null, 'null'],
    [[], 'an array'],
    [{}, 'no questions'],
    [{ pages: [] }, 'no questions'],
    [{ elements: [{ type: 'html', html: 'x' }] }, 'no questions'],
    [{ pages: 5 }, 'pages'],
    [{ pages: [null] }, 'pages[0]'],
    [{ elements: [5] }, 'elements[0]'],
    [{ locale: '}', elements: [{ type: 'text', name: 'a' }] }, 'locale'],
  ])('%j', (json, part) => {
    const { code, message } = failure(json);
    expect(code).toBe('SURVEY_INVALID');
    expect(message).toContain(part);
  });

  it.each<[string, Json]>([
    ['g.a', { type: 'matrix', name: 'g', columns: [1, 2], rows: ['a'] }],
    ['q-Comment', { type: 'rating', name: 'q', showCommentArea: true }],
    ['list-count', { type: 'paneldynamic', name: 'list', templateElements: [{ type: 'text', name: 'x' }] }],
  ])('rejects two columns of the same name, %s', (name, element) => {
    expect(failure({ elements: [element, { type: 'text', name }] })).toMatchObject({
      code: 'SURVEY_INVALID',
      message: expect.stringMatching(new RegExp(`elements\\[1\\].*"${name}", as that of elements\\[0\\]`)),
    });
  });

  it('quotes a condition from its own file, even if another file uses the same names', () => {
    const panel = (condition: string): Json => ({
      type: 'paneldynamic',
      name: 'p',
      templateElements: [
        { type: 'text', name: 'a' },
        { type: 'text', name: 'b', visibleIf: condition },
      ],
    });
    expect(failure({ elements: [panel('own({panel.a})')] }).message).toContain('own({panel.a})');
    const plain = { elements: [{ type: 'text', name: 'c', visibleIf: 'own({p[0].a})' }] };
    expect(failure(plain).message).toContain('own({p[0].a})');
  });

  it('bounds the expansion of nested grids', () => {
    const nested = (levels: number): Json => ({
      type: 'paneldynamic',
      name: `p${levels}`,
      panelCount: 10,
      allowAddPanel: false,
      templateElements: [levels === 0 ? { type: 'html', html: 'x' } : nested(levels - 1)],
    });
    expect(failure({ elements: [{ type: 'text', name: 'q' }, nested(20)] })).toMatchObject({
      code: 'SURVEY_INVALID',
      message: expect.stringContaining('more than 10000 parts'),
    });
    const columns = Array.from({ length: 5_000 }, (_, column) => ({ name: `c${column}`, cellType: 'text' }));
    const rows = Array.from({ length: 500 }, (_, row) => `r${row}`);
    const wide = { type: 'matrixdropdown', name: 'wide', columns, rows };
    expect(failure({ elements: [wide] }).message).toContain('more than 2000 questions');
  });

  it('uses no built-in SurveyJS text as a title in an unknown language', () => {
    const title = { localisation: 'constructor', default: 'What?' };
    expect(questions({ elements: [{ type: 'text', name: 'q', title }] })[0]?.title).toBe('What?');
  });

  it('rejects too deep nesting', () => {
    const nested = (levels: number): Json =>
      levels === 0 ? { type: 'text', name: 'q' } : { type: 'panel', elements: [nested(levels - 1)] };
    expect(failure({ elements: [nested(30)] }).message).toContain('20 deep');
    let deep: Json = {};
    for (let level = 0; level < 100_000; level++) deep = { elements: [deep] };
    expect(failure(deep)).toMatchObject({ code: 'SURVEY_INVALID' });
  });

  it('lists the available languages if the requested one is missing', () => {
    const survey = { elements: [{ type: 'text', name: 'q', title: { default: 'x', fr: 'y' } }] };
    expect(failure(survey, { locale: 'de' })).toMatchObject({
      code: 'SURVEY_INVALID',
      message: expect.stringContaining('default, fr'),
    });
    expect(failure(survey, { locale: '?' })).toMatchObject({ code: 'USAGE' });
  });

  it('gives a questionnaire or a PanelistError for any input, and does not modify it', () => {
    const base = (): Json => ({
      pages: [
        {
          elements: [
            {
              type: 'text',
              name: 'a',
              inputType: 'number',
              min: 1,
              validators: [{ type: 'numeric', maxValue: 3 }],
            },
          ],
        },
        {
          title: { default: 'x', fr: 'y' },
          visibleIf: '{a} = 1',
          elements: [
            {
              type: 'panel',
              elements: [{ type: 'checkbox', name: 'c', choices: [1, { value: 2, text: 'two' }] }],
            },
            { type: 'rating', name: 'r', rateValues: [1, 2], rateMax: 7 },
            { type: 'html', html: '<p>{a}</p>' },
          ],
        },
      ],
    });
    const places: [object, string][] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const key of [...Object.keys(value), '__proto__', 'type', 'elements', 'choices', 'toString'])
        places.push([value, key]);
      Object.values(value).forEach(collect);
    };
    collect(base());
    const hostile = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        -1,
        1e308,
        '',
        '{',
        '{$a.b}',
        '__proto__',
        [],
        {},
        [[]],
        [null],
        [{}],
        { type: 5 },
        { default: 5 },
        true,
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.nat({ max: places.length - 1 }), hostile, (index, value) => {
        const survey = base();
        places.length = 0;
        collect(survey);
        const [object, key] = places[index]!;
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
        const before = JSON.stringify(survey);
        try {
          importSurveyJs(survey);
        } catch (error) {
          expect(error).toBeInstanceOf(PanelistError);
        }
        expect(JSON.stringify(survey)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});
