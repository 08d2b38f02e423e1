import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../clock/clock.ts';

/** 45 bits of milliseconds: until the year 3084. */
const TIME_DIGITS = 9;
const COUNTER_DIGITS = 4;
const COUNTER_LIMIT = 32 ** COUNTER_DIGITS;
const RANDOM_DIGITS = 10;

interface Last {
  timeMs: number;
  counter: number;
}

/** Per clock, so that a test's clock and the machine's do not affect each other. */
const lastByClock = new WeakMap<Clock, Last>();

/**
 * A new id, `task_` and 23 digits and letters: milliseconds, a counter, 48 random bits. Ids sort by the time they
 * were made; those of one process exactly in the order they were made, even when its clock is set back.
 */
export function createTaskId(clock: Clock = systemClock): string {
  const last = lastByClock.get(clock) ?? { timeMs: -1, counter: 0 };
  lastByClock.set(clock, last);
  const now = Math.floor(clock.now());
  if (now > last.timeMs) {
    last.timeMs = now;
    last.counter = 0;
  } else {
    last.counter += 1;
    if (last.counter === COUNTER_LIMIT) {
      last.timeMs += 1;
      last.counter = 0;
    }
  }
  return `task_${base32(last.timeMs, TIME_DIGITS)}${base32(last.counter, COUNTER_DIGITS)}${randomDigits()}`;
}

/** Base 32 with `0-9a-v`, whose order as text is its order as a number. */
function base32(value: number, digits: number): string {
  return value.toString(32).padStart(digits, '0');
}

function randomDigits(): string {
  return base32(randomBytes(6).readUIntBE(0, 6), RANDOM_DIGITS);
}
