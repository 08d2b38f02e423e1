import { describe, expect, it } from 'vitest';
import { ProgressMeter, runWait } from '../../application/runs/progress.ts';
import { results as en } from '../../languages/en/results.ts';
import { results as zh } from '../../languages/zh/results.ts';
import { displayWidth } from '../../text/display-width.ts';
import { duration, progressBar, progressLine, type ShownProgress } from './progress.ts';

function shown(
  counts: { total: number; succeeded: number; failed: number; inFlight: number },
  { retries = 0, tokens = 0, pause = null }: Partial<ShownProgress> = {},
): ShownProgress {
  return { ...new ProgressMeter().read(counts, 0), retries, tokens, pause };
}

describe('progress', () => {
  it('reads as a line, and as a bar where there is room', () => {
    const progress = shown(
      { total: 4, succeeded: 1, failed: 1, inFlight: 1 },
      { retries: 1, tokens: 1_234_567 },
    );
    const line = '1/4 done · 1 failed · 1 in flight · 1 waiting · 1 retry · 1.2M tokens';
    expect(progressLine(progress, en)).toBe(line);
    expect(progressBar(progress, en, line.length + 10)).toBe(`████░░░░ ${line}`);
    expect(progressBar(progress, en, 20)).toBe('1/4 done · 1 failed');
  });

  it.each([
    [{ reason: 'provider-asked', forMs: 11_400, status: 429 }, 'waiting 12 s: provider asked (429)'],
    [{ reason: 'outage', forMs: 8_000, status: undefined }, 'waiting 8 s: provider is out'],
    [{ reason: 'rate', forMs: 5_000, status: undefined }, null],
    [{ reason: 'provider-asked', forMs: 120, status: 429 }, null],
    [{ reason: 'outage', forMs: undefined, status: 503 }, null],
    [
      { reason: 'outage', forMs: undefined, status: 503, givesUpInMs: 60_000 },
      'provider is out (503), gives up in about 1 min 0 s',
    ],
    [
      { reason: 'provider-asked', forMs: 20_000, status: 429, givesUpInMs: 540_000 },
      'waiting 20 s: provider asked (429), gives up in about 9 min 0 s',
    ],
    [
      { reason: 'refused', forMs: undefined, status: 429, givesUpInMs: 65_000 },
      'provider refuses all calls (429), gives up in about 1 min 5 s',
    ],
    [
      { reason: 'rate', forMs: 5_000, status: 429, givesUpInMs: 65_000 },
      'provider refuses all calls (429), gives up in about 1 min 5 s',
    ],
  ] as const)('tells of %o: %s', (wait, pause) => {
    const waitingFor = { givesUpInMs: undefined, ...wait };
    const progress = shown(
      { total: 4, succeeded: 1, failed: 0, inFlight: 1 },
      { pause: runWait(waitingFor) },
    );
    expect(progress.pause === null).toBe(pause === null);
    expect(progressLine(progress, en).startsWith(pause ?? '1/4 done')).toBe(true);
  });

  it('follows the language, and counts its characters as wide as they are drawn', () => {
    const counts = { total: 4, succeeded: 1, failed: 1, inFlight: 1 };
    const waitingFor = { reason: 'outage', forMs: 61_000, status: 503, givesUpInMs: undefined } as const;
    const progress = shown(counts, { retries: 1, tokens: 1_234, pause: runWait(waitingFor) });
    const line = progressLine(progress, zh);
    expect(line).toBe(
      '暂停 1 分 1 秒：服务商中断 (503) · 完成 1/4 · 失败 1 · 进行中 1 · 等待 1 · 重试 1 · 1.2K token',
    );
    for (const width of [20, 40, 90, 120])
      expect(displayWidth(progressBar(progress, zh, width))).toBeLessThanOrEqual(width);
    expect(duration(7_260, zh)).toBe('2 小时 1 分');
  });

  it.each([
    [0.4, '1 s'],
    [59, '59 s'],
    [61, '1 min 1 s'],
    [7_260, '2 h 1 min'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds, en)).toBe(text);
  });
});
