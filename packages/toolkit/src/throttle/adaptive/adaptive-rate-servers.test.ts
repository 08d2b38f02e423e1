import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { AdaptiveRate } from './adaptive-rate.ts';

const LATENCY_MS = 500;
/** Whoever refuses has nothing to generate. */
const REFUSED_IN_MS = 5;

interface Sent {
  readonly at: number;
  readonly admitted: boolean;
  readonly endsAt: number;
  readonly sequence: number;
}

/** Tells nothing but yes or no. */
type Server = (now: number) => boolean;

function bucketServer(perMinute: (now: number) => number, capacity: number): Server {
  let level = capacity;
  let updatedAt = 0;
  return (now) => {
    level = Math.min(capacity, level + ((now - updatedAt) * perMinute(now)) / 60_000);
    updatedAt = now;
    if (level < 1) return false;
    level -= 1;
    return true;
  };
}

/** The window begins with the first request, and again with the first after its end. */
function windowServer(perWindow: number, windowMs = 60_000): Server {
  let openedAt = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (now) => {
    if (now >= openedAt + windowMs) {
      openedAt = now;
      count = 0;
    }
    count += 1;
    return count <= perWindow;
  };
}

/** As many calls as may go, never more than `maxInFlight` at once. */
async function run(
  server: Server,
  untilMs: number,
  { maxInFlight = 50, pause = (_now: number) => 0 as number } = {},
): Promise<readonly Sent[]> {
  const clock = new VirtualClock();
  const rate = new AdaptiveRate({ clock, initialConcurrency: 16 });
  const all: Sent[] = [];
  let underWay: Sent[] = [];
  while (clock.now() < untilMs) {
    const pauseMs = pause(clock.now());
    const waitMs = underWay.length >= maxInFlight ? Number.POSITIVE_INFINITY : rate.waitMs(underWay.length);
    if (waitMs <= 0 && pauseMs === 0) {
      const at = clock.now();
      const sequence = rate.send();
      const admitted = server(at);
      const sent = { at, admitted, endsAt: at + (admitted ? LATENCY_MS : REFUSED_IN_MS), sequence };
      all.push(sent);
      underWay.push(sent);
      continue;
    }
    const nextEnd = Math.min(...underWay.map(({ endsAt }) => endsAt));
    const nextSend = clock.now() + Math.max(Math.ceil(waitMs), pauseMs);
    await clock.advance(Math.min(nextEnd, nextSend, untilMs) - clock.now());
    for (const ended of underWay.filter(({ endsAt }) => endsAt <= clock.now())) {
      if (ended.admitted) rate.succeeded(ended.sequence, underWay.length);
      else rate.refused(ended.sequence, false);
      underWay = underWay.filter((each) => each !== ended);
    }
  }
  return all;
}

const between = (all: readonly Sent[], fromMs: number, toMs: number): readonly Sent[] =>
  all.filter(({ at }) => at >= fromMs && at < toMs);
const admitted = (all: readonly Sent[]): number => all.filter((each) => each.admitted).length;
const refused = (all: readonly Sent[]): number => all.filter((each) => !each.admitted).length;

describe('against a bucket that tells nothing', () => {
  it.each([[60], [600], [3_000]])(
    'it runs at a limit of %i a minute, with few refusals',
    async (perMinute) => {
      const all = await run(
        bucketServer(() => perMinute, 10),
        5 * 60_000,
      );
      const later = between(all, 60_000, 5 * 60_000);
      expect(admitted(later) / (4 * perMinute)).toBeGreaterThan(0.9);
      expect(refused(later) / later.length).toBeLessThan(0.06);
    },
  );

  it('it follows a limit that doubles within a minute', async () => {
    const perMinute = (now: number) => (now < 120_000 ? 300 : 600);
    const all = await run(bucketServer(perMinute, 10), 210_000);
    expect(admitted(between(all, 60_000, 120_000))).toBeLessThanOrEqual(310);
    expect(admitted(between(all, 180_000, 210_000))).toBeGreaterThan(0.9 * 300);
  });

  it('it follows a limit that halves within seconds', async () => {
    const perMinute = (now: number) => (now < 60_000 ? 600 : 300);
    const all = await run(bucketServer(perMinute, 10), 120_000);
    const after = between(all, 75_000, 120_000);
    expect(refused(after) / after.length).toBeLessThan(0.1);
    expect(admitted(after)).toBeGreaterThan(0.85 * 225);
  });

  it('it sends no storm after a pause', async () => {
    const pause = (now: number) => (now >= 60_000 && now < 660_000 ? 660_000 - now : 0);
    const all = await run(
      bucketServer(() => 600, 10),
      690_000,
      { pause },
    );
    const after = between(all, 660_000, 690_000);
    expect(refused(after)).toBeLessThan(0.06 * after.length);
    expect(admitted(after)).toBeGreaterThan(0.85 * 300);
  });

  it('it is held back by nothing where nothing refuses', async () => {
    const all = await run(() => true, 20_000);
    expect(between(all, 10_000, 20_000).length).toBeGreaterThan(0.95 * 50 * (10_000 / LATENCY_MS));
  });
});

describe('against a window that tells nothing', () => {
  it('it asks few times whether it has opened, and finds it open soon', async () => {
    const all = await run(windowServer(100), 80_000);
    const closesAt = all.find((each) => !each.admitted)!.at;
    expect(closesAt).toBeLessThan(30_000);
    // In two seconds it is clear that nobody is let through; then the probes.
    expect(refused(between(all, 0, 60_000))).toBeLessThanOrEqual(40);
    expect(between(all, closesAt + 2_500, 60_000).length).toBeLessThanOrEqual(4);
    const reopened = all.find((each) => each.admitted && each.at > closesAt)!;
    expect(reopened.at).toBeGreaterThanOrEqual(60_000);
    expect(reopened.at).toBeLessThan(62_000);
    // As many as the last window let through go at once.
    expect(admitted(between(all, 60_000, 75_000))).toBeGreaterThan(90);
  });

  it('it asks one at a time', async () => {
    const all = await run(windowServer(100), 59_000);
    const closesAt = all.find((each) => !each.admitted)!.at;
    const probes = between(all, closesAt + 5_000, 59_000).map(({ at }) => at);
    for (const [index, at] of probes.slice(1).entries()) expect(at - probes[index]!).toBeGreaterThan(1_000);
  });
});
