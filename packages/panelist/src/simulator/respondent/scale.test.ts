import { expect, it } from 'vitest';
import { scaleOf } from './scale.ts';

it.each<[readonly unknown[], readonly (number | null)[] | null]>([
  [
    [1, 2, 3],
    [0, 0.5, 1],
  ],
  [
    ['10', '5', '0'],
    [1, 0.5, 0],
  ],
  [
    ['Strongly disagree', 'Disagree', 'Neither agree nor disagree', 'Agree', 'Strongly agree'],
    [0, 0.25, 0.5, 0.75, 1],
  ],
  [
    ['Very satisfied', 'Satisfied', 'Neutral', 'Dissatisfied', 'Very dissatisfied', "Don't know"],
    [1, 0.75, 0.5, 0.25, 0, null],
  ],
  [
    ['Never', 'Rarely', 'Sometimes', 'Often', 'Always'],
    [0, 0.25, 0.5, 0.75, 1],
  ],
  [
    ['非常不满意', '不满意', '一般', '满意', '非常满意'],
    [0, 0.25, 0.5, 0.75, 1],
  ],
  [
    ['非常不同意', '不太同意', '中立', '比较同意', '非常同意'],
    [0, 0.25, 0.5, 0.75, 1],
  ],
  [
    ['从不', '很少', '有时', '经常', '总是', '不清楚'],
    [0, 0.25, 0.5, 0.75, 1, null],
  ],
  [
    ['Definitely not', 'Probably not', 'Not sure', 'Probably yes', 'Definitely yes'],
    [0, 1 / 3, null, 2 / 3, 1],
  ],
  [
    ['Not at all important', 'Not very important', 'Fairly important', 'Very important'],
    [0, 1 / 3, 2 / 3, 1],
  ],
  [
    [true, false],
    [1, 0],
  ],
  [
    ['No', 'Yes'],
    [0, 1],
  ],
  [['Bus', 'Car', 'Good old feet'], null],
  [['Red', 'Blue'], null],
  [[], null],
])('%j', (options, expected) => {
  const found = scaleOf(options);
  expect(found?.map((point) => (point === null ? null : Number(point.toFixed(6)))) ?? null).toEqual(
    expected?.map((point) => (point === null ? null : Number(point.toFixed(6)))) ?? null,
  );
});
