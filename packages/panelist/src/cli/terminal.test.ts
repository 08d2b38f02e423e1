import { describe, expect, it } from 'vitest';
import { columnsOf } from './terminal.ts';

describe('columnsOf', () => {
  it.each([
    ['a terminal', { isTTY: true, columns: 132 }, {}, 132],
    ['a terminal that does not know', { isTTY: true, columns: 0 }, {}, 80],
    ['a pipe', {}, {}, undefined],
    ['a terminal with COLUMNS', { isTTY: true, columns: 132 }, { COLUMNS: '50' }, 50],
    ['a pipe with COLUMNS', {}, { COLUMNS: '60' }, 60],
    ['a pipe with COLUMNS that are no number', {}, { COLUMNS: 'wide' }, undefined],
    ['a pipe with no COLUMNS', {}, { COLUMNS: '0' }, undefined],
  ])('of %s', (_what, stream, env, columns) => {
    expect(columnsOf(stream, env)).toBe(columns);
  });
});
