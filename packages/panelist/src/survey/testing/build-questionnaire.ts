import type {
  ComputedValue,
  MultipleChoiceQuestion,
  Note,
  NumberQuestion,
  Option,
  OptionValue,
  Page,
  PageElement,
  Questionnaire,
  RankingQuestion,
  RatingQuestion,
  SingleChoiceQuestion,
  TextQuestion,
} from '../questionnaire.ts';

/** Short ways to write a questionnaire in a test. Questions are required by default. */
type Part<T> = Partial<Omit<T, 'kind' | 'name'>>;

const base = (name: string) => ({
  name,
  path: `pages[0].${name}`,
  title: `Title of ${name}`,
  target: [name],
  stem: '',
  description: '',
  isRequired: true,
  requiredIf: [],
  visibleIf: [],
  enableIf: [],
  defaultValue: null,
  defaultExpression: null,
  checks: [],
});

const listed = { optionOrder: 'as-listed', isOrdinal: false } as const;

/** `[value, text]`, or one for both. */
export function options(...given: readonly (OptionValue | readonly [OptionValue, string])[]): Option[] {
  return given.map((each): Option => {
    const [value, text] = typeof each === 'object' ? each : [each, String(each)];
    return { value, text, visibleIf: [], role: 'plain', isExclusive: false };
  });
}

export function single(name: string, part: Part<SingleChoiceQuestion> = {}): SingleChoiceQuestion {
  return { kind: 'single-choice', ...base(name), options: options('Yes', 'No'), ...listed, ...part };
}

export function multiple(name: string, part: Part<MultipleChoiceQuestion> = {}): MultipleChoiceQuestion {
  const given = part.options ?? options('Tea', 'Coffee', 'Water');
  const bounds = { minSelected: part.isRequired === false ? 0 : 1, maxSelected: given.length };
  return { kind: 'multiple-choice', ...base(name), ...bounds, ...listed, options: given, ...part };
}

export function ranking(name: string, part: Part<RankingQuestion> = {}): RankingQuestion {
  const given = part.options ?? options('Tea', 'Coffee', 'Water');
  const bounds = { minSelected: given.length, maxSelected: given.length };
  return { kind: 'ranking', ...base(name), ...bounds, ...listed, options: given, ...part };
}

export function rating(name: string, part: Part<RatingQuestion> = {}): RatingQuestion {
  const ends = { minDescription: '', maxDescription: '', optionOrder: 'as-listed', isOrdinal: true } as const;
  return { kind: 'rating', ...base(name), ...ends, options: options(1, 2, 3, 4, 5), ...part };
}

export function number(name: string, part: Part<NumberQuestion> = {}): NumberQuestion {
  return {
    kind: 'number',
    ...base(name),
    min: null,
    max: null,
    step: null,
    integer: false,
    counts: null,
    minExpression: null,
    maxExpression: null,
    labels: [],
    ...part,
  };
}

export function text(name: string, part: Part<TextQuestion> = {}): TextQuestion {
  return { kind: 'text', ...base(name), multiline: false, ...plainText, ...part };
}

/** Of a text question that takes any text. */
export const plainText = {
  format: 'plain',
  earliest: null,
  latest: null,
  minExpression: null,
  maxExpression: null,
  minLength: null,
  maxLength: null,
  patterns: [],
} as const;

export function note(words: string, visibleIf: readonly string[] = []): Note {
  return { kind: 'note', text: words, visibleIf };
}

export function page(elements: readonly PageElement[], part: Partial<Page> = {}): Page {
  return { name: 'page', title: '', description: '', visibleIf: [], order: 'as-listed', elements, ...part };
}

export function questionnaire(...pages: readonly (Page | readonly PageElement[])[]): Questionnaire {
  return {
    title: 'A survey',
    description: '',
    locale: 'en',
    computed: [],
    triggers: [],
    lists: [],
    clearInvisibleValues: 'onComplete',
    skipped: [],
    pages: pages.map((each) => ('elements' in each ? each : page(each))),
  };
}

/** A computed value that is shown as it is. */
export function computed(name: string, expression: string, isResult: boolean): ComputedValue {
  return { name, target: [name], expression, isResult, visibleIf: [], precision: null, display: null };
}
