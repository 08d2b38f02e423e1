/**
 * For tests: SurveyJS files made at random of the features that `docs/surveyjs.md` says are carried. What one question
 * reads of others is always of questions before it, as a survey's author would write it.
 */
import * as fc from 'fast-check';
import { SeededDraw } from '../../random/seeded-draw.ts';
import type { Json } from './imported-survey.ts';

/** A question that others can read. */
interface Readable {
  readonly name: string;
  readonly kind: 'one' | 'several' | 'number' | 'text';
  readonly values: readonly (string | number)[];
  /** Shown to everybody, so that its options can be carried forward: SurveyJS drops those of hidden questions. */
  readonly isPlain?: boolean;
}

type Pick = <T>(items: readonly T[]) => T;

/** A survey of one to three pages, from evenly drawn numbers: fast-check's own would mostly make the first of each choice. */
export const generatedSurvey: fc.Arbitrary<Json> = fc
  .noBias(fc.nat({ max: 0xffff_ffff }))
  .map((seed) => new SurveyMaker(evenly(seed)).survey());

/** Numbers in [0, 1), the same for the same seed. */
export function evenly(seed: number): () => number {
  const draw = new SeededDraw(String(seed));
  return () => draw.below(2 ** 30) / 2 ** 30;
}

const words = ['tea', 'bread', 'market', 'bus', 'park', 'shop'] as const;
const texts = ['Äpfel', 'apples', 'Zebra', '10 km', '9 km', 'Öl', 'beta'] as const;

class SurveyMaker {
  readonly #draw: () => number;
  readonly #known: Readable[] = [];
  readonly #computed: Json[] = [];
  #count = 0;

  constructor(draw: () => number) {
    this.#draw = draw;
  }

