import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { type BreakerCall, CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';

const down = Object.assign(new Error('down'), { status: 500 });

function setUp(options: CircuitBreakerOptions = {}) {
  const clock = new VirtualClock();
  const breaker = new CircuitBreaker({ clock, random: () => 0, ...options });
  const begin = (count: number): BreakerCall[] => Array.from({ length: count }, () => breaker.begin());
  const open = () => {
    for (const call of begin(options.failures ?? 5)) call.failed(down);
  };
  const fail = () => breaker.execute(() => Promise.reject(down));
  return { clock, breaker, begin, open, fail };
}

describe('opening', () => {
  it('takes five failures in a row by default', () => {
    const { breaker } = setUp();
    for (const outcome of 'failed failed succeeded failed failed failed failed'.split(' ')) {
      breaker.begin()[outcome as 'failed' | 'succeeded']();
      expect(breaker.state).toBe('closed');
      expect(breaker.waitMs()).toBe(0);
      expect(breaker.openForMs).toBe(0);
    }
    breaker.begin().failed();
    expect(breaker.state).toBe('open');
    expect(breaker.waitMs()).toBe(1_000);
  });

  it('goes by the order in which calls were begun, not by that in which they ended', () => {
    const { breaker, begin } = setUp({ failures: 2 });
    const [first, second, third, fourth] = begin(4);
    third!.failed();
    // It was begun before the failure, so it does not come between that and the next.
    second!.succeeded();
    // Of a time before that success.
    first!.failed();
    expect(breaker.state).toBe('closed');
    fourth!.failed();
    expect(breaker.state).toBe('open');
  });

  it('is not for calls that ended without a verdict, which are no success either', () => {
    const { breaker, begin } = setUp({ failures: 2 });
    for (const call of begin(10)) call.abandoned();
    breaker.begin().failed();
    breaker.begin().abandoned();
    expect(breaker.state).toBe('closed');
    breaker.begin().failed();
    expect(breaker.state).toBe('open');
  });
});

describe('while open', () => {
  it('lets a probe through after 1, 2, 4, … 30 s', async () => {
    const { clock, breaker, open } = setUp();
    open();
    let last = down;
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      expect(breaker.waitMs()).toBe(waitMs);
      await clock.advance(waitMs - 1);
      expect(breaker.state).toBe('open');
      expect(() => breaker.begin()).toThrow(expect.objectContaining({ code: 'CIRCUIT_OPEN', cause: last }));
      await clock.advance(1);
      expect(breaker.state).toBe('half-open');
      expect(breaker.waitMs()).toBe(0);
      last = Object.assign(new Error('still down'), { status: 503 });
      breaker.begin().failed(last);
    }
    expect(breaker.openForMs).toBe(91_000);
  });

  it('waits up to a tenth longer, never less', async () => {
    const { clock, breaker, open } = setUp({ firstProbeMs: 500, maxProbeMs: 1_000, random: () => 0.5 });
    open();
    expect(breaker.waitMs()).toBe(525);
    await clock.advance(525);
    breaker.begin().failed();
    expect(breaker.waitMs()).toBe(1_050);
  });

  it('lets one probe through at a time', async () => {
    const { clock, breaker, open } = setUp();
    open();
    await clock.advance(5_000);
    const probe = breaker.begin();
    await clock.advance(5_000);
    expect(breaker.state).toBe('half-open');
    expect(breaker.waitMs()).toBe(Number.POSITIVE_INFINITY);
    expect(() => breaker.begin()).toThrow(/a probe is under way/);
    probe.abandoned();
    expect(breaker.waitMs()).toBe(0);
    breaker.begin();
    expect(breaker.waitMs()).toBe(Number.POSITIVE_INFINITY);
    // It has ended already: the probe under way is another.
    probe.abandoned();
    probe.succeeded();
    expect(breaker.waitMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('closes with the first probe that succeeds, and counts again from zero', async () => {
    const { clock, breaker, open } = setUp();
    open();
    await clock.advance(1_000);
    breaker.begin().failed();
    await clock.advance(2_000);
    breaker.begin().succeeded();
    expect(breaker.state).toBe('closed');
    expect(breaker.openForMs).toBe(0);
    open();
    expect(breaker.waitMs()).toBe(1_000);
    expect(breaker.openForMs).toBe(0);
  });

  it('hears nothing from calls that were begun before', async () => {
    const { clock, breaker, begin, open } = setUp({ failures: 2 });
    const [...early] = begin(6);
    open();
    early[0]!.succeeded();
    early[1]!.failed();
    expect(breaker.waitMs()).toBe(1_000);
    await clock.advance(1_000);
    const probe = breaker.begin();
    early[2]!.succeeded();
    early[3]!.abandoned();
    expect(breaker.waitMs()).toBe(Number.POSITIVE_INFINITY);
    probe.succeeded();
    early[4]!.failed();
    early[5]!.failed();
    expect(breaker.state).toBe('closed');
    breaker.begin().failed();
    expect(breaker.state).toBe('closed');
  });
});

it('forgets all with reset()', async () => {
  const { clock, breaker, begin, open } = setUp({ failures: 2 });
  const [early] = begin(1);
  open();
  await clock.advance(1_000);
  const probe = breaker.begin();
  probe.failed();
  await clock.advance(2_000);
  const secondProbe = breaker.begin();
  breaker.reset();
  expect(breaker.state).toBe('closed');
  early!.failed();
  secondProbe.failed();
  breaker.begin().failed();
  expect(breaker.state).toBe('closed');
  breaker.begin().failed();
  expect(breaker.waitMs()).toBe(1_000);
});

describe('execute', () => {
  it('fails at once while the circuit is open, says when the next try is, and keeps the last failure', async () => {
    const { clock, breaker, fail } = setUp({ failures: 2 });
    await expect(fail()).rejects.toBe(down);
    await expect(fail()).rejects.toBe(down);
    const fn = vi.fn(async () => 'up');
    await clock.advance(400);
    const error = await breaker.execute(fn).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ToolkitError);
    expect(error).toMatchObject({ code: 'CIRCUIT_OPEN', cause: down });
    expect((error as Error).message).toMatch(/2 failures in a row; the next try is in 600 ms\./);
    expect(fn).not.toHaveBeenCalled();
    await clock.advance(600);
    await expect(breaker.execute(fn)).resolves.toBe('up');
    expect(breaker.state).toBe('closed');
  });

  it('lets one of many through as the probe', async () => {
    const { clock, breaker, open } = setUp();
    open();
    await clock.advance(1_000);
    const reply = Promise.withResolvers<string>();
    const fn = vi.fn(() => reply.promise);
    const results = Array.from({ length: 10 }, () => breaker.execute(fn));
    const settled = Promise.allSettled(results);
    reply.resolve('up');
    const statuses = (await settled).map(({ status }) => status);
    expect(statuses).toEqual(['fulfilled', ...Array(9).fill('rejected')]);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a server error', down, 'open'],
    ['an overload', Object.assign(new Error('x'), { status: 529 }), 'open'],
    ['a broken connection', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'open'],
    ['a timeout', new TimeoutError(), 'open'],
    ['a rate limit', new RateLimitError('slow'), 'closed'],
    ['a refused request', Object.assign(new Error('x'), { status: 400 }), 'closed'],
    ['a mistake', new TypeError('x is not a function'), 'closed'],
    ['an unknown error', new Error('x'), 'closed'],
  ])('by default finds %s to leave it as it should', async (_, error, state) => {
    const { breaker } = setUp({ failures: 1 });
    const failing = (): never => {
      throw error;
    };
    await expect(breaker.execute(failing)).rejects.toBe(error);
    expect(breaker.state).toBe(state);
  });

  it('goes by isFailure where there is one, and frees the probe where that throws', async () => {
    let verdict = (): boolean => false;
    const { clock, breaker, fail } = setUp({ failures: 1, isFailure: () => verdict() });
    await expect(fail()).rejects.toBe(down);
    expect(breaker.state).toBe('closed');
    verdict = () => true;
    await expect(fail()).rejects.toBe(down);
    expect(breaker.state).toBe('open');
    await clock.advance(1_000);
    verdict = () => {
      throw new Error('no idea');
    };
    await expect(fail()).rejects.toThrow('no idea');
    expect(breaker.waitMs()).toBe(0);
  });

  it('an abort ends the call at once, counts as neither success nor failure, and leaves no listener', async () => {
    const { clock, breaker, open } = setUp({ isFailure: () => true });
    open();
    await clock.advance(1_000);
    const controller = new AbortController();
    const { signal } = controller;
    let seen: AbortSignal | undefined;
    const call = breaker.execute(
      (context) => {
        seen = context.signal;
        return new Promise(() => {});
      },
      { signal },
    );
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(seen?.aborted).toBe(true);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(breaker.waitMs()).toBe(0);
    const fn = vi.fn();
    await expect(breaker.execute(fn, { signal })).rejects.toBe(reason);
    expect(fn).not.toHaveBeenCalled();
  });

  it('a signal that aborts because the call took too long is a verdict', async () => {
    const { breaker } = setUp({ failures: 1 });
    const controller = new AbortController();
    const call = breaker.execute(() => new Promise(() => {}), { signal: controller.signal });
    controller.abort(new DOMException('too long', 'TimeoutError'));
    await expect(call).rejects.toThrow('too long');
    expect(breaker.state).toBe('open');
  });
});

it.each([
  [{ failures: 0 }, /failures must be a whole number from 1, got 0/],
  [{ failures: 1.5 }, /got 1.5/],
  [{ firstProbeMs: 0 }, /firstProbeMs must be .* from 1, got 0/],
  [{ firstProbeMs: Number.NaN }, /got NaN/],
  [
    { firstProbeMs: 60_000 },
    /maxProbeMs must be .* from 60000, got 30000\. It must be at least firstProbeMs/,
  ],
  [{ isFailure: 'x' as never }, /isFailure must be a function/],
])('refuses %o', (options, message) => {
  expect(() => new CircuitBreaker(options)).toThrow(message);
});

interface Step {
  readonly what: 'begin' | 'succeeded' | 'failed' | 'abandoned' | 'advance';
  readonly n: number;
}

it('opens as a full log of the calls says, and probes one at a time when due, whatever happens', async () => {
  const seen = { opened: 0, closed: 0 };
  const run = async (failures: number, jitter: number, steps: readonly Step[]): Promise<void> => {
    const clock = new VirtualClock();
    const breaker = new CircuitBreaker({ clock, failures, maxProbeMs: 4_000, random: () => jitter });
    // An era begins when the breaker opens or closes: it is open in the odd ones.
    const log: { readonly call: BreakerCall; readonly era: number; outcome?: Step['what'] }[] = [];
    let era = 0;
    let openedAt = 0;
    let dueAt = 0;
    const isOpen = (): boolean => era % 2 === 1;
    const outcomes = () => log.filter((entry) => entry.era === era).map(({ outcome }) => outcome);
    for (const { what, n } of steps) {
      if (what === 'advance') {
        await clock.advance(n);
      } else if (what === 'begin') {
        const allowed = breaker.waitMs() === 0;
        const probing = isOpen() && outcomes().includes(undefined);
        if (isOpen() && allowed) expect(probing || clock.now() < dueAt).toBe(false);
        // A tenth of the longest wait later it is due for certain.
        if (!isOpen() || (!probing && clock.now() > dueAt + 400)) expect(allowed).toBe(true);
        if (allowed) log.push({ call: breaker.begin(), era });
        else expect(() => breaker.begin()).toThrow(ToolkitError);
      } else {
        const pending = log.filter(({ outcome }) => outcome === undefined);
        const entry = pending[n % Math.max(1, pending.length)];
        if (entry === undefined) continue;
        entry.outcome = what;
        entry.call[what]();
        const inEra = outcomes();
        const failed = inEra.filter((outcome) => outcome === 'failed').length;
        if (!isOpen()) {
          const inRow = inEra.slice(inEra.lastIndexOf('succeeded') + 1);
          if (inRow.filter((outcome) => outcome === 'failed').length >= failures) {
            era += 1;
            seen.opened += 1;
            openedAt = clock.now();
            dueAt = openedAt + 1_000;
          }
        } else if (entry.era === era && what === 'succeeded') {
          era += 1;
          seen.closed += 1;
        } else if (entry.era === era && what === 'failed') {
          dueAt = clock.now() + Math.min(1_000 * 2 ** failed, 4_000);
        }
      }
      expect(breaker.state !== 'closed').toBe(isOpen());
      expect(breaker.openForMs).toBe(isOpen() ? clock.now() - openedAt : 0);
    }
  };
  const what = fc.constantFrom<Step['what'][]>(
    ...(['begin', 'begin', 'succeeded', 'failed', 'failed', 'abandoned', 'advance'] as const),
  );
  const steps = fc.array(fc.record({ what, n: fc.nat(5_000) }), { maxLength: 80, size: 'max' });
  const jitter = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), jitter, steps, run));
  // Or the property says nothing.
  expect(seen.opened).toBeGreaterThan(50);
  expect(seen.closed).toBeGreaterThan(10);
});
