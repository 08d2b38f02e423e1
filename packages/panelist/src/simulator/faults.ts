import { hashText, mix, unit } from '../random/hash-draws.ts';

/** Faults of the wire. Drawn for every arrival of a request, so that a retry can succeed. */
export const TRANSPORT_FAULTS = [
  /** 429 with `retry-after` and `retry-after-ms`. */
  'rateLimitWithHint',
  /** 429 that does not say how long to wait. */
  'rateLimitWithoutHint',
  /** 500. */
  'serverError',
  /** 503. */
  'unavailable',
  /** The connection is cut: before any byte, or in the middle of the body. */
  'disconnect',
  /** 200 with half a JSON text, or with a page of HTML. */
  'malformedBody',
] as const;

/** Faults of what is said. Drawn once per request: the same question gets the same bad answer. */
export const CONTENT_FAULTS = [
  /** The reply is cut in the middle, with `finish_reason: "length"`. */
  'truncated',
  /** Valid JSON in which one choice is none of the options. Needs a schema with an `enum`. */
  'notAnOption',
  /** JSON in a form that nobody asked for: a fence, prose around it, wrong case, a letter for an option, two options … */
  'malformed',
  /** The respondent declines: in `message.refusal`, or in prose. */
  'refusal',
] as const;

export type TransportFault = (typeof TRANSPORT_FAULTS)[number];
export type ContentFault = (typeof CONTENT_FAULTS)[number];
export type FaultName = TransportFault | ContentFault;

/** The share of requests, 0 to 1, that each fault befalls. */
export type FaultRates = Readonly<Record<FaultName, number>>;

/** `attempt` counts from 0 how often this request has come before. */
export function drawTransportFault(
  rates: FaultRates,
  hash: string,
  attempt: number,
  seed: number,
): TransportFault | null {
  return pick(TRANSPORT_FAULTS, rates, unit(mix(hashText(hash, seed), attempt)));
}

export function drawContentFault(rates: FaultRates, hash: string, seed: number): ContentFault | null {
  return pick(CONTENT_FAULTS, rates, unit(mix(hashText(hash, seed), -1)));
}

/** Lays the rates end to end on the line from 0 to 1 and looks where `draw` falls. */
function pick<Name extends FaultName>(names: readonly Name[], rates: FaultRates, draw: number): Name | null {
  let end = 0;
  for (const name of names) {
    end += rates[name];
    if (draw < end) return name;
  }
  return null;
}
