import { describe, expect, it } from 'vitest';
import { StubModel } from './stub-model.ts';

async function values(schema: Record<string, unknown>, draws = 50): Promise<unknown[]> {
  const replies = Array.from({ length: draws }, (_, seed) =>
    new StubModel('test/model', seed).reply({
      messages: [{ role: 'user', content: 'Hello' }],
      replySchema: { name: 'answers', schema: { type: 'object', properties: { q1: schema } } },
    }),
  );
  return (await Promise.all(replies)).map(({ text }) => JSON.parse(text).q1);
}

describe('StubModel', () => {
  it.each<[Record<string, unknown>, (value: never) => boolean]>([
    [{ type: 'string', enum: ['a', 'b', 'c'] }, (value: string) => 'abc'.includes(value)],
    [
      { type: 'integer', minimum: -3, maximum: 4 },
      (value: number) => Number.isInteger(value) && value >= -3 && value <= 4,
    ],
    [{ type: 'number', minimum: 0.25, maximum: 0.5 }, (value: number) => value >= 0.2 && value <= 0.5],
    [{ type: 'number', maximum: -10 }, (value: number) => value <= -10],
    [{ type: ['integer', 'null'] }, (value: number | null) => value === null || Number.isInteger(value)],
    [{ type: 'string', maxLength: 8 }, (value: string) => value.length <= 8],
    [
      { type: 'array', items: { enum: [1, 2, 3, 4] }, minItems: 2, maxItems: 3 },
      (value: number[]) => value.length >= 2 && value.length <= 3 && new Set(value).size === value.length,
    ],
    [
      { type: 'array', items: { enum: [1, 2] }, minItems: 2, maxItems: 9 },
      (value: number[]) => value.length === 2,
    ],
  ])('answers %j', async (schema, fits) => {
    const drawn = await values(schema);
    expect(drawn.filter((value) => !fits(value as never))).toEqual([]);
    // Of these two every draw is alike.
    if (schema.maxLength !== 8 && schema.maxItems !== 9)
      expect(new Set(drawn.map(String)).size).toBeGreaterThan(1);
  });

  it('also replies without a schema, and the same for the same seed', async () => {
    const ask = () =>
      new StubModel('test/model', 5).reply({
        messages: [{ role: 'user', content: 'Hi' }],
        replySchema: null,
      });
    expect(await ask()).toEqual(await ask());
    expect((await ask()).outputTokens).toBeGreaterThan(1);
  });
});
