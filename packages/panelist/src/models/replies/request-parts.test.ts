import { describe, expect, it } from 'vitest';
import { RequestParts } from './request-parts.ts';

describe('RequestParts', () => {
  it('returns one part for equal lines, with the same hash in every process', () => {
    const parts = new RequestParts();
    const part = parts.of('You are taking part in a survey. 你好 🙂');
    expect(parts.of('You are taking part in a survey. 你好 🙂')).toBe(part);
    expect(part).toMatchObject({ text: 'You are taking part in a survey. 你好 🙂', isStored: false });
    expect(part.hash).toMatchInlineSnapshot(`"Yanp9b99LhJka22B"`);
  });
});
