import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputFolder, outputFormat } from './output-format.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'panelist-format-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const formats = ['csv', 'jsonl', 'parquet'] as const;

describe('outputFormat', () => {
  it.each([
    ['answers.csv', undefined, 'csv'],
    ['answers.PARQUET', undefined, 'parquet'],
    ['a.b/answers.jsonl', 'jsonl', 'jsonl'],
    ['answers', 'parquet', 'parquet'],
    ['.csv-of-mine', 'csv', 'csv'],
  ] as const)('%s with --format %s is %s', (path, given, format) => {
    expect(outputFormat(path, formats, given)).toBe(format);
  });

  it.each([
    ['answers.parquet', 'csv', /answers\.parquet" would hold csv.*under the ending of parquet/],
    ['answers.pdf', undefined, /ends in "\.pdf"; this command writes \.csv, \.jsonl, \.parquet/],
    ['answers.pdf', 'csv', /ends in "\.pdf"/],
    ['answers', undefined, /has no ending that says what to write/],
  ] as const)('refuses %s with --format %s', (path, given, message) => {
    const format = (): string => outputFormat(path, formats, given);
    expect(format).toThrow(expect.objectContaining({ code: 'OUTPUT_FORMAT' }));
    expect(format).toThrow(message);
  });

  it.skipIf(process.platform === 'win32')(
    'gives a pipe the first format, or the one that is asked for',
    () => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      expect(outputFormat(pipe, formats)).toBe('csv');
      expect(outputFormat(pipe, formats, 'jsonl')).toBe('jsonl');
    },
  );
});

describe('outputFolder', () => {
  it('refuses what looks like a file, unless it is a folder', () => {
    const path = join(folder, 'answers.csv');
    expect(() => outputFolder(path)).toThrow(expect.objectContaining({ code: 'OUTPUT_FORMAT' }));
    mkdirSync(path);
    expect(outputFolder(path)).toBe(path);
    expect(outputFolder('results.2026')).toBe('results.2026');
  });
});
