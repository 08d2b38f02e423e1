/** What the simulations of `docs/methods.md` share: seeded draws, and shares with their sampling error. */
import { parseArgs } from 'node:util';
import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';

/** Draws from the usual distributions, the same for equal seeds. */
export class Draws {
  readonly uniform: () => number;

  constructor(seed: number) {
    this.uniform = seededUniform(seed);
  }

  /** An index, with the given probabilities. */
  category(shares: readonly number[]): number {
    let left = this.uniform();
    return Math.max(
      0,
      shares.findIndex((share) => {
        left -= share;
        return left < 0;
      }),
    );
  }

  /** Box & Muller (1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** With a median of 1. */
  lognormal(sigma: number): number {
    return Math.exp(sigma * this.normal());
  }
}

/** `--runs 5000`, or the default. */
export function runsOr(byDefault: number): number {
  const { values } = parseArgs({ options: { runs: { type: 'string' } } });
  return Number(values.runs ?? byDefault);
}

/** `0.0512` → `5.1 %`. */
export function inPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
