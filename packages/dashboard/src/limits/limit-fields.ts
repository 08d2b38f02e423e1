import type { RunLimits } from '../api/types.ts';

/** The limits that can be changed, in the order of the form. */
export const limitFields = [
  'requestsPerMinute',
  'tokensPerMinute',
  'maxConcurrency',
  'maxCostUsd',
  'maxTokens',
] as const satisfies readonly (keyof RunLimits)[];

export type LimitField = (typeof limitFields)[number];
export type LimitTexts = Readonly<Partial<Record<LimitField, string>>>;

/** What was typed as limits: `null` for an empty field, the name of an error for an invalid value. */
export function readLimits(texts: LimitTexts): {
  readonly limits: RunLimits;
  readonly errors: Readonly<Partial<Record<LimitField, 'notNumber' | 'notWhole'>>>;
} {
  const limits: Partial<Record<LimitField, number | null>> = {};
  const errors: Partial<Record<LimitField, 'notNumber' | 'notWhole'>> = {};
  for (const [field, text] of Object.entries(texts) as [LimitField, string][]) {
    const typed = text.trim().replaceAll(/[,\s']/g, '');
    const value = typed === '' ? null : Number(typed);
    if (value === null) limits[field] = null;
    else if (field === 'maxCostUsd') {
      if (Number.isFinite(value) && value >= 0) limits[field] = value;
      else errors[field] = 'notNumber';
    } else if (Number.isSafeInteger(value) && value >= 1) limits[field] = value;
    else errors[field] = 'notWhole';
  }
  return { limits, errors };
}
