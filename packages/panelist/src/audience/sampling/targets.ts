import { quote } from '@panelist/toolkit';
import { fileName, type InputFile } from '../../files/input-file.ts';
import { readText } from '../../files/read-text.ts';
import { PanelistError } from '../../panelist-error.ts';
import { checkCsvName, readCsv } from '../read-csv.ts';
import { AudienceLineError } from '../respondent-list.ts';

/** The population shares of one variable's categories; they add up to 1. */
export interface Target {
  readonly variable: string;
  readonly shares: ReadonlyMap<string, number>;
}

/** 1 MB. */
const maxBytes = 1_000_000;
const columns = ['variable', 'category', 'share'];
/** Accepted deviation of the sum, because published shares are rounded. */
const tolerance = 0.02;

/**
 * Reads the marginals of a population from a CSV (its name ends in .csv) with the columns `variable`, `category` and
 * `share`, one row per category. Shares are fractions or per cent. A variable's shares must add up to 1 or 100 within
 * 2 %, and are scaled to 1.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; `TARGETS_INVALID`, with the line or variable
 */
export async function readTargets(file: InputFile): Promise<Target[]> {
  const path = fileName(file);
  checkCsvName(path, 'targets', 'TARGETS_INVALID');
  const text = readText(file, { what: 'targets', invalidCode: 'TARGETS_INVALID', maxBytes });
  const shares = new Map<string, Map<string, number>>();
  try {
    for await (const { fields, line } of readCsv(text, ',')) {
      const row = new Map(
        fields.map(([key, value]) => [key.trim().toLowerCase(), String(value ?? '').trim()]),
      );
      const missing = columns.find((column) => (row.get(column) ?? '') === '');
      if (missing !== undefined)
        throw new AudienceLineError(line, `it has no ${missing}; each row needs ${columns.join(', ')}`);
      const share = Number(row.get('share')?.replace(/\s*%$/, ''));
      if (!Number.isFinite(share) || share < 0)
        throw new AudienceLineError(line, `a share must be a number from 0, not ${quote(row.get('share'))}`);
      const variable = row.get('variable') as string;
      const category = row.get('category') as string;
      const known = shares.get(variable) ?? new Map<string, number>();
      if (known.has(category))
        throw new AudienceLineError(line, `${quote(category)} of ${quote(variable)} is listed twice`);
      shares.set(variable, known.set(category, share));
    }
  } catch (error) {
    if (!(error instanceof AudienceLineError)) throw error;
    throw new PanelistError('TARGETS_INVALID', `${quote(path)}, line ${error.line}: ${error.message}.`, {
      cause: error,
    });
  }
  if (shares.size === 0)
    throw new PanelistError('TARGETS_INVALID', `The targets file ${quote(path)} has no rows.`);
  return [...shares].map(([variable, given]) => ({ variable, shares: scaled(variable, given, path) }));
}

function scaled(variable: string, given: ReadonlyMap<string, number>, path: string): Map<string, number> {
  const sum = [...given.values()].reduce((total, share) => total + share, 0);
  const whole = [1, 100].find((total) => Math.abs(sum / total - 1) <= tolerance);
  if (whole === undefined) {
    throw new PanelistError(
      'TARGETS_INVALID',
      `${quote(path)}: the shares of ${quote(variable)} add up to ${Number(sum.toFixed(4))}, and must add up to 1 or 100.`,
    );
  }
  return new Map([...given].map(([category, share]) => [category, share / sum]));
}
