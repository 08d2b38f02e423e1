import { fisherUpperTail } from './distributions.ts';

/** Answers in a table of options by groups. Each list has one value per answer. */
export interface WeightedTable {
  /** Number of options. */
  readonly rows: number;
  /** Number of groups. */
  readonly columns: number;
  /** Row × `columns` + column. */
  readonly cells: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** Numbers of the respondents from 0. Answers of one respondent can depend on each other; those of two do not. */
  readonly respondents: ArrayLike<number>;
}

export interface ChiSquareTest {
  /** Pearson's χ² divided by its mean if rows and columns are independent, estimated from the answers. */
  readonly f: number;
  /** Degrees of freedom of `f`: the numerator's; not an integer, at most (rows − 1)(columns − 1). */
  readonly df: number;
  /** The denominator's degrees of freedom: `df` × (respondents − 1). */
  readonly residualDf: number;
  /** P(F this large or larger) if rows and columns are independent. */
  readonly p: number;
  /** From 0 (no association) to 1 (complete association), of the weighted shares; not corrected for bias. */
  readonly cramersV: number;
  /** By row and column: the row's share × Kish's effective number of the column's respondents; 0 in unused ones. */
  readonly expected: readonly (readonly number[])[];
  /** Cells with fewer than 5 expected, among rows and columns with answers; they make p approximate. */
  readonly lowExpected: number;
}

/** With a smaller expected count in a cell, the χ² distribution is a rough approximation. Cochran, Biometrics 10 (1954). */
export const LOW_EXPECTED = 5;

/** The test takes memory and time with the square of the number of cells that have answers. */
const maxCells = 3_000;

/**
 * Pearson's test of independence with Rao and Scott's second-order correction, which uses the covariance of the cells'
 * shares, clustered by respondent: Annals of Statistics 12 (1984), 46–60; as F by Thomas & Rao, JASA 82 (1987), 630–636.
 * The same as `svychisq(statistic = "F")` of R's survey package. Weights can have any sum. Rows and columns without
 * answers are left out. `null` if fewer than two of either remain, if the shares do not vary between respondents, or with
 * more than 3,000 cells that have answers.
 */
export function chiSquareTest(table: WeightedTable): ChiSquareTest | null {
  const shares = sharesOf(table);
  if (shares === null) return null;
  const { rows, columns, ofRows, ofColumns, ofCells } = shares;
  const usedRows = ofRows.filter((share) => share > 0).length;
  const usedColumns = ofColumns.filter((share) => share > 0).length;
  const places = answeredCells(ofCells);
  if (usedRows < 2 || usedColumns < 2 || places.length > maxCells) return null;
  const { covariance, respondents, effectiveColumns } = covarianceOf(table, shares, places);
  const product = timesInteraction(covariance, shares, places);
  // The eigenvalues of this product are the design effects; their sum and squares are its trace and that of its square.
  const size = places.length;
  let trace = 0;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    trace += at(product, i * size + i);
    for (let j = 0; j < size; j++) squares += at(product, i * size + j) * at(product, j * size + i);
  }
  if (respondents < 2 || !(trace > 1e-12 && squares > 0)) return null;
  let phi = 0;
  let lowExpected = 0;
  const expected = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  for (const [i, row] of ofRows.entries()) {
    for (const [j, column] of ofColumns.entries()) {
      if (row === 0 || column === 0) continue;
      phi += (at(ofCells, i * columns + j) - row * column) ** 2 / (row * column);
      const expectation = row * at(effectiveColumns, j);
      (expected[i] as number[])[j] = expectation;
      if (expectation < LOW_EXPECTED) lowExpected += 1;
    }
  }
  const df = trace ** 2 / squares;
  const residualDf = df * (respondents - 1);
  const f = phi / trace;
  const cramersV = Math.min(1, Math.sqrt(phi / (Math.min(usedRows, usedColumns) - 1)));
  return { f, df, residualDf, p: fisherUpperTail(f, df, residualDf), cramersV, expected, lowExpected };
}

