import { describe, expect, it } from 'vitest';
import { isVisible } from '../expressions/expressions.ts';
import { emptyValues, setValue, valueAt } from './survey-values.ts';

const at = (...target: (string | number)[]) => ({ name: 'named', target });

describe('questions that share a value of another shape', () => {
  it('replace it for any row names', () => {
    const values = emptyValues();
    setValue(values, { target: ['v'] }, ['a', 'b']);
    expect(valueAt(values, { target: ['v', 'length'] })).toBeUndefined();
    setValue(values, { target: ['v', 'length'] }, undefined);
    expect(valueAt(values, { target: ['v'] })).toEqual(['a', 'b']);
    setValue(values, { target: ['v', 'length'] }, 'long');
    expect(valueAt(values, { target: ['v', 'length'] })).toBe('long');
  });
});

describe('values', () => {
  it.each([
    ['a name', at('q'), '{q} = 7'],
    ['a row', at('grid', 'row'), '{grid.row} = 7'],
    ['a cell', at('grid', 'row', 'column'), '{grid.row.column} = 7'],
    ['an entry', at('list', 1, 'q'), '{list[1].q} = 7'],
    ['an end of a slider', at('range', 1), '{range[1]} = 7'],
    ['a name of objects', at('__proto__', 'constructor'), '{__proto__.constructor} = 7'],
  ])('are where expressions read them: %s', (_, question, expression) => {
    const values = emptyValues();
    setValue(values, question, 7);
    expect(valueAt(values, question)).toBe(7);
    expect(isVisible([expression], values)).toBe(true);
    setValue(values, question, undefined);
    expect(valueAt(values, question)).toBeUndefined();
    expect(Object.keys(values)).toEqual([]);
    expect({}).not.toHaveProperty('named');
  });

  it('leave a grid empty if no row has one', () => {
    const values = emptyValues();
    setValue(values, at('grid', 'a'), 1);
    setValue(values, at('grid', 'b'), 2);
    setValue(values, at('grid', 'a'), undefined);
    expect(isVisible(['{grid} notempty', '{grid.b} = 2', '{grid.a} empty'], values)).toBe(true);
    setValue(values, at('grid', 'b'), undefined);
    expect(isVisible(['{grid} empty'], values)).toBe(true);
  });

  it('have no trace of a missing value that was removed', () => {
    const values = emptyValues();
    setValue(values, at('grid', 'a'), undefined);
    expect(Object.keys(values)).toEqual([]);
  });
});
