import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, fingerprintSteps } from './fingerprint.ts';

class Card {
  readonly #number: string;

  constructor(number: string) {
    this.#number = number;
  }

  get last4(): string {
    return this.#number.slice(-4);
  }
}

describe('fingerprint', () => {
  it("tells the guide's examples apart", () => {
    const first = fingerprint({ focus_group_id: '123', ids: [1, 2, 3], msg: 'Hi' });
    expect(fingerprint({ focus_group_id: '123', ids: [3, 2, 1], msg: 'Hi' })).toBe(first);
    expect(fingerprint({ focus_group_id: '123', ids: [1, 2, 3], msg: 'Hello' })).not.toBe(first);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is the MD5 of canonical JSON, the same in every version', () => {
    // md5 of {"a":[1,{"b":null,"c":"é"}],"z":true}
    expect(fingerprint({ z: true, a: [{ c: 'é', b: null }, 1] })).toBe('903e1631062a0455831b6b3f539f2abb');
  });

  it('ignores the order of keys and of lists, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.infiniteStream(fc.nat()), (value, random) => {
        expect(fingerprint(shuffled(value, random))).toBe(fingerprint(value));
      }),
    );
  });

  it('differs where the JSON differs by more than order', () => {
    const distinct = [
      1,
      '1',
      true,
      'true',
      null,
      'null',
      [],
      {},
      [[]],
      [1],
      [[1]],
      { 1: 1 },
      [1, 1],
      '[1]',
      [[1], 1],
    ];
    expect(new Set(distinct.map((value) => fingerprint(value))).size).toBe(distinct.length);
  });

  it('keeps the order of lists that are named in `ordered`', () => {
    const params = (messages: readonly string[], ids: readonly number[]): object => ({
      messages,
      ids,
      pages: [{ questions: messages }],
    });
    const of = (ordered: readonly string[], messages: readonly string[], ids: readonly number[]): string =>
      fingerprint(params(messages, ids), { ordered });
    for (const ordered of [['messages'], ['pages.*.questions'], ['*.0.questions'], ['*']]) {
      expect(of(ordered, ['a', 'b'], [1, 2])).not.toBe(of(ordered, ['b', 'a'], [1, 2]));
    }
    expect(of(['messages'], ['a', 'b'], [1, 2])).toBe(of(['messages'], ['a', 'b'], [2, 1]));
    expect(of(['questions', 'pages.questions'], ['a', 'b'], [1])).toBe(of([], ['b', 'a'], [1]));
    expect(fingerprint([1, 2], { ordered: [''] })).not.toBe(fingerprint([2, 1], { ordered: [''] }));
  });

  it('honours toJSON, leaves undefined members out, and takes -0 for 0', () => {
    expect(fingerprint({ at: new Date(0), left: undefined, zero: -0 })).toBe(
      fingerprint({ at: '1970-01-01T00:00:00.000Z', zero: 0 }),
    );
  });

  it.each([
    ['a function', { a: { b: () => 1 } }, '"a.b"'],
    ['a symbol', { a: [Symbol('s')] }, '"a.0"'],
    ['a bigint', { n: 10n }, '10n'],
    ['NaN', { n: Number.NaN }, 'NaN'],
    ['Infinity', [Number.POSITIVE_INFINITY], 'Infinity'],
    ['a Map', { m: new Map([[1, 2]]) }, 'Map'],
    ['a Set', { s: new Set([1]) }, 'Set'],
    ['bytes', { b: new Uint8Array(2) }, 'Uint8Array'],
    ['an instance of a class, whose content may be private', { c: new Card('4711') }, 'toJSON'],
    ['nothing at all', undefined, 'undefined'],
  ])('refuses %s, and says where', (_name, params, told) => {
    expect(() => fingerprint(params)).toThrow(
      expect.objectContaining({ code: 'NOT_FINGERPRINTABLE', message: expect.stringContaining(told) }),
    );
  });

  it('takes plain objects without a prototype, and those of another realm', () => {
    const own = fingerprint({ a: 1 });
    expect(fingerprint(Object.assign(Object.create(null), { a: 1 }))).toBe(own);
    expect(fingerprint(runInNewContext('({ a: 1 })'))).toBe(own);
  });

  it('refuses cycles and bottomless nesting, and takes an object that occurs twice', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = { inner: cycle };
    expect(() => fingerprint(cycle)).toThrow(/"self\.inner" contains itself/);
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(() => fingerprint(deep)).toThrow(/nested too deeply/);
    const twice = { x: 1 };
    expect(fingerprint({ a: twice, b: twice })).toBe(fingerprint({ a: { x: 1 }, b: { x: 1 } }));
  });
});

function shuffled(value: unknown, random: Iterator<number>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const order = <T>(list: readonly T[]): T[] =>
    list
      .map((entry) => ({ entry, place: random.next().value as number }))
      .sort((a, b) => a.place - b.place)
      .map(({ entry }) => entry);
  if (Array.isArray(value)) return order(value.map((entry) => shuffled(entry, random)));
  // fromEntries, unlike assignment, keeps a member called __proto__.
  return Object.fromEntries(
    order(Object.entries(value)).map(([key, member]) => [key, shuffled(member, random)]),
  );
}

describe('a large value', () => {
  const list = (length: number): string[] =>
    Array.from({ length }, (_, index) => `${(index * 7_919) % length}${index % 3 ? '' : 'ü😀'}`);
  const reference = (text: string): string => createHash('md5').update(text).digest('hex');

  it('has the fingerprint that its canonical JSON has', () => {
    const ids = list(10_001);
    const text = `[${ids
      .map((id) => JSON.stringify(id))
      .sort()
      .join(',')}]`;
    expect(fingerprint({ ids, a: 1 })).toBe(reference(`{"a":1,"ids":${text}}`));
    expect(fingerprint([{ ids }])).toBe(reference(`[{"ids":${text}}]`));
    expect(fingerprint(ids, { ordered: [''] })).toBe(reference(JSON.stringify(ids)));
    const members = Object.fromEntries(ids.map((id) => [id, 1]));
    const ordered = ids.toSorted().map((id) => `${JSON.stringify(id)}:1`);
    expect(fingerprint({ members })).toBe(reference(`{"members":{${ordered.join(',')}}}`));
    for (const odd of ['', 'a']) {
      const long = odd + '😀'.repeat(1_100_000);
      expect(fingerprint(long)).toBe(reference(JSON.stringify(long)));
    }
  });

  it('takes no turn of the event loop where it is small', () => {
    expect([...fingerprintSteps({ ids: list(500) })]).toEqual([]);
  });

  it('is read in steps of some thousand parts', () => {
    let inStep = 0;
    let most = 0;
    const items = Array.from({ length: 5_000 }, () => ({
      get name() {
        most = Math.max(most, ++inStep);
        return 'x';
      },
    }));
    for (const _ of fingerprintSteps({ items })) inStep = 0;
    expect(most).toBeGreaterThan(100);
    expect(most).toBeLessThan(1_500);
  });
});
