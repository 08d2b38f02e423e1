/** Workers that share one account's limit, by the rules of the program itself, on a clock that is simulated. */
import {
  exchanged,
  LEASE_MS,
  type LedgerEntry,
  type MemberEntry,
  NEW_ENTRY,
} from '../../packages/toolkit/src/throttle/shared/account-ledger.ts';
import { SharedLease } from '../../packages/toolkit/src/throttle/shared/shared-lease.ts';

export interface Scenario {
  readonly workers: number;
  readonly requestsPerMinute: number;
  /** How long an exchange locks the account's row, milliseconds. */
  readonly exchangeMs: number;
  readonly minutes: number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

export interface Simulated {
  /** Of the requests that the limit allows. */
  readonly shareUsed: number;
  /** Of the time. */
  readonly rowBusy: number;
  readonly exchangesPerSecond: number;
  readonly requestsPerExchange: number;
  /** From when a worker asks until it is answered: mean, milliseconds. */
  readonly waitMs: number;
}

/** Of `AccountShare`. */
const JITTER = 0.25;
const POLL_MS = 700;
/** The bucket and the workers' intervals settle first. */
const WARM_UP_MS = 20_000;

interface Ask {
  readonly worker: number;
  at: number;
}

/** Keeps the earliest first. */
function insert(asks: Ask[], ask: Ask): void {
  let [low, high] = [0, asks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (asks[middle]!.at <= ask.at) low = middle + 1;
    else high = middle;
  }
  asks.splice(low, 0, ask);
}

/** Every worker always has calls waiting, and sends what it has leased at once. */
export function simulate({ workers, requestsPerMinute, exchangeMs, minutes, random }: Scenario): Simulated {
  let now = 0;
  const leases = Array.from({ length: workers }, () => ({
    requests: new SharedLease(),
    tokens: new SharedLease(),
  }));
  const members = new Map<number, MemberEntry>();
  let entry: LedgerEntry = { ...NEW_ENTRY, updatedAt: 0 };
  const intervals = new Array<number>(workers).fill(200);
  const asks: Ask[] = [];
  for (let worker = 0; worker < workers; worker += 1) insert(asks, { worker, at: random() * 1_000 });
  let rowFreeAt = 0;
  const end = WARM_UP_MS + minutes * 60_000;
  const sum = { sent: 0, exchanges: 0, busyMs: 0, waitMs: 0 };
  for (;;) {
    // The process that asked first has the row first.
    const ask = asks.shift()!;
    if (ask.at >= end) break;
    const { worker } = ask;
    now = ask.at;
    const { requests, tokens } = leases[worker]!;
    const idle = { intervalMs: intervals[worker]!, isIdle: false, needed: 0, demanded: 0 };
    const report = requests.report({ ...idle, needed: 1, demanded: Number.MAX_SAFE_INTEGER });
    const asked = {
      member: String(worker),
      requests: { ...report, setPerMinute: requestsPerMinute, reportedPerMinute: undefined },
      tokens: { ...tokens.report(idle), setPerMinute: undefined, reportedPerMinute: undefined },
    };
    now = Math.max(ask.at, rowFreeAt) + exchangeMs;
    rowFreeAt = now;
    const others = {
      count: 0,
      setRequests: requestsPerMinute,
      setTokens: null,
      heldRequests: 0,
      heldTokens: 0,
    };
    for (const [each, { renewedAt, heldRequests }] of members) {
      if (each === worker || now >= renewedAt + LEASE_MS) continue;
      others.count += 1;
      others.heldRequests += heldRequests;
    }
    const after = exchanged(entry, members.get(worker), others, asked, now);
    entry = after.entry;
    members.set(worker, after.member);
    requests.granted(after.state.requests);
    intervals[worker] = after.state.intervalMs;
    let sent = 0;
    // A late answer is not relied on.
    const isValid = now < ask.at + after.state.validMs;
    for (; isValid && requests.has(1); sent += 1) requests.take(1);
    if (ask.at >= WARM_UP_MS) {
      sum.sent += sent;
      sum.exchanges += 1;
      sum.busyMs += exchangeMs;
      sum.waitMs += now - ask.at;
    }
    const jitter = 1 + JITTER * (2 * random() - 1);
    const { intervalMs, requests: granted } = after.state;
    // As `AccountShare` plans it: by the interval, when there is enough, and at least as often as it polls.
    const next = Math.min(Math.max(intervalMs * jitter, granted.waitMs), POLL_MS * jitter);
    ask.at = now + next;
    insert(asks, ask);
  }
  const measuredMs = minutes * 60_000;
  return {
    shareUsed: sum.sent / (requestsPerMinute * minutes),
    rowBusy: sum.busyMs / measuredMs,
    exchangesPerSecond: (sum.exchanges * 1_000) / measuredMs,
    requestsPerExchange: sum.sent / Math.max(1, sum.exchanges),
    waitMs: sum.waitMs / Math.max(1, sum.exchanges),
  };
}
