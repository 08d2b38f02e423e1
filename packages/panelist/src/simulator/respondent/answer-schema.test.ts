import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerSchema, type SchemaAnswer } from './answer-schema.ts';
import { readPersona } from './persona.ts';

function answer(schema: unknown, { persona = '- name: Ada', mistake = false, seed = 1 } = {}): SchemaAnswer {
  const respondent = {
    persona: readPersona(persona, seed),
    worldSeed: seed,
    seed,
    firstOptionBias: 0,
    heardMood: null,
  };
  return answerSchema(schema, ['Please answer.'], respondent, mistake);
}

const text = fc.string({ maxLength: 12 });
const distinct = fc.uniqueArray(fc.oneof(text, fc.integer(), fc.boolean()), { minLength: 1, maxLength: 6 });
const bounds = fc
  .tuple(fc.integer({ min: -1_000, max: 1_000 }), fc.nat(500))
  .map(([minimum, width]) => ({ minimum, maximum: minimum + width }));

const schemas = fc.letrec<{ any: Record<string, unknown>; leaf: Record<string, unknown> }>((tie) => ({
  leaf: fc.oneof(
    distinct.map((options) => ({ enum: options })),
    bounds.map((range) => ({ type: 'integer', ...range })),
    bounds.map((range) => ({ type: 'number', ...range })),
    fc.nat(60).map((maxLength) => ({ type: 'string', maxLength })),
    fc.constant({ type: 'boolean' }),
    fc.constant({ type: ['string', 'null'] }),
    text.map((value) => ({ const: value })),
    fc
      .uniqueArray(text, { minLength: 1, maxLength: 6 })
      .chain((options) => fc.tuple(fc.constant(options), fc.nat(options.length), fc.nat(options.length)))
      .map(([options, a, b]) => ({
        type: 'array',
        items: { type: 'string', enum: options },
        minItems: Math.min(a, b),
        maxItems: Math.max(a, b),
      })),
  ),
  any: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    tie('leaf').map((leaf) => ({ anyOf: [leaf, { type: 'null' }] })),
    fc
      .dictionary(
        fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
        tie('any'),
        { maxKeys: 4, noNullPrototype: true },
      )
      .map((properties) => ({ type: 'object', properties, required: Object.keys(properties) })),
  ),
}));

describe('answerSchema', () => {
  it('does not choose from a list larger than a reply may be', () => {
    const options = Array.from({ length: 200_000 }, (_, index) => `option ${index}`);
    const schema = { type: 'object', properties: { a: { enum: options }, b: { type: 'boolean' } } };
    expect(answer(schema).value).toEqual({ a: null, b: null });
  });

  it('returns a valid value for any schema', () => {
    fc.assert(
      fc.property(schemas.any, text, (schema, persona) => {
        const { value } = answer(schema, { persona: `- about: ${persona}` });
        const checked = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(value);
        expect(checked.error?.issues ?? []).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('handles invalid schemas', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (rubbish) => {
        const { value } = answer({ type: 'object', properties: rubbish, anyOf: undefined });
        JSON.stringify(value);
        answer(rubbish);
        answer({ $ref: '#/x', x: rubbish });
      }),
      { numRuns: 300 },
    );
  });

  it('bounds values that could grow without end', () => {
    const child = { $ref: '#/$defs/node' };
    const node = {
      type: 'object',
      properties: Object.fromEntries('abcdefghij'.split('').map((key) => [key, child])),
    };
    expect(JSON.stringify(answer({ ...child, $defs: { node } }).value).length).toBeLessThan(3_000_000);
    expect(answer({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }).value).toBeNull();
    expect(answer({ type: 'array', items: { type: 'boolean' }, minItems: 1e9 }).value).toHaveLength(100);
    const long = { const: 'x'.repeat(100_000) };
    const many = { type: 'array', items: long, minItems: 1e9 };
    expect(JSON.stringify(answer({ type: 'array', items: many, minItems: 100 }).value).length).toBeLessThan(
      2_000_000,
    );
  });

  it('follows local references and takes allOf together', () => {
    const schema = {
      $ref: '#/definitions/a~1b',
      definitions: { 'a/b': { allOf: [{ type: 'integer' }, { minimum: 7 }, { maximum: 7 }] } },
    };
    expect(answer(schema).value).toBe(7);
  });

  it('rarely leaves optional values empty', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [
        `q${index}`,
        { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
      ]),
    );
    const values = Object.values(answer({ type: 'object', properties }).value as object);
    const empty = values.filter((value) => value === null).length;
    expect(empty).toBeGreaterThan(5);
    expect(empty).toBeLessThan(50);
  });

  it('gives a question the same answer on any page, and different questions independent answers', () => {
    const question = (title: string) => ({ type: 'integer', minimum: 1, maximum: 1_000, description: title });
    const alone = answer({ properties: { q7: question('How much?') } }).value as Record<string, number>;
    const among = answer({
      properties: { q1: question('How far?'), q7: question('How much?'), q9: question('How long?') },
    }).value as Record<string, number>;
    expect(among.q7).toBe(alone.q7);
    expect(new Set(Object.values(among)).size).toBe(3);
  });

  it('ignores the order of the options', () => {
    const options = ['Bus', 'Car', 'Bike', 'Feet'];
    for (let seed = 0; seed < 20; seed++) {
      expect(answer({ enum: options.toReversed() }, { seed }).value).toBe(
        answer({ enum: options }, { seed }).value,
      );
    }
  });

  it('makes exactly one mistake on request if possible', () => {
    const red = { enum: ['Red', 'Blue'] };
    const { value, mistaken } = answer({ properties: { a: red, b: red } }, { mistake: true });
    const [a, b] = Object.values(value as object);
    expect([mistaken, red.enum.includes(a), red.enum.includes(b)]).toEqual([true, false, true]);
    expect(answer({ enum: [1, 2, 3] }, { mistake: true }).value).toBe(1_003);
    expect(answer({ type: 'string' }, { mistake: true }).mistaken).toBe(false);
  });
});
