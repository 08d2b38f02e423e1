import { describe, expect, it } from 'vitest';
import type { AnswerColumn, AnswerSelection } from '../data/answers-source.ts';
import { type PlacedRow, selectRows } from './select-rows.ts';

const column = (id: string, options: AnswerColumn['options'] = null): AnswerColumn => ({
  ...{ id, title: id, options, questionKind: null },
  kind: id.startsWith('persona.') ? 'persona' : 'question',
  name: id.replace(/^\w+\./, ''),
});
const columns = [
  column('persona.town'),
  column('answer.size', [
    { value: 's', text: 'Small' },
    { value: 'l', text: 'Large' },
    { value: 'm', text: 'Medium' },
  ]),
  column('answer.age'),
];

const row = (
  position: number,
  cells: PlacedRow['cells'],
  state: PlacedRow['state'] = 'succeeded',
): PlacedRow => ({
  ...{ position, key: `p${position}`, state, problem: null, cells },
});
const rows = [
  row(1, [{ t: 'Bath' }, { t: 'Medium', o: [2] }, { t: '40' }]),
  row(2, [{ t: 'York' }, { t: 'Small', o: [0] }, { t: '9' }]),
  row(3, [null, { s: 'failed' }, { s: 'failed' }], 'failed'),
  row(4, [{ t: 'Ayr' }, null, null], 'pending'),
  row(5, [null, { s: 'refused' }, { t: '100' }]),
];

describe('selectRows', () => {
  it.each<[Partial<AnswerSelection>, string]>([
    [{}, 'p1 p2 p3 p4 p5'],
    [{ filters: [{ column: 'answer.size', values: ['m', 's'] }] }, 'p1 p2'],
    [{ filters: [{ column: 'answers', statuses: ['refused'] }] }, 'p5'],
    [{ filters: [{ column: 'state', values: ['pending', 'failed'] }] }, 'p3 p4'],
    [{ filters: [{ column: 'persona.town', contains: 'A' }] }, 'p1 p4'],
    [{ filters: [{ column: 'persona.town', statuses: ['answered'] }] }, ''],
    [{ filters: [{ column: 'nothing', values: ['a'] }] }, ''],
    [{ find: 'med' }, 'p1'],
    [{ find: 'P4' }, 'p4'],
    [{ sort: 'answer.size' }, 'p2 p1 p5 p3 p4'],
    [{ sort: 'answer.size', descending: true }, 'p1 p2 p5 p3 p4'],
    [{ sort: 'answer.age', descending: true }, 'p5 p1 p2 p3 p4'],
    [{ sort: 'persona.town' }, 'p4 p1 p2 p3 p5'],
    [{ sort: 'key', descending: true }, 'p5 p4 p3 p2 p1'],
  ])('selects %j as the server does', (given, keys) => {
    const selection = { columns: [], filters: [], find: '', sort: null, descending: false, ...given };
    expect(
      selectRows(rows, columns, selection)
        .map(({ key }) => key)
        .join(' '),
    ).toBe(keys);
  });
});
