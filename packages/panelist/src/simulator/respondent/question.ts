import { hashText, mix, normal, unit } from '../../random/hash-draws.ts';
import type { Persona } from './persona.ts';
import { topicsOf } from './topics.ts';

/** Who is asked, under which seeds. */
export interface SimulatedRespondent {
  readonly persona: Persona;
  /** The simulator's seed: which groups of people lean which way. */
  readonly worldSeed: number;
  /** The simulator's seed with the request's own: what is left to chance in one answer. */
  readonly seed: number;
  /** The share of choices that fall on what is listed first. */
  readonly firstOptionBias: number;
  /** How others took the matter, from -1 to 1, whom the persona has just heard; `null` where there were none. */
  readonly heardMood: number | null;
}

/** Characters of a question's title that count. */
export const maxTitle = 2_000;

/**
 * One question to one persona, and the only source of chance for its answer: draws depend on seed, persona and
 * question, not on what else was asked. So the same question gets the same answer on any page, and again.
 */
export class Question {
  readonly respondent: SimulatedRespondent;
  readonly name: string;
  readonly title: string;
  readonly id: number;
  readonly topics: ReadonlySet<string>;

  constructor(respondent: SimulatedRespondent, name: string, title: string, parentId = 0) {
    this.respondent = respondent;
    this.name = name;
    this.title = title.slice(0, maxTitle);
    this.id = mix(mix(parentId, hashText(name)), hashText(this.title));
    this.topics = topicsOf(this.title);
  }

  get persona(): Persona {
    return this.respondent.persona;
  }

  /** A 32-bit draw; `purpose` distinguishes the draws of one question. */
  draw(purpose: number): number {
    return mix(mix(mix(this.respondent.seed, this.persona.hash), this.id), purpose);
  }

  /** True for this share of the personas. */
  chance(share: number, purpose: number): boolean {
    return unit(this.draw(purpose)) < share;
  }

  /**
   * How much people like this one lean towards something (an option, the upper end of a scale), in standard
   * deviations: some is common to all, some comes from what their persona says. About two in five of the persona's
   * fields matter to a given question; a number (age, income) counts in proportion, a word as the group it names.
   */
  lean(towards: number): number {
    const about = mix(mix(this.respondent.worldSeed, this.id), towards);
    let sum = 0;
    let relevant = 0;
    for (const field of this.persona.fields) {
      const relevance = mix(about, field.keyHash);
      if (unit(relevance) > 0.4) continue;
      relevant++;
      sum += field.number === null ? normal(mix(about, field.hash)) : normal(mix(relevance, 1)) * field.z;
    }
    // Divided by the root, or the more is known of people, the more extreme they would all be.
    return 0.1 + 0.4 * normal(about) + (0.6 * sum) / Math.sqrt(Math.max(1, relevant));
  }
}

/** Draw purposes, one for each use of chance. */
export const PURPOSE = {
  empty: 1,
  branch: 2,
  scale: 3,
  aside: 4,
  number: 5,
  opening: 6,
  field: 7,
  length: 8,
  firstOption: 9,
  form: 10,
  option: 1_000,
} as const;
