import { describe, expect, it } from 'vitest';
import { collectGarbage, expectBounded } from '../../../../toolkit/src/testing/expect-bounded.ts';
import { RequestParts } from './request-parts.ts';

describe('RequestParts', () => {
  it('remembers a bounded number of characters', async () => {
    const parts = new RequestParts();
    await expectBounded((round) => parts.of(`${'y'.repeat(450)} ${round}`), { bytesARound: 60 });
  });

  it('holds only the line in memory, and not the prompt that it was cut from', () => {
    const parts = new RequestParts();
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let prompt = 0; prompt < 2_000; prompt += 1) {
      const lines = `${'x'.repeat(20_000)}\nThis line is long enough to be a part: ${prompt}\n`.split('\n');
      parts.of(lines[1] as string);
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
    expect(parts.of('This line is long enough to be a part: 0').isStored).toBe(false);
  });
});
