/**
 * Simulates 3 to 3,000 workers that lease one account's limit from one row: how busy the row is, how often each
 * asks, and how much of the limit is used. Leases, the ledger and the pace of exchanges are the program's own; how long an
 * exchange locks the row is measured on PostgreSQL first. `docs/scale.md` has the figures.
 *
 * `node bench/scale-simulation.ts [requests per minute, default 60000]`
 */
import { measureExchanges, queuedMsOf } from './scale-simulation/exchange-times.ts';
import { simulate } from './scale-simulation/simulate.ts';

const requestsPerMinute = Number(process.argv[2] ?? 60_000);
const WORKERS = [3, 30, 100, 300, 1_000, 3_000];
const EXCHANGE_MS = [1, 2, 5, 20];
const MINUTES = 5;
/** By then, the workers know how often they can ask. */
const SETTLED_MS = 300_000;

/** The same numbers in every run. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

const times = await measureExchanges([3, 100, 1_000, 3_000]);
console.log('One exchange on PostgreSQL, measured, milliseconds');
console.table(
  Object.fromEntries(
    times.map(({ members, aloneMs, queuedMs }) => [
      `${members} workers`,
      { alone: aloneMs.toFixed(2), 'one after another on one row': queuedMs.toFixed(2) },
    ]),
  ),
);
console.log(
  `${requestsPerMinute} requests per minute, simulated for ${MINUTES} minutes: limit used (row busy), by the time of an exchange`,
);
console.table(
  Object.fromEntries(
    WORKERS.map((workers) => [
      `${workers} workers`,
      Object.fromEntries(
        EXCHANGE_MS.map((exchangeMs) => {
          const result = simulate({
            workers,
            requestsPerMinute,
            exchangeMs,
            startMs: SETTLED_MS,
            minutes: MINUTES,
            random: seeded(),
          });
          const [used, busy] = [result.shareUsed, result.rowBusy].map((share) => (100 * share).toFixed(0));
          return [`${exchangeMs} ms`, `${used} % (${busy} %)`];
        }),
      ),
    ]),
  ),
);
console.log('The same with the measured times');
console.table(
  Object.fromEntries(
    WORKERS.map((workers) => {
      const exchangeMs = queuedMsOf(times, workers);
      const run = (startMs: number, minutes: number) =>
        simulate({ workers, requestsPerMinute, exchangeMs, startMs, minutes, random: seeded() });
      const result = run(SETTLED_MS, MINUTES);
      return [
        `${workers} workers`,
        {
          'limit used': percent(result.shareUsed),
          'in the first minute': percent(run(0, 1).shareUsed),
          'busiest minute': percent(result.busiestMinute),
          'row busy': percent(result.rowBusy),
          'exchanges a second': result.exchangesPerSecond.toFixed(0),
          'requests an exchange': result.requestsPerExchange.toFixed(1),
          'exchange takes, ms': result.waitMs.toFixed(0),
          'each asks every, s': (result.intervalMs / 1_000).toFixed(1),
        },
      ];
    }),
  ),
);