  survey(): Json {
    const pages = Array.from({ length: 1 + this.#below(3) }, (_, index) => this.#page(index));
    return {
      pages,
      ...(this.#computed.length > 0 && { calculatedValues: this.#computed }),
      ...(this.#known.length > 0 && this.#maybe(0.2, () => ({ triggers: [this.#trigger()] }))),
      ...this.#maybe(0.2, () => ({ clearInvisibleValues: this.#pick(['none', 'onComplete', 'onHidden']) })),
      ...this.#maybe(0.1, () => ({ locale: 'de' })),
    };
  }

  #page(index: number): Json {
    const condition = index === 0 ? {} : this.#maybe(0.2, () => ({ visibleIf: this.#condition() }));
    const first: Json[] = index === 0 ? [{ type: 'text', name: 'first', title: 'First?' }] : [];
    const elements = [...first, ...Array.from({ length: 1 + this.#below(4) }, () => this.#element(0))];
    return {
      name: `page${index + 1}`,
      ...condition,
      ...this.#maybe(0.3, () => ({ title: this.#text() })),
      elements,
    };
  }

  #element(depth: number): Json {
    const name = this.#name();
    const common = {
      name,
      title: this.#text(`Question ${name}`),
      ...this.#maybe(0.25, () => ({ visibleIf: this.#condition() })),
      ...this.#maybe(0.2, () => ({ isRequired: true })),
      ...this.#maybe(0.1, () => ({ requiredIf: this.#condition() })),
      ...this.#maybe(0.08, () => ({ enableIf: this.#condition() })),
      ...this.#maybe(0.05, () => ({ readOnly: true })),
    };
    const make = this.#pick(depth > 0 ? ['choice', 'text', 'number'] : this.#kinds);
    switch (make) {
      case 'choice':
        return this.#choice(common, name, depth);
      case 'text':
        return this.#textQuestion(common, name);
      case 'number':
        return this.#number(common, name);
      case 'rating':
        this.#known.push({ name, kind: 'number', values: [1, 2, 3, 4, 5] });
        return { ...common, type: 'rating', ...this.#maybe(0.3, () => ({ rateMax: 7 })) };
      case 'boolean':
        return {
          ...common,
          type: 'boolean',
          ...this.#maybe(0.3, () => ({ defaultValue: this.#pick([true, 'false']) })),
        };
      case 'html':
        return {
          type: 'html',
          name,
          html: `<p>${this.#text(`Note ${name}`)}</p>`,
          ...pick(common, 'visibleIf'),
        };
      case 'expression':
        return { ...pick(common, 'name', 'title', 'visibleIf'), type: 'expression', ...this.#formula() };
      case 'calculated':
        this.#computed.push({
          name: `c${this.#count}`,
          ...this.#formula(),
          includeIntoResult: this.#draw() < 0.7,
        });
        return this.#textQuestion(common, name);
      case 'matrix':
        return this.#matrix(common);
      case 'dropdowns':
        return this.#dropdowns(common, name);
      case 'texts':
        return {
          ...common,
          type: 'multipletext',
          items: [
            { name: 'a', title: 'First' },
            { name: 'b', inputType: 'number' },
          ],
          ...this.#maybe(0.3, () => ({ defaultValue: { a: 'x' } })),
        };
      case 'panel':
        return { ...common, type: 'panel', elements: [this.#element(depth + 1), this.#element(depth + 1)] };
      default:
        return this.#dynamicPanel(common, name);
    }
  }

  readonly #kinds = [
    'choice',
    'choice',
    'choice',
    'text',
    'number',
    'rating',
    'boolean',
    'html',
    'expression',
    'calculated',
    'matrix',
    'dropdowns',
    'texts',
    'panel',
    'panels',
  ] as const;

  #choice(common: Json, name: string, depth: number): Json {
    const type = this.#pick(['radiogroup', 'dropdown', 'checkbox', 'tagbox', 'ranking']);
    const source = this.#known.findLast(({ isPlain, values }) => isPlain === true && values.length > 2);
    const isForward = source !== undefined && type !== 'ranking' && this.#draw() < 0.3;
    const values = isForward ? [] : this.#values();
    const several = type === 'checkbox' || type === 'tagbox';
    const question = {
      ...common,
      type,
      ...(isForward
        ? {
            choicesFromQuestion: source.name,
            ...this.#maybe(0.7, () => ({ choicesFromQuestionMode: this.#pick(['selected', 'unselected']) })),
          }
        : {
            choices: values.map((value, index) =>
              type === 'ranking' || index === 0 ? value : this.#item(value),
            ),
          }),
      ...this.#maybe(0.45, () =>
        this.#pick<Json>([{ showOtherItem: true }, { showOtherItem: true }, { showCommentArea: true }]),
      ),
      ...this.#maybe(0.2, () => ({ showNoneItem: true })),
      ...this.#maybe(0.1, () => ({ showDontKnowItem: true, showRefuseItem: true })),
      ...this.#maybe(0.2, () => ({ choicesOrder: this.#pick(['asc', 'desc']) })),
      ...(values.length > 0 &&
        type !== 'ranking' &&
        this.#maybe(0.2, () => ({ defaultValue: several ? [values[0]] : values[0] }))),
      ...(several &&
        values.length > 1 &&
        this.#maybe(0.2, () =>
          this.#pick<Json>([{ maxSelectedChoices: 2 }, { maxSelectedChoices: 2, minSelectedChoices: 2 }]),
        )),
    };
    const isPlain =
      several &&
      depth === 0 &&
      !['visibleIf', 'enableIf', 'readOnly', 'defaultValue'].some((key) => key in question);
    this.#known.push({
      name,
      kind: type === 'radiogroup' || type === 'dropdown' ? 'one' : 'several',
      values,
      isPlain,
    });
    return question;
  }

  #item(value: string | number): unknown {
    const condition = this.#maybe(0.15, () => ({ visibleIf: this.#condition() }));
    if (Object.keys(condition).length === 0 && this.#draw() < 0.5) return value;
    return { value, ...this.#maybe(0.6, () => ({ text: this.#pick(texts) + String(value) })), ...condition };
  }

  #values(): (string | number)[] {
    const count = 2 + this.#below(4);
    return this.#draw() < 0.3
      ? Array.from({ length: count }, (_, index) => 5 + index * 3)
      : texts.slice(0, count).map(String);
  }

  #textQuestion(common: Json, name: string): Json {
    this.#known.push({ name, kind: 'text', values: ['alpha', '12'] });
    const type = this.#pick(['text', 'comment']);
    return {
      ...common,
      type,
      ...this.#maybe(0.2, () => ({ defaultValue: 'alpha' })),
      ...(type === 'text' && this.#maybe(0.15, () => ({ inputType: this.#pick(['date', 'email', 'time']) }))),
      ...this.#maybe(0.15, () => ({
        validators: [
          this.#pick<Json>([
            { type: 'text', minLength: 3 },
            { type: 'regex', regex: '^[a-z]' },
            { type: 'expression', expression: `{${name}} <> '12'` },
            { type: 'expression', expression: `{${name}} notempty`, notificationType: 'warning' },
          ]),
        ],
      })),
    };
  }

  #number(common: Json, name: string): Json {
    const lower = this.#known.findLast(({ kind }) => kind === 'number');
    this.#known.push({ name, kind: 'number', values: [0, 5, 10] });
    if (this.#draw() < 0.3)
      return { ...common, type: 'slider', min: 0, max: 20, ...this.#maybe(0.3, () => ({ step: 5 })) };
    return {
      ...common,
      type: 'text',
      inputType: 'number',
      ...this.#maybe(0.4, () => ({ min: this.#below(4), max: 15 })),
      ...this.#maybe(0.2, () => ({ step: this.#pick([1, 2, 5]) })),
      ...this.#maybe(0.2, () => ({ defaultValue: this.#pick<unknown>([5, '10', '=2+3']) })),
      ...(lower !== undefined && this.#maybe(0.15, () => ({ minValueExpression: `{${lower.name}}` }))),
    };
  }

  #matrix(common: Json): Json {
    const rows = words.slice(0, 2 + this.#below(2));
    return {
      ...common,
      type: 'matrix',
      columns: ['low', { value: 'high', text: 'High' }],
      rows: rows.map((value) => ({ value, ...this.#maybe(0.15, () => ({ visibleIf: this.#condition() })) })),
      ...this.#maybe(0.3, () => ({ eachRowRequired: true })),
      ...this.#maybe(0.2, () => ({ defaultValue: { [rows[0] as string]: 'low' } })),
    };
  }

  #dropdowns(common: Json, name: string): Json {
    // SurveyJS leaves the expressions of a read-only grid alone, and those of a hidden one now and then.
    const { isRequired: _, readOnly: __, enableIf: ___, ...others } = common;
    const columns = [
      {
        name: 'c1',
        title: 'First',
        cellType: 'text',
        inputType: 'number',
        ...this.#maybe(0.3, () => ({ totalType: 'sum' })),
      },
      { name: 'c2', ...this.#maybe(0.3, () => ({ visibleIf: '{row.c1} > 4' })) },
      ...(others.visibleIf === undefined && this.#draw() < 0.3
        ? [{ name: 'c3', cellType: 'expression', expression: '{row.c1} * 2' }]
        : []),
    ];
    this.#known.push({ name: `${name}.tea.c1`, kind: 'number', values: [5] });
    return {
      ...others,
      type: 'matrixdropdown',
      columns,
      rows: ['tea', 'bread'],
      choices: [1, 2, 3],
      ...this.#maybe(0.2, () => ({ defaultValue: { tea: { c2: 2 } } })),
    };
  }

  #dynamicPanel(common: Json, name: string): Json {
    const { isRequired: _, requiredIf: __, readOnly: ___, enableIf: ____, ...others } = common;
    const isFixed = this.#draw() < 0.4;
    // Where nobody has answered yet, SurveyJS counts the entries of a fixed panel only now and then.
    if (!isFixed) this.#known.push({ name: `${name}.length`, kind: 'number', values: [1, 2] });
    return {
      ...others,
      type: 'paneldynamic',
      panelCount: isFixed ? 2 : 0,
      maxPanelCount: 3,
      ...(isFixed && { allowAddPanel: false, allowRemovePanel: false }),
      templateTitle: 'Entry {panelIndex}',
      templateElements: [
        { type: 'text', name: 'who', title: `Who of ${name}?` },
        {
          type: 'radiogroup',
          name: 'how',
          title: 'How is {panel.who}?',
          choices: ['good', 'bad'],
          ...this.#maybe(0.4, () => ({ visibleIf: '{panel.who} notempty' })),
          ...this.#maybe(0.2, () => ({ visibleIf: '{panelIndex} > 0' })),
          ...this.#maybe(0.2, () => ({ showCommentArea: true })),
        },
      ],
      ...this.#maybe(0.2, () => ({ defaultPanelValue: { how: 'good' } })),
      ...(isFixed && this.#maybe(0.2, () => ({ defaultValue: [{ who: 'Ada' }, { how: 'bad' }] }))),
    };
  }

  #trigger(): Json {
    const expression = this.#condition();
    return this.#pick<Json>([
      { type: 'setvalue', expression, setToName: 'flag', setValue: 'on' },
      { type: 'complete', expression },
      { type: 'runexpression', expression, setToName: 'ran', runExpression: '1 + 2' },
    ]);
  }

  #formula(): Json {
    const numbers = this.#known.filter(({ kind }) => kind === 'number').map(({ name }) => name);
    const computed = this.#computed.map(({ name }) => String(name));
    const one = this.#pick([...numbers, ...computed, null]);
    const expression = one === null ? '2 + 3' : `{${one}} * 2 + 1`;
    return {
      expression: this.#draw() < 0.2 ? `${expression} / 3` : expression,
      ...this.#maybe(0.2, () => ({ precision: 1 })),
    };
  }

  #condition(): string {
    if (this.#known.length === 0) return this.#pick(['1 = 1', '1 = 2']);
    const { name, kind, values } = this.#pick(this.#known);
    const value = values.length === 0 ? "'x'" : literal(this.#pick(values));
    const conditions = {
      one: [`{${name}} = ${value}`, `{${name}} <> ${value}`, `{${name}} notempty`],
      several: [
        `{${name}} contains ${value}`,
        `{${name}.length} > 1`,
        `{${name}} empty`,
        `{${name}[0]} = ${value}`,
      ],
      number: [`{${name}} > ${value}`, `{${name}} <= ${value}`, `{${name}} notempty`],
      text: [`{${name}} notempty`, `{${name}} = ${value}`, `{${name}} contains 'a'`],
    };
    const condition = this.#pick(conditions[kind]);
    return this.#draw() < 0.15 ? `${condition} or ${this.#condition()}` : condition;
  }

  #text(start: string = this.#pick(words)): string {
    const known = this.#known.filter(({ kind }) => kind !== 'several' || this.#draw() < 0.5);
    if (known.length === 0 || this.#draw() < 0.7) return start;
    const { name, kind } = this.#pick(known);
    return `${start} about {${kind === 'several' && this.#draw() < 0.3 ? `${name}[0]` : name}}`;
  }

  #name(): string {
    this.#count += 1;
    return `q${this.#count}`;
  }

  #maybe(chance: number, make: () => Json): Json {
    return this.#draw() < chance ? make() : {};
  }

  readonly #pick: Pick = (items) => items[this.#below(items.length)] as (typeof items)[number];

  #below(count: number): number {
    return Math.floor(this.#draw() * count);
  }
}

function literal(value: string | number): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function pick(common: Json, ...keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(common).filter(([key]) => keys.includes(key)));
}
