import { parsePersona } from '../../audience/persona.ts';
import { hashText, mix, normal } from '../../random/hash-draws.ts';
import { topicsOf } from './topics.ts';

/** One thing that the persona says of itself. */
export interface PersonaField {
  readonly key: string;
  readonly value: string;
  readonly topics: ReadonlySet<string>;
  readonly keyHash: number;
  /** Of key and value together. */
  readonly hash: number;
  /** The value where it is a number with at most a unit (`34`, `$52,000`, `34岁`), else `null`. */
  readonly number: number | null;
  /** `number` brought to the order of ±1, so that groups of people can lean in proportion to it. */
  readonly z: number;
}

/** What somebody is like whatever they are asked, each about standard normal. */
interface Traits {
  /** Tends to the good end of scales. */
  readonly positivity: number;
  /** Minds what things cost. */
  readonly thrift: number;
  /** Likes what is new, chooses more, says more. */
  readonly openness: number;
}

export interface Persona {
  readonly fields: readonly PersonaField[];
  /** Of all that the persona says, so that equal personas answer alike. */
  readonly hash: number;
  readonly traits: Traits;
}

const MAX_FIELDS = 200;

/**
 * Reads the persona from the system message. Where it has none, the whole text is the persona.
 *
 * @param seed the simulator's; the same persona has other traits under another seed
 */
export function readPersona(systemText: string, seed: number): Persona {
  const fields = parsePersona(systemText)
    .slice(0, MAX_FIELDS)
    .map(([key, value]) => readField(key, value));
  let hash = mix(seed, fields.length === 0 ? hashText(systemText) : 0x7065);
  for (const field of fields) hash = mix(hash, field.hash);
  return {
    fields,
    hash,
    traits: {
      positivity: normal(mix(hash, 1)),
      thrift: normal(mix(hash, 2)),
      openness: normal(mix(hash, 3)),
    },
  };
}

function readField(key: string, value: string): PersonaField {
  const topics = topicsOf(key);
  const keyHash = hashText(key);
  const number = readNumber(value);
  return { key, value, topics, keyHash, hash: hashText(value, keyHash), number, z: standing(number, topics) };
}

function readNumber(value: string): number | null {
  const match = /^[^\d-]{0,3}(-?\d[\d,]{0,14}(?:\.\d{1,6})?)[^\d]{0,12}$/.exec(value);
  return match === null ? null : Number(match[1]?.replaceAll(',', ''));
}

function standing(number: number | null, topics: ReadonlySet<string>): number {
  if (number === null) return 0;
  if (topics.has('age')) return Math.max(-2, Math.min(2, (number - 45) / 17));
  // Money and counts spread over orders of magnitude; about a thousand is the middle.
  return Math.max(-2, Math.min(2, Math.log10(Math.abs(number) + 1) - 3));
}
