/** Workers that share one account's limit, by the rules of the program itself, on a clock that is simulated. */
import {
  exchanged,
  type LedgerEntry,
  type MemberEntry,
  NEW_ENTRY,
} from '../../packages/toolkit/src/throttle/shared/account-ledger.ts';
import { ExchangePace } from '../../packages/toolkit/src/throttle/shared/exchange-pace.ts';
import { SharedLease } from '../../packages/toolkit/src/throttle/shared/shared-lease.ts';

export interface Scenario {
  readonly workers: number;
  readonly requestsPerMinute: number;
  /** How long an exchange locks the account's row, milliseconds. */
  readonly exchangeMs: number;
  /** From when it is measured. All workers begin in the first second, and find out how often they can ask. */
  readonly startMs: number;
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
  /** Between two exchanges of a worker, milliseconds. */
  readonly intervalMs: number;
  /** In the busiest minute, of what the limit allows. */
  readonly busiestMinute: number;
  /** Of the workers: those that have sent nothing. */
  readonly starved: number;
}

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
export function simulate(scenario: Scenario): Simulated {
  const { workers, requestsPerMinute, exchangeMs, startMs, minutes, random } = scenario;
  const leases = Array.from({ length: workers }, () => ({
    requests: new SharedLease(),
    tokens: new SharedLease(),
    pace: new ExchangePace(random),
    sent: 0,
  }));
  const members = new Map<number, MemberEntry>();
  let entry: LedgerEntry = { ...NEW_ENTRY, updatedAt: 0 };
  const asks: Ask[] = [];
  for (let worker = 0; worker < workers; worker += 1) insert(asks, { worker, at: random() * 1_000 });
  let rowFreeAt = 0;
  const end = startMs + minutes * 60_000;
  const sum = { sent: 0, exchanges: 0, waitMs: 0 };
  const minute = new BusiestMinute();
  for (;;) {
    // The process that asked first has the row first.
    const ask = asks.shift()!;
    if (ask.at >= end) break;
    const { worker } = ask;
    const lease = leases[worker]!;
    const { requests, tokens, pace } = lease;
    const { intervalMs } = pace;
    const nothing = { intervalMs, isIdle: false, needed: 0, demanded: 0 };
    const wants = requests.report({ ...nothing, needed: 1, demanded: Number.MAX_SAFE_INTEGER });
    const report = {
      member: String(worker),
      requests: { ...wants, setPerMinute: requestsPerMinute, reportedPerMinute: undefined },
      tokens: { ...tokens.report(nothing), setPerMinute: undefined, reportedPerMinute: undefined },
      exchangeMs: pace.exchangeMs,
    };
    const now = Math.max(ask.at, rowFreeAt) + exchangeMs;
    rowFreeAt = now;
    const after = exchanged(entry, members.get(worker), report, now);
    entry = after.entry;
    members.set(worker, after.member);
    pace.exchanged(now, now - ask.at, after.state);
    requests.granted(after.state.requests, ask.at + after.state.leaseMs);
    let sent = 0;
    for (; requests.has(1, now); sent += 1) requests.take(1);
    minute.add(now, sent);
    if (ask.at >= startMs) {
      lease.sent += sent;
      sum.sent += sent;
      sum.exchanges += 1;
      sum.waitMs += now - ask.at;
    }
    // As `AccountShare` plans it.
    const waitedFor = Math.max(pace.nextTurnAt, now + after.state.requests.waitMs);
    ask.at = Math.min(waitedFor, Math.max(pace.readyAt, pace.pollAt));
    insert(asks, ask);
  }
  const measuredMs = minutes * 60_000;
  return {
    shareUsed: sum.sent / (requestsPerMinute * minutes),
    rowBusy: (sum.exchanges * exchangeMs) / measuredMs,
    exchangesPerSecond: (sum.exchanges * 1_000) / measuredMs,
    requestsPerExchange: sum.sent / Math.max(1, sum.exchanges),
    waitMs: sum.waitMs / Math.max(1, sum.exchanges),
    intervalMs: (workers * measuredMs) / Math.max(1, sum.exchanges),
    busiestMinute: minute.most / requestsPerMinute,
    starved: leases.filter(({ sent }) => sent === 0).length / workers,
  };
}

class BusiestMinute {
  readonly #sent: { readonly at: number; readonly amount: number }[] = [];
  #first = 0;
  #inMinute = 0;
  most = 0;

  add(at: number, amount: number): void {
    if (amount === 0) return;
    this.#sent.push({ at, amount });
    this.#inMinute += amount;
    for (; this.#sent[this.#first]!.at <= at - 60_000; this.#first += 1)
      this.#inMinute -= this.#sent[this.#first]!.amount;
    this.most = Math.max(this.most, this.#inMinute);
  }
}
