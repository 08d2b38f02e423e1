type Numbers = Uint8Array | Int32Array | Float64Array;

/** A typed array that grows: a column of a million answers takes its own bytes and at most as many again. */
export class GrowingArray<T extends Numbers> {
  #values: T;
  #length = 0;

  /** @param values an empty array of the element type */
  constructor(values: T) {
    this.#values = values;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const Type = this.#values.constructor as new (length: number) => T;
      const larger = new Type(Math.max(64, this.#length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** @param position below `length` */
  at(position: number): number {
    return this.#values[position] as number;
  }

  set(place: number, value: number): void {
    this.#values[place] = value;
  }
}

export function bytes(): GrowingArray<Uint8Array> {
  return new GrowingArray(new Uint8Array(0));
}

export function integers(): GrowingArray<Int32Array> {
  return new GrowingArray(new Int32Array(0));
}

export function decimals(): GrowingArray<Float64Array> {
  return new GrowingArray(new Float64Array(0));
}
