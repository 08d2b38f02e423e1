import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairOrder, type Waiting } from './fair-order.ts';

interface Call extends Waiting {
  readonly name: string;
}

function call(name: string, options: Partial<Waiting> = {}): Call {
  return { name, priority: 0, group: '', returning: false, retry: false, ...options };
}

function setUp(...calls: readonly Call[]) {
  const line = new FairOrder<Call>();
  for (const each of calls) line.add(each);
  /** The next one, let go: it is under way until `ended`. */
  const serve = (retries = true): string | undefined => {
    const next = line.next(retries);
    if (next === undefined) return undefined;
    line.remove(next);
    line.began(next.group);
    return next.name;
  };
  /** Everybody, each ended before the next. */
  const serveAll = (): string[] => {
    const names: string[] = [];
    for (let next = line.next(true); next !== undefined; next = line.next(true)) {
      names.push(serve()!);
      line.ended(next.group);
    }
    return names;
  };
  return { line, serve, serveAll };
}

const names = (line: FairOrder<Call>): string[] => [...line].map(({ name }) => name).sort();

describe('who goes next', () => {
  it('is nobody where nobody waits', () => {
    const { line } = setUp();
    expect(line.next(true)).toBeUndefined();
    expect(line.next(false)).toBeUndefined();
    expect(line.size).toBe(0);
  });

  it('is who came first', () => {
    const { serveAll } = setUp(call('a'), call('b'), call('c'));
    expect(serveAll()).toEqual(['a', 'b', 'c']);
  });

  it('is asked without being served', () => {
    const { line } = setUp(call('a'), call('b'));
    expect(line.next(true)).toBe(line.next(true));
    expect(line.size).toBe(2);
  });

  it('is who returns from a back-off, before the fresh ones of the group and in the order of return', () => {
    const { serveAll } = setUp(
      call('a'),
      call('b', { returning: true }),
      call('c'),
      call('d', { returning: true }),
    );
    expect(serveAll()).toEqual(['b', 'd', 'a', 'c']);
  });

  it('is the highest priority, whatever its group has under way', () => {
    const { line, serveAll } = setUp(
      call('low', { priority: -1, returning: true }),
      call('middle'),
      call('high', { priority: 10, group: 'busy' }),
    );
    for (let count = 0; count < 50; count++) line.began('busy');
    expect(serveAll()).toEqual(['high', 'middle', 'low']);
  });

  it('is of the group with the fewest under way', () => {
    const { line, serve } = setUp(
      ...['a1', 'a2', 'a3', 'a4'].map((name) => call(name, { group: 'a' })),
      ...['b1', 'b2', 'b3'].map((name) => call(name, { group: 'b' })),
    );
    line.began('a');
    line.began('a');
    expect([serve(), serve()]).toEqual(['b1', 'b2']);
    // Two each: b was served last.
    expect([serve(), serve()]).toEqual(['a1', 'b3']);
    line.ended('a');
    line.ended('a');
    expect([serve(), serve()]).toEqual(['a2', 'a3']);
  });

  it('takes turns where as many are under way', () => {
    const { serveAll } = setUp(
      ...['a1', 'a2', 'a3'].map((name) => call(name, { group: 'a' })),
      ...['b1', 'b2'].map((name) => call(name, { group: 'b' })),
      ...['c1', 'c2'].map((name) => call(name, { group: 'c' })),
    );
    expect(serveAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3']);
  });

  it('lets a group of 10 go beside one of 10,000', () => {
    const { line, serve } = setUp(
      ...Array.from({ length: 10_000 }, (_, at) => call(`large ${at}`, { group: 'large' })),
    );
    for (let count = 0; count < 20; count++) serve();
    for (let at = 0; at < 10; at++) line.add(call(`small ${at}`, { group: 'small' }));
    const served = Array.from({ length: 10 }, () => serve());
    expect(served).toEqual(Array.from({ length: 10 }, (_, at) => `small ${at}`));
    expect(line.size).toBe(9_980);
  });
});

describe('while retries have to be earned', () => {
  const retry = { returning: true, retry: true };

  it('those that repeat nothing go first, also of a lower priority', () => {
    const { serve } = setUp(
      call('again', { ...retry, priority: 5 }),
      call('first', { priority: 5 }),
      call('low', { priority: 1 }),
      // Refused for the rate: returns, but repeats no failure.
      call('back', { returning: true, group: 'b' }),
    );
    expect([serve(false), serve(false), serve(false)]).toEqual(['first', 'low', 'back']);
  });

  it('those that repeat are next all the same where nobody else waits', () => {
    const { serve } = setUp(call('low', retry), call('high', { ...retry, priority: 1 }));
    expect([serve(false), serve(false), serve(false)]).toEqual(['high', 'low', undefined]);
  });
});

describe('leaving', () => {
  it('takes out who has given up, and once only', () => {
    const [a, b, c] = [call('a'), call('b', { returning: true }), call('c', { priority: 1 })];
    const { line, serveAll } = setUp(a, b, c);
    line.remove(b);
    line.remove(b);
    expect(line.size).toBe(2);
    line.remove(c);
    expect(line.size).toBe(1);
    line.remove(call('a'));
    line.remove(call('never came', { group: 'elsewhere' }));
    expect(names(line)).toEqual(['a']);
    expect(serveAll()).toEqual(['a']);
  });
});

describe('hasBefore', () => {
  it('says whether a newcomer would have to wait for somebody', () => {
    const first = call('a', { priority: 3 });
    const { line } = setUp();
    expect(line.hasBefore(3)).toBe(false);
    line.add(first);
    expect([2, 3, 4].map((priority) => line.hasBefore(priority))).toEqual([true, true, false]);
    line.add(call('b', { priority: 5 }));
    expect(line.hasBefore(4)).toBe(true);
    line.remove(first);
    expect(line.hasBefore(5)).toBe(true);
    expect(line.hasBefore(6)).toBe(false);
    line.add(call('c'));
    line.remove(line.next(true)!);
    expect([0, 1].map((priority) => line.hasBefore(priority))).toEqual([true, false]);
  });
});

describe('whatever comes, goes and ends', () => {
  const arrival = fc.record({
    priority: fc.integer({ min: -1, max: 1 }),
    group: fc.constantFrom('a', 'b', 'c'),
    returning: fc.boolean(),
    retry: fc.boolean(),
  });
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ type: fc.constant('come' as const), arrival }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('serve' as const), retries: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('end' as const), which: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), which: fc.nat(100) }) },
  );

  it('serves everybody once, the highest priority first, and of groups that with the fewest under way', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const line = new FairOrder<Call>();
        const waiting = new Set<Call>();
        const underWay: Call[] = [];
        const settled: Call[] = [];
        const count = (group: string): number => underWay.filter((each) => each.group === group).length;
        const serve = (retries: boolean): void => {
          const next = line.next(retries);
          if (next === undefined) {
            expect(waiting.size).toBe(0);
            return;
          }
          expect(waiting.has(next)).toBe(true);
          const fitting = [...waiting].filter(({ retry }) => retries || !retry);
          const rivals = fitting.length > 0 ? fitting : [...waiting];
          expect(rivals).toContain(next);
          expect(next.priority).toBe(Math.max(...rivals.map(({ priority }) => priority)));
          const equals = rivals.filter(({ priority }) => priority === next.priority);
          expect(count(next.group)).toBe(Math.min(...equals.map(({ group }) => count(group))));
          const own = equals.filter(({ group }) => group === next.group);
          expect(next).toBe(own.find(({ returning }) => returning) ?? own[0]);
          waiting.delete(next);
          line.remove(next);
          line.began(next.group);
          underWay.push(next);
        };
        let came = 0;
        for (const each of steps) {
          if (each.type === 'come') {
            const newcomer = call(String(came++), each.arrival);
            waiting.add(newcomer);
            line.add(newcomer);
          } else if (each.type === 'serve') serve(each.retries);
          else if (each.type === 'end' && underWay.length > 0) {
            const [ended] = underWay.splice(each.which % underWay.length, 1);
            line.ended(ended!.group);
            settled.push(ended!);
          } else if (each.type === 'leave' && waiting.size > 0) {
            const left = [...waiting][each.which % waiting.size]!;
            waiting.delete(left);
            line.remove(left);
            settled.push(left);
          }
          expect(line.size).toBe(waiting.size);
          expect(names(line)).toEqual([...waiting].map(({ name }) => name).sort());
        }
        while (waiting.size > 0) serve(true);
        expect(line.next(true)).toBeUndefined();
        expect(new Set([...settled, ...underWay]).size).toBe(came);
        expect(settled.length + underWay.length).toBe(came);
      }),
    );
  });
});
