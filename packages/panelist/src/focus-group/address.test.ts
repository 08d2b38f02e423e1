import { describe, expect, it } from 'vitest';
import { addressed, participantsNamed } from './address.ts';
import type { Participant } from './participant.ts';

const person = (id: string, name: string): Participant => ({ id, name, persona: {} });
const group = [
  person('n1', 'Maya Stone'),
  person('n2', 'Leo Stone'),
  person('n3', 'Mary Ann Lee'),
  person('n4', 'Mary Beth'),
  person('n5', 'Ada (n5)'),
  person('n6', 'Ada (n6)'),
  person('n7', '王芳'),
  person('Leo', 'Zoe'),
];

describe('@Name', () => {
  it.each([
    ['@Maya Stone and you?', 'n1', 'and you?'],
    ['@maya, and you?', 'n1', 'and you?'],
    ['@Mary Ann what now?', 'n3', 'what now?'],
    ['@Mary Beth: why?', 'n4', 'why?'],
    ['@n2 why?', 'n2', 'why?'],
    ['@Ada (n6) why?', 'n6', 'why?'],
    ['@王芳，你呢？', 'n7', '你呢？'],
    // An id is whole, "Leo" of "Leo Stone" is not.
    ['@leo why?', 'Leo', 'why?'],
    ['@Maya', 'n1', ''],
  ])('of %j is %s', (text, id, message) => {
    expect(addressed(group, text)).toMatchObject({ to: { id }, message });
  });

  it('left out means everybody', () => {
    expect(addressed(group, 'Maya, and @Leo?')).toEqual({ to: null, message: 'Maya, and @Leo?' });
  });

  it.each([
    ['@Mary why?', '"Mary" could be several of the group. Say which: Mary Ann Lee, Mary Beth.'],
    ['@Ada why?', '"Ada" could be several of the group. Say which: Ada (n5), Ada (n6).'],
    ['@Stone why?', 'Nobody in the group is called "Stone". There are: Maya Stone, Leo Stone, '],
    ['@May why?', 'Nobody in the group is called "May".'],
    ['@', 'Nobody in the group is called "".'],
  ])('%j is refused', (text, problem) => {
    expect(() => addressed(group, text)).toThrow(problem);
  });

  it('that is somebody’s whole name is theirs, though another has it as a first name', () => {
    const two = [person('1', 'Bo Berg'), person('2', 'Bo')];
    expect(addressed(two, '@Bo hello').to?.id).toBe('2');
    expect(addressed(two, '@Bo Berg hello').to?.id).toBe('1');
  });
});

it('the same names are taken by --to', () => {
  expect(participantsNamed(group, ['maya', ' Mary Ann ', 'N2']).map(({ id }) => id)).toEqual([
    'n1',
    'n3',
    'n2',
  ]);
  expect(() => participantsNamed(group, ['Mary'])).toThrow('Say which: Mary Ann Lee, Mary Beth.');
});
