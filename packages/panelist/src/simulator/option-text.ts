import { PanelistError } from '../panelist-error.ts';
import { CONTENT_FAULTS, type FaultName, TRANSPORT_FAULTS } from './faults.ts';
import type { Latency } from './latency.ts';
import {
  type FaultOptions,
  type LaterLimit,
  OptionError,
  resolveOptions,
  type SimulatorOptions,
} from './options.ts';

/** A simulator option as text: a flag of `panelist simulate`, and a setting in `--model 'simulator?…'`. */
export interface OptionText {
  /** `seed`: `--seed 7`, `simulator?seed=7`. */
  readonly name: string;
  /** What stands for the value in `--help`. */
  readonly value: string;
  readonly description: string;
  read(text: string): { readonly options?: SimulatorOptions; readonly faults?: FaultOptions };
}

const faultDescriptions: Readonly<Record<FaultName, string>> = {
  rateLimitWithHint: '429 that says how long to wait',
  rateLimitWithoutHint: '429 that does not say how long to wait',
  serverError: '500',
  unavailable: '503',
  disconnect: 'a connection that is cut',
  malformedBody: '200 with a body that is no JSON',
  truncated: 'a reply that is cut off',
  malformed: 'a reply in a form that nobody asked for',
  notAnOption: 'an answer that is none of the options',
  refusal: 'a respondent who declines',
};

export const simulatorOptionTexts: readonly OptionText[] = [
  {
    name: 'seed',
    value: 'N',
    description: 'settles every answer, fault and latency (default 1)',
    read: (text) => ({ options: { seed: number('seed', text) } }),
  },
  {
    name: 'latency',
    value: 'MS',
    description: 'evenly spread as MIN-MAX, or log-normal as MEDIAN~P95, milliseconds (default 0)',
    read: (text) => ({ options: { latency: latency(text) } }),
  },
  {
    name: 'rpm',
    value: 'N',
    description: 'requests allowed per minute (default unlimited)',
    read: (text) => ({ options: { requestsPerMinute: number('rpm', text) } }),
  },
  {
    name: 'rpm-then',
    value: 'N@MS',
    description: 'requests allowed per minute from MS milliseconds after the first request on',
    read: (text) => ({ options: { requestsPerMinuteThen: laterLimit(text) } }),
  },
  {
    name: 'tpm',
    value: 'N',
    description: 'tokens allowed per minute (default unlimited)',
    read: (text) => ({ options: { tokensPerMinute: number('tpm', text) } }),
  },
  {
    name: 'burst-ms',
    value: 'MS',
    description: 'how much may come at once, as time at the full rate (default 60000)',
    read: (text) => ({ options: { burstMs: number('burst-ms', text) } }),
  },
  {
    name: 'rate-limit-headers',
    value: 'WHICH',
    description: 'all, retry-after or none (default all)',
    read: (text) => ({ options: { rateLimitHeaders: text as 'all' } }),
  },
  {
    name: 'first-option-bias',
    value: 'SHARE',
    description: 'share of choices, 0 to 1, that fall on what is listed first, whatever it is (default 0)',
    read: (text) => ({ options: { firstOptionBias: number('first-option-bias', text) } }),
  },
  ...[...TRANSPORT_FAULTS, ...CONTENT_FAULTS].map(
    (fault): OptionText => ({
      name: kebabCase(fault),
      value: 'RATE',
      description: `share of requests, 0 to 1, answered with ${faultDescriptions[fault]}`,
      read: (text) => ({ faults: { [fault]: number(kebabCase(fault), text) } }),
    }),
  ),
  {
    name: 'hint-ms',
    value: 'MS',
    description: 'the wait that a 429 with a hint tells (default 300)',
    read: (text) => ({ faults: { hintMs: number('hint-ms', text) } }),
  },
  {
    name: 'quota-after',
    value: 'N',
    description: 'refuse everything with insufficient_quota after N requests',
    read: (text) => ({ faults: { quotaAfter: number('quota-after', text) } }),
  },
];

/** What those that are more than a number may be. */
const FORMS: Readonly<Record<string, string>> = {
  latency: 'a number, MIN-MAX or MEDIAN~P95',
  'rpm-then': 'N@MS, two numbers as in 2400@5000',
};

/**
 * Options from name and text, in any order.
 * @throws PanelistError `USAGE` for a name that is unknown, and a text that cannot be read or is out of range; whether
 *   values go together is for `startSimulator` to say.
 */
export function readSimulatorOptions(
  settings: Iterable<readonly [name: string, text: string]>,
): SimulatorOptions {
  let options: SimulatorOptions = {};
  let faults: FaultOptions = {};
  for (const [name, text] of settings) {
    const setting = simulatorOptionTexts.find((known) => known.name === name);
    if (setting === undefined) {
      const known = simulatorOptionTexts.map((each) => each.name).join(', ');
      throw new PanelistError(
        'USAGE',
        `The simulator has no setting ${JSON.stringify(name)}. It has: ${known}.`,
      );
    }
    const read = setting.read(text);
    checkAlone(name, read);
    options = { ...options, ...read.options };
    faults = { ...faults, ...read.faults };
  }
  return { ...options, faults };
}

/** Says what is wrong under the name that the setting was written by. */
function checkAlone(name: string, { options, faults }: ReturnType<OptionText['read']>): void {
  try {
    resolveOptions({ ...options, faults });
  } catch (error) {
    throw error instanceof OptionError ? error.named(name) : error;
  }
}

function latency(text: string): Latency {
  const spread = /^([\d.]+)-([\d.]+)$/.exec(text);
  if (spread !== null) return { minMs: number('latency', spread[1]!), maxMs: number('latency', spread[2]!) };
  const logNormal = /^([\d.]+)~([\d.]+)$/.exec(text);
  if (logNormal !== null) {
    return { medianMs: number('latency', logNormal[1]!), p95Ms: number('latency', logNormal[2]!) };
  }
  const fixed = number('latency', text);
  return { minMs: fixed, maxMs: fixed };
}

function laterLimit(text: string): LaterLimit {
  const parts = /^([^@]+)@([^@]+)$/.exec(text);
  if (parts !== null)
    return { perMinute: number('rpm-then', parts[1]!), afterMs: number('rpm-then', parts[2]!) };
  throw new PanelistError(
    'USAGE',
    `The simulator's rpm-then must be N@MS, as in 2400@5000 (2,400 a minute from 5 seconds on), got ${JSON.stringify(text)}.`,
  );
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && !Number.isNaN(value)) return value;
  throw new PanelistError(
    'USAGE',
    `The simulator's ${name} must be ${FORMS[name] ?? 'a number'}, got ${JSON.stringify(text)}.`,
  );
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