interface Shares {
  readonly rows: number;
  readonly columns: number;
  readonly total: number;
  readonly ofCells: Float64Array;
  readonly ofRows: Float64Array;
  readonly ofColumns: Float64Array;
}

function sharesOf({ rows, columns, cells, weights }: WeightedTable): Shares | null {
  const ofCells = new Float64Array(rows * columns);
  const ofRows = new Float64Array(rows);
  const ofColumns = new Float64Array(columns);
  let total = 0;
  for (let answer = 0; answer < cells.length; answer++) total += weights[answer] as number;
  if (!(total > 0)) return null;
  for (let answer = 0; answer < cells.length; answer++) {
    const cell = cells[answer] as number;
    const share = (weights[answer] as number) / total;
    add(ofCells, cell, share);
    add(ofRows, Math.floor(cell / columns), share);
    add(ofColumns, cell % columns, share);
  }
  return { rows, columns, total, ofCells, ofRows, ofColumns };
}

function answeredCells(ofCells: Float64Array): Int32Array {
  return Int32Array.from(ofCells.keys().filter((cell) => at(ofCells, cell) > 0));
}

/** The linearised covariance of the answered cells' shares: Lohr, Sampling (2nd ed., 2010), section 9.1. */
function covarianceOf(
  { columns, cells, weights, respondents }: WeightedTable,
  { ofCells, total }: Shares,
  places: Int32Array,
): { covariance: Float64Array; respondents: number; effectiveColumns: Float64Array } {
  const size = places.length;
  const placeOf = new Map(places.entries().map(([place, cell]) => [cell, place]));
  const covariance = new Float64Array(size * size);
  const crossed = new Float64Array(size);
  let squares = 0;
  let count = 0;
  const columnSums = new Float64Array(columns);
  const columnSquares = new Float64Array(columns);
  for (const answers of byRespondent(respondents)) {
    const own = new Map<number, number>();
    const ownColumns = new Map<number, number>();
    let sum = 0;
    for (const answer of answers) {
      const cell = cells[answer] as number;
      const place = placeOf.get(cell) as number;
      const share = (weights[answer] as number) / total;
      own.set(place, (own.get(place) ?? 0) + share);
      ownColumns.set(cell % columns, (ownColumns.get(cell % columns) ?? 0) + share);
      sum += share;
    }
    for (const [column, share] of ownColumns) {
      add(columnSums, column, share);
      add(columnSquares, column, share * share);
    }
    for (const [i, ofI] of own) {
      add(crossed, i, sum * ofI);
      for (const [j, ofJ] of own) add(covariance, i * size + j, ofI * ofJ);
    }
    squares += sum * sum;
    count += 1;
  }
  const scale = count / (count - 1);
  for (let i = 0; i < size; i++) {
    const p = at(ofCells, places[i] as number);
    for (let j = 0; j < size; j++) {
      const q = at(ofCells, places[j] as number);
      const sum = at(covariance, i * size + j) - at(crossed, i) * q - p * at(crossed, j) + squares * p * q;
      covariance[i * size + j] = scale * sum;
    }
  }
  const effectiveColumns = columnSums.map((sum, column) =>
    sum === 0 ? 0 : sum ** 2 / at(columnSquares, column),
  );
  return { covariance, respondents: count, effectiveColumns };
}

/** The answers of each respondent, in any order. */
function* byRespondent(respondents: ArrayLike<number>): Generator<number[]> {
  const answers = Array.from(respondents, (_, answer) => answer);
  answers.sort((a, b) => (respondents[a] as number) - (respondents[b] as number));
  let start = 0;
  for (let end = 1; end <= answers.length; end++) {
    if (end < answers.length && respondents[answers[end] as number] === respondents[answers[start] as number])
      continue;
    yield answers.slice(start, end);
    start = end;
  }
}

