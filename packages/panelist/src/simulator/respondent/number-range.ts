export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Whether `max` itself belongs to it. */
  readonly maxIncluded: boolean;
}

const NUMBER = /(\d[\d,]{0,14}(?:\.\d{1,6})?)\s?(k\b|千|万)?/gi;
const OPEN_BELOW = /under|below|less|younger|fewer|<|以下|不满|不足|未满|低于/i;
const INCLUDED_BELOW = /up to|at most|≤|or (less|under|younger|fewer)|以下/i;
const OPEN_ABOVE = /\+|over|above|more|older|at least|≥|>|以上|超过|高于/i;

/**
 * The numbers that an option's text stands for: `25–34`, `65+`, `Under 18`, `$50,000 to $74,999`, `18岁以下`,
 * `50-75k`, `1万-2万`. `null` when it names none or more than two.
 */
export function parseRange(text: string): NumberRange | null {
  if (text.length > 80) return null;
  const found = [...text.matchAll(NUMBER)].slice(0, 3);
  const [first, second] = found;
  if (first === undefined || found.length > 2) return null;
  if (second !== undefined) {
    const min = scaled(first[1], first[2] ?? second[2]);
    const max = scaled(second[1], second[2]);
    return min <= max ? { min, max, maxIncluded: true } : null;
  }
  const bound = scaled(first[1], first[2]);
  if (INCLUDED_BELOW.test(text)) return { min: Number.NEGATIVE_INFINITY, max: bound, maxIncluded: true };
  if (OPEN_BELOW.test(text)) return { min: Number.NEGATIVE_INFINITY, max: bound, maxIncluded: false };
  if (OPEN_ABOVE.test(text)) return { min: bound, max: Number.POSITIVE_INFINITY, maxIncluded: true };
  return { min: bound, max: bound, maxIncluded: true };
}

export function isInRange(value: number, { min, max, maxIncluded }: NumberRange): boolean {
  return value >= min && (maxIncluded ? value <= max : value < max);
}

function scaled(digits = '', unit = ''): number {
  const factor = unit === '' ? 1 : unit === '万' ? 10_000 : 1_000;
  return Number(digits.replaceAll(',', '')) * factor;
}
