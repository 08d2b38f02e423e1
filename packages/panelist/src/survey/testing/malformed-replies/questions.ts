import type { Question } from '../../questionnaire.ts';
import { multiple, number, options, ranking, rating, single, text } from '../build-questionnaire.ts';

const [none] = options(['none', 'None']);
const [refuse] = options(['ref', 'Prefer not to say']);
const [dontKnow] = options(['dk', "Don't know"]);

/** What the malformed replies are replies to. */
export const questions: Readonly<Record<string, Question>> = {
  satisfaction: single('satisfaction', {
    options: options(
      ['vsat', 'Very satisfied'],
      ['sat', 'Satisfied'],
      ['mid', 'Neither'],
      ['dis', 'Dissatisfied'],
      ['vdis', 'Very dissatisfied'],
    ),
  }),
  letters: single('letters', { options: options(['a', 'A'], ['b', 'B'], ['c', 'C']) }),
  optional: single('optional', { isRequired: false }),
  yesno: single('yesno', { options: options([true, 'Yes'], [false, 'No']) }),
  declinable: single('declinable', {
    options: [
      ...options(['a', 'Apple'], ['b', 'Pear']),
      { ...refuse!, role: 'refused', isExclusive: true },
      { ...dontKnow!, role: 'dont-know', isExclusive: true },
    ],
  }),
  zh: single('zh', {
    options: options(['good', '非常满意'], ['ok', '满意'], ['mid', '一般'], ['bad', '不满意']),
  }),
  fruits: multiple('fruits', {
    options: [
      ...options(['apple', 'Apple'], ['pear', 'Pear'], ['plum', 'Plum'], ['fig', 'Fig']),
      { ...none!, role: 'none', isExclusive: true },
    ],
    maxSelected: 3,
  }),
  ranking: ranking('ranking', { options: options(['price', 'Price'], ['taste', 'Taste'], ['care', 'Care']) }),
  rating: rating('rating', {
    options: options([1, 'Bad'], [2, 'Poor'], [3, 'Fair'], [4, 'Good'], [5, 'Great']),
  }),
  age: number('age', { integer: true, min: 18, max: 99 }),
  step: number('step', { integer: true, min: 0, max: 100, step: 5 }),
  date: text('date', { format: 'date', earliest: '2026-01-01', latest: '2026-12-31' }),
  email: text('email', { format: 'email' }),
  why: text('why', { maxLength: 40 }),
};