/**
 * D⁻¹ V − Y (YᵀDY)⁻ YᵀV: the covariance V of the cells' shares, without what rows and columns alone explain. D has the
 * shares on its diagonal; Y has a column for each row and column of the table. Cells without answers tie their row's and
 * their column's effect together, which is what svychisq's D⁻¹ = 0 comes to: a column of Y is then a connected group of
 * rows (+1) and columns (−1).
 */
function timesInteraction(
  covariance: Float64Array,
  { rows, columns, ofCells, ofRows, ofColumns }: Shares,
  places: Int32Array,
): Float64Array {
  const { groupOf, groups } = tiedEffects({ rows, columns, ofCells, ofRows, ofColumns });
  const size = places.length;
  const laplacian = new Float64Array(groups * groups);
  const sums = new Float64Array(groups * size);
  const ends = Array.from(places, (cell) => {
    const row = groupOf[Math.floor(cell / columns)] as number;
    const column = groupOf[rows + (cell % columns)] as number;
    return [row, column] as const;
  });
  for (const [place, [row, column]] of ends.entries()) {
    if (row === column) continue;
    const share = at(ofCells, places[place] as number);
    add(laplacian, row * groups + row, share);
    add(laplacian, column * groups + column, share);
    add(laplacian, row * groups + column, -share);
    add(laplacian, column * groups + row, -share);
    for (let j = 0; j < size; j++) {
      const value = at(covariance, place * size + j);
      add(sums, row * size + j, value);
      add(sums, column * size + j, -value);
    }
  }
  solve(laplacian, sums, groups, size);
  const product = new Float64Array(size * size);
  for (const [place, [row, column]] of ends.entries()) {
    const share = at(ofCells, places[place] as number);
    for (let j = 0; j < size; j++) {
      const explained = row === column ? 0 : at(sums, row * size + j) - at(sums, column * size + j);
      product[place * size + j] = at(covariance, place * size + j) / share - explained;
    }
  }
  return product;
}

/** Numbers the connected groups of rows and columns (rows first) that share a cell without answers. */
function tiedEffects({ rows, columns, ofCells, ofRows, ofColumns }: Omit<Shares, 'total'>): {
  groupOf: Int32Array;
  groups: number;
} {
  const parent = Int32Array.from({ length: rows + columns }, (_, node) => node);
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root] as number;
    parent[node] = root;
    return root;
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (at(ofRows, row) === 0 || at(ofColumns, column) === 0 || at(ofCells, row * columns + column) > 0)
        continue;
      parent[rootOf(row)] = rootOf(rows + column);
    }
  }
  const numbers = new Map<number, number>();
  const groupOf = parent.map((_, node) => {
    const root = rootOf(node);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
  return { groupOf, groups: numbers.size };
}

/** Solves A X = B in place of B by Gauss–Jordan; A is symmetric and positive semidefinite, and free unknowns are 0. */
function solve(a: Float64Array, b: Float64Array, size: number, width: number): void {
  const smallest = 1e-12 * Math.max(...Array.from({ length: size }, (_, i) => at(a, i * size + i)));
  for (let pivot = 0; pivot < size; pivot++) {
    const value = at(a, pivot * size + pivot);
    const free = !(value > smallest);
    for (let j = 0; j < width; j++) b[pivot * width + j] = free ? 0 : at(b, pivot * width + j) / value;
    if (free) continue;
    for (let j = pivot; j < size; j++) a[pivot * size + j] = at(a, pivot * size + j) / value;
    for (let row = 0; row < size; row++) {
      const factor = at(a, row * size + pivot);
      if (row === pivot || factor === 0) continue;
      for (let j = pivot; j < size; j++) add(a, row * size + j, -factor * at(a, pivot * size + j));
      for (let j = 0; j < width; j++) add(b, row * width + j, -factor * at(b, pivot * width + j));
    }
  }
}

function at(values: Float64Array, place: number): number {
  return values[place] as number;
}

function add(values: Float64Array, place: number, amount: number): void {
  values[place] = at(values, place) + amount;
}
