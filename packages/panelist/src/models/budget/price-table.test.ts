import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorAdvice } from '../../cli/render/error-advice.ts';
import { costOf, PriceTable } from './price-table.ts';
import { readPrices } from './read-prices.ts';

describe('PriceTable', () => {
  it.each([
    ['openai/gpt-4o-mini', 0.15, 0.6],
    ['openai/gpt-4o-2024-08-06', 2.5, 10],
    ['openai/gpt-4o-2024-05-13', 5, 15],
    ['anthropic/claude-sonnet-4-5-20250929', 3, 15],
    ['google/gemini-2.5-flash-lite', 0.1, 0.4],
    ['simulator', 0, 0],
    ['simulator?seed=7&server-error=0.05', 0, 0],
  ])('has the price of %s and its date', (id, input, output) => {
    const price = PriceTable.builtIn.priceOf(id);
    expect(price).toMatchObject({ input, output, isOwn: false });
    expect(price?.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
  });

  it.each(['openai/gpt-4o-audio-preview', 'openai/gpt-5-pro', 'gpt-4o', 'simulators', '__proto__', ''])(
    'has no price for %j',
    (id) => {
      expect(PriceTable.builtIn.priceOf(id)).toBeUndefined();
      expect(() => PriceTable.builtIn.requirePrice(id)).toThrow(
        expect.objectContaining({ code: 'PRICE_UNKNOWN' }),
      );
    },
  );

  it('counts dollars per million tokens', () => {
    const price = PriceTable.builtIn.requirePrice('openai/gpt-4o');
    expect(costOf({ inputTokens: 400_000, outputTokens: 50_000 }, price)).toBeCloseTo(1.5, 12);
  });
});

describe('readPrices', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'panelist-prices-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const read = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return readPrices(join(folder, name));
  };

  it('accepts the example in the error about an unknown price', async () => {
    const id = 'openai-compatible/"my" model';
    let advice = '';
    try {
      PriceTable.builtIn.requirePrice(id);
    } catch (error) {
      advice = errorAdvice(error) ?? '';
    }
    const line = advice.split('\n').find((each) => each.trim().startsWith('{')) ?? '';
    expect((await read('shown.json', line)).requirePrice(id)).toMatchObject({ input: 1.25, output: 5 });
  });

  it('prefers its prices to the built-in ones, and longer patterns to shorter ones', async () => {
    const table = await read(
      'own.yaml',
      'asOf: 2026-11-01\nmodels:\n  openai/gpt-4o: {input: 1, output: 2}\n  "openai-compatible/*": {input: 3, output: 4}\n  "openai-compatible/big*": {input: 5, output: 6}\n',
    );
    expect(table.priceOf('openai/gpt-4o')).toEqual({ input: 1, output: 2, asOf: '2026-11-01', isOwn: true });
    expect(table.priceOf('openai/gpt-4o-2024-08-06')).toMatchObject({ input: 1 });
    expect(table.priceOf('openai-compatible/small')).toMatchObject({ input: 3 });
    expect(table.priceOf('openai-compatible/bigger')).toMatchObject({ input: 5 });
    expect(table.priceOf('openai/gpt-4o-mini')).toMatchObject({ input: 0.15, isOwn: false });
  });

  it.each([
    ['{"models": {"a": {"input": 1}}}', /models → a → output/],
    ['{"models": {"a": {"input": -1, "output": 1}}}', /models → a → input/],
    ['{"models": {"a": {"input": "1", "output": 1}}}', /models → a → input/],
    ['{"models": {"a": {"input": 1, "output": 1e9}}}', /models → a → output/],
    ['{"models": {"a": {"input": 1, "output": 1, "ouput": 0}}}', /ouput/],
    ['{"prices": {}}', /models/],
    ['[]', /the file/],
    ['{"models": {', /not JSON. line 1/],
  ])('rejects %s with its position', async (text, where) => {
    await expect(read('wrong.json', text)).rejects.toMatchObject({
      code: 'PRICES_INVALID',
      message: expect.stringMatching(where),
    });
  });

  it.each([
    ['a: [', /not YAML/],
    ['a: &a [1]\nb: [*a, *a]', /alias/i],
  ])('refuses the YAML %j', async (text, why) => {
    await expect(read('wrong.yml', text)).rejects.toMatchObject({
      code: 'PRICES_INVALID',
      message: expect.stringMatching(why),
    });
  });

  it('reports a missing file', async () => {
    await expect(readPrices(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
