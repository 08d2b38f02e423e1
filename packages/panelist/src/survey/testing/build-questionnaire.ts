import type {
  MultipleChoiceQuestion,
  Note,
  NumberQuestion,
  Option,
  OptionValue,
  Page,
  PageElement,
  Questionnaire,
  RatingQuestion,
  SingleChoiceQuestion,
  TextQuestion,
} from '../questionnaire.ts';

/** Short ways to write a questionnaire in a test. Questions are required unless told otherwise. */
type Part<T> = Partial<Omit<T, 'kind' | 'name'>>;

const base = (name: string) => ({
  name,
  path: `pages[0].${name}`,
  title: `Title of ${name}`,
  description: '',
  isRequired: true,
  visibleIf: [],
});

/** `[value, text]`, or one for both. */
export function options(...given: readonly (OptionValue | readonly [OptionValue, string])[]): Option[] {
  return given.map((each) =>
    typeof each === 'object' ? { value: each[0], text: each[1] } : { value: each, text: String(each) },
  );
}

export function single(name: string, part: Part<SingleChoiceQuestion> = {}): SingleChoiceQuestion {
  return { kind: 'single-choice', ...base(name), options: options('Yes', 'No'), ...part };
}

export function multiple(name: string, part: Part<MultipleChoiceQuestion> = {}): MultipleChoiceQuestion {
  const given = part.options ?? options('Tea', 'Coffee', 'Water');
  const bounds = { minSelected: part.isRequired === false ? 0 : 1, maxSelected: given.length };
  return { kind: 'multiple-choice', ...base(name), ...bounds, options: given, ...part };
}

export function rating(name: string, part: Part<RatingQuestion> = {}): RatingQuestion {
  const ends = { minDescription: '', maxDescription: '' };
  return { kind: 'rating', ...base(name), ...ends, options: options(1, 2, 3, 4, 5), ...part };
}

export function number(name: string, part: Part<NumberQuestion> = {}): NumberQuestion {
  return { kind: 'number', ...base(name), min: null, max: null, integer: false, ...part };
}

export function text(name: string, part: Part<TextQuestion> = {}): TextQuestion {
  return { kind: 'text', ...base(name), multiline: false, maxLength: null, ...part };
}

export function note(words: string, visibleIf: readonly string[] = []): Note {
  return { kind: 'note', text: words, visibleIf };
}

export function page(elements: readonly PageElement[], part: Partial<Page> = {}): Page {
  return { name: 'page', title: '', description: '', visibleIf: [], elements, ...part };
}

export function questionnaire(...pages: readonly (Page | readonly PageElement[])[]): Questionnaire {
  return {
    title: 'A survey',
    description: '',
    locale: 'en',
    pages: pages.map((each) => ('elements' in each ? each : page(each))),
  };
}
