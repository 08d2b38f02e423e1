import { shareBelow } from '../../random/hash-draws.ts';
import { leaningOf } from './choice.ts';
import { ownNumber } from './own-facts.ts';
import type { Question } from './question.ts';

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  /** Counted from `min`; `null` for any. */
  readonly step: number | null;
}

/** The bounds of a JSON Schema `number` or `integer`; where it has none, 0 to 100 or a hundred from its one end. */
export function numberBounds(schema: Readonly<Record<string, unknown>>, integer: boolean): NumberBounds {
  const step = integer ? 1 : 0.01;
  const low = pickNumber(schema.minimum) ?? shifted(pickNumber(schema.exclusiveMinimum), step);
  const high = pickNumber(schema.maximum) ?? shifted(pickNumber(schema.exclusiveMaximum), -step);
  const min = low ?? Math.min(0, (high ?? 0) - 100);
  const max = high ?? Math.max(100, min + 100);
  const multiple = pickNumber(schema.multipleOf);
  return {
    min,
    max: Math.max(min, max),
    integer,
    step: multiple !== undefined && multiple > 0 ? multiple : null,
  };
}

/** What the persona states, within the bounds; else a place between them. */
export function chooseNumber(question: Question, bounds: NumberBounds): number {
  const { min, max, step } = bounds;
  const chosen = chooseAny(question, bounds);
  if (step === null) return chosen;
  const steps = Math.min(Math.round((chosen - min) / step), Math.floor((max - min) / step + 1e-9));
  // Back to decimals: 0.1 + 0.2.
  return Number((min + steps * step).toFixed(10));
}

function chooseAny(question: Question, { min, max, integer }: NumberBounds): number {
  const own = ownNumber(question);
  if (own !== null && own >= min && own <= max) return integer ? Math.round(own) : own;
  const share = shareBelow(leaningOf(question));
  // Not `min + share * (max − min)`, which can overflow.
  const value = min * (1 - share) + max * share;
  const decimals = integer ? 0 : max - min >= 20 ? 0 : 1;
  const rounded = Math.abs(value) < 1e15 ? Number(value.toFixed(decimals)) : Math.round(value);
  if (rounded >= min && rounded <= max) return rounded;
  return integer && Math.ceil(min) <= max
    ? Math.max(Math.ceil(min), Math.min(Math.floor(max), rounded))
    : min;
}

function pickNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function shifted(value: number | undefined, by: number): number | undefined {
  return value === undefined ? undefined : value + by;
}
