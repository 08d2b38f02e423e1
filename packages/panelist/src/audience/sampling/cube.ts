/** A unit of a balanced draw: how likely it is drawn, and the groups that it counts in. */
export interface BalancedUnit {
  /** Strictly between 0 and 1. */
  readonly probability: number;
  /** Indices of groups, each once. */
  readonly groups: readonly number[];
}

interface Unit {
  readonly rows: readonly number[];
  readonly low: number;
  readonly high: number;
  value: number;
}

/** How far a group that is given up may be off: less than 1, less than 2, and as far as it takes. */
const landingWidths = [0.99, 1.99, Number.POSITIVE_INFINITY];
/** Differences below this come from rounding. */
const epsilon = 1e-9;

/**
 * Draws units so that each has exactly its probability, the number drawn is the rounded sum of the probabilities, and
 * every group gets its expected number rounded up or down: a randomised controlled rounding (Cox, "A constructive
 * procedure for unbiased controlled rounding", JASA 82, 1987, pp. 520–524) by the cube method (Deville & Tillé,
 * "Efficient balanced sampling: the cube method", Biometrika 91, 2004, pp. 893–912). The values start at the
 * probabilities and walk at random, without drift, inside what keeps all sums, until they are 0 or 1. If the units
 * cross-classify two variables, every group is within 1 of its expected number. With more variables this can be
 * impossible; then the groups are given up one after another, in the order of `landing`, each by as little as possible.
 *
 * @param landing all groups, the first to be given up first
 * @param uniform draws a number in [0, 1)
 * @returns for each unit, whether it is drawn
 */
export function balancedDraw(
  units: readonly BalancedUnit[],
  landing: readonly number[],
  uniform: () => number,
): boolean[] {
  // Row 0 is the total, row g + 1 is group g.
  const walk = new BalancedWalk(landing.length + 1, uniform);
  const all: Unit[] = units.map(({ probability, groups }) => ({
    rows: [0, ...groups.map((group) => group + 1)],
    low: 0,
    high: 1,
    value: probability,
  }));
  const sums = new Float64Array(landing.length);
  for (const { probability, groups } of units)
    for (const group of groups) sums[group] = (sums[group] as number) + probability;
  for (const unit of all) walk.add(unit);
  // With the rest to the next whole number as one more unit, a group's sum is whole and its count stays within 1 of it.
  for (const [group, sum] of sums.entries()) {
    const rest = Math.ceil(sum - epsilon) - sum;
    if (rest > epsilon) walk.add({ rows: [group + 1], low: 0, high: 1, value: rest });
  }
  for (const width of landingWidths)
    for (const group of landing) walk.add({ rows: [group + 1], low: -width, high: width, value: 0 });
  return all.map(({ value }) => value > 0.5);
}

/** Keeps the units that are not yet 0 or 1, at most one per row, with linearly independent columns. */
class BalancedWalk {
  readonly #rows: number;
  readonly #uniform: () => number;
  /** The product of all elimination steps: times the column of a unit in `#unitOf`, it is 1 in its row and 0 elsewhere. */
  readonly #inverse: Float64Array[];
  readonly #unitOf: (Unit | undefined)[];

  constructor(rows: number, uniform: () => number) {
    this.#rows = rows;
    this.#uniform = uniform;
    this.#unitOf = Array.from({ length: rows });
    this.#inverse = Array.from({ length: rows }, (_, row) => {
      const line = new Float64Array(rows);
      line[row] = 1;
      return line;
    });
  }

  add(unit: Unit): void {
    for (;;) {
      const column = this.#inverse.map((line) => {
        let sum = 0;
        for (const row of unit.rows) sum += line[row] as number;
        return Math.abs(sum) < epsilon ? 0 : sum;
      });
      const pivot = this.#freeRow(column);
      if (pivot >= 0) this.#enter(unit, column, pivot);
      if (pivot >= 0 || !this.#step(unit, column) || isAtEnd(unit)) return;
    }
  }

  /** The row without a unit in which the column is largest; −1 if the column depends on those of the units. */
  #freeRow(column: readonly number[]): number {
    let best = -1;
    for (let row = 0; row < this.#rows; row += 1) {
      if (this.#unitOf[row] !== undefined || column[row] === 0) continue;
      if (best < 0 || Math.abs(column[row] as number) > Math.abs(column[best] as number)) best = row;
    }
    return best;
  }

  #enter(unit: Unit, column: readonly number[], pivot: number): void {
    const line = this.#inverse[pivot] as Float64Array;
    const filled: number[] = [];
    for (let at = 0; at < this.#rows; at += 1) {
      if (line[at] === 0) continue;
      line[at] = (line[at] as number) / (column[pivot] as number);
      if (Math.abs(line[at] as number) < 1e-12) line[at] = 0;
      else filled.push(at);
    }
    for (const [row, other] of this.#inverse.entries()) {
      const factor = column[row] as number;
      if (row === pivot || factor === 0) continue;
      for (const at of filled) other[at] = (other[at] as number) - factor * (line[at] as number);
    }
    this.#unitOf[pivot] = unit;
  }

  /**
   * Moves the unit up and those it depends on accordingly, or all of them down, until one is 0 or 1. The chances of the
   * two directions leave every expected value as it is. False if nothing bounds the move.
   */
  #step(unit: Unit, column: readonly number[]): boolean {
    const moved = [{ unit, by: 1, row: -1 }];
    for (const [row, by] of column.entries()) {
      const other = this.#unitOf[row];
      if (by !== 0 && other !== undefined) moved.push({ unit: other, by: -by, row });
    }
    let [up, down] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const { unit: each, by } of moved) {
      const [toHigh, toLow] = [
        (each.high - each.value) / Math.abs(by),
        (each.value - each.low) / Math.abs(by),
      ];
      up = Math.min(up, by > 0 ? toHigh : toLow);
      down = Math.min(down, by > 0 ? toLow : toHigh);
    }
    if (up === Number.POSITIVE_INFINITY) return false;
    const step = this.#uniform() * (up + down) < down ? up : -down;
    for (const { unit: each, by, row } of moved) {
      each.value += by * step;
      if (!isAtEnd(each)) continue;
      each.value = each.value - each.low < epsilon ? each.low : each.high;
      if (row >= 0) this.#unitOf[row] = undefined;
    }
    return true;
  }
}

function isAtEnd({ low, high, value }: Unit): boolean {
  return value - low < epsilon || high - value < epsilon;
}
