import type { Transcript } from '../../focus-group/transcript.ts';
import { seededUniform } from '../../random/seeded-uniform.ts';
import type { Interval } from '../statistics/intervals.ts';
import { type SaidReply, saidReplies } from './said-replies.ts';
import { similarity, type TermVector, termVectors } from './term-vectors.ts';

export interface SpeakerDistinctiveness {
  readonly participantId: string;
  readonly name: string;
  /** Replies that were classified. */
  readonly replies: number;
  /** Share of them attributed to this speaker, 0 to 1. */
  readonly recognised: number;
}

/**
 * Whether participants can be distinguished by their words: each reply is attributed to the participant whose replies in
 * other rounds are most similar (nearest centroid of TF-IDF vectors). The reply's whole round is left out, with its
 * follow-ups: the others' replies there share its topic, which its speaker's other replies do not. Ties are divided
 * equally. A share far above chance means that participants differ; one within chance, that all sound the same. A
 * favourite phrase is enough to be recognised.
 */
export interface Distinctiveness {
  /** Participants who spoke in at least two rounds. */
  readonly speakers: readonly SpeakerDistinctiveness[];
  readonly replies: number;
  /** Share of replies attributed to the right speaker; `null` for fewer than two speakers. */
  readonly recognised: number | null;
  /** The share expected if one voice spoke for all; `null` as `recognised`. */
  readonly chance: Chance | null;
}

/**
 * What remains when the speakers of each round are permuted at random: topics and lengths stay, and who said what is lost.
 * Good, Permutation, Parametric, and Bootstrap Tests of Hypotheses (3rd ed., 2005), chapter 3 (restricted permutations).
 */
export interface Chance {
  readonly mean: number;
  /** The middle 95 % of the permutations. */
  readonly range: Interval;
  /** How often a permutation is recognised at least as well, one-sided; counts the real order as one of them. */
  readonly p: number;
  readonly permutations: number;
}

/** The first ones, if there are more. */
const maxReplies = 2_000;
const maxPermutations = 999;
/** Pairs of replies to look at over all permutations: about a second. */
const maxPairs = 100_000_000;

export function distinctiveness(transcript: Transcript): Distinctiveness {
  const replies = classifiableReplies(transcript);
  const speakers = [...new Set(replies.map(({ participantId }) => participantId))];
  if (speakers.length < 2) return { speakers: [], replies: 0, recognised: null, chance: null };
  const voices = new Voices(replies, speakers.length);
  const order = new Map(speakers.map((id, place) => [id, place]));
  const real = replies.map(({ participantId }) => order.get(participantId) as number);
  const right = voices.rightlyAttributed(real);
  return {
    speakers: speakers.map((participantId, speaker) => {
      const own = replies.flatMap((reply, at) => (real[at] === speaker ? [{ reply, right: right[at] }] : []));
      const name = own[0]?.reply.name ?? '';
      const share = own.reduce((sum, each) => sum + (each.right as number), 0) / own.length;
      return { participantId, name, replies: own.length, recognised: share };
    }),
    replies: replies.length,
    recognised: mean(right),
    chance: chanceOf(voices, replies, real, mean(right)),
  };
}

interface TopicReply extends SaidReply {
  /** A round and its follow-ups. */
  readonly topic: string;
  readonly vector: TermVector;
}

/** Replies with content words, of those who spoke on at least two topics. */
function classifiableReplies(transcript: Transcript): TopicReply[] {
  const topics = new Map(transcript.rounds.map(({ round, step }) => [round, step.split('/')[0] as string]));
  const said = saidReplies(transcript).slice(0, maxReplies);
  const vectors = termVectors(
    said.map(({ text }) => text),
    transcript.language,
  );
  const replies = said.flatMap((reply, at): TopicReply[] => {
    const vector = vectors[at] as TermVector;
    return vector.size === 0 ? [] : [{ ...reply, vector, topic: topics.get(reply.round) as string }];
  });
  const spokenOn = new Map<string, Set<string>>();
  for (const { participantId, topic } of replies)
    spokenOn.set(participantId, (spokenOn.get(participantId) ?? new Set()).add(topic));
  return replies.filter(({ participantId }) => (spokenOn.get(participantId)?.size ?? 0) > 1);
}

function chanceOf(
  voices: Voices,
  replies: readonly TopicReply[],
  real: readonly number[],
  recognised: number,
): Chance {
  const permutations = Math.max(
    99,
    Math.min(maxPermutations, Math.floor(maxPairs / Math.max(1, replies.length ** 2))),
  );
  const rounds = new Map<number, number[]>();
  for (const [at, { round }] of replies.entries()) rounds.set(round, [...(rounds.get(round) ?? []), at]);
  const uniform = seededUniform(1);
  const speakers = [...real];
  const shares: number[] = [];
  for (let permutation = 0; permutation < permutations; permutation += 1) {
    for (const places of rounds.values()) permute(speakers, places, uniform);
    shares.push(mean(voices.rightlyAttributed(speakers)));
  }
  shares.sort((a, b) => a - b);
  const tail = Math.floor(permutations * 0.025);
  return {
    mean: mean(shares),
    range: { low: shares[tail] as number, high: shares[permutations - 1 - tail] as number },
    p: (1 + shares.filter((share) => share >= recognised - 1e-9).length) / (1 + permutations),
    permutations,
  };
}

function permute(values: number[], places: readonly number[], uniform: () => number): void {
  for (let left = places.length - 1; left > 0; left -= 1) {
    const [a, b] = [places[left] as number, places[Math.floor(uniform() * (left + 1))] as number];
    [values[a], values[b]] = [values[b] as number, values[a] as number];
  }
}

/** Attributes replies to speakers, given who said what. Similarities of replies are computed once. */
class Voices {
  readonly #similarity: Float64Array[];
  readonly #topics: Int32Array;
  readonly #topicCount: number;
  /** The replies on each topic. */
  readonly #onTopic: number[][];
  readonly #speakerCount: number;

  constructor(replies: readonly TopicReply[], speakerCount: number) {
    this.#similarity = replies.map(() => new Float64Array(replies.length));
    for (const [reply, { vector }] of replies.entries()) {
      for (let other = 0; other <= reply; other += 1) {
        const likeness = similarity(vector, replies[other]?.vector as TermVector);
        (this.#similarity[reply] as Float64Array)[other] = likeness;
        (this.#similarity[other] as Float64Array)[reply] = likeness;
      }
    }
    const topics = new Map<string, number>();
    this.#topics = Int32Array.from(replies, ({ topic }) => {
      const known = topics.get(topic) ?? topics.size;
      topics.set(topic, known);
      return known;
    });
    this.#topicCount = topics.size;
    this.#onTopic = Array.from({ length: topics.size }, () => []);
    for (const [reply, topic] of this.#topics.entries()) this.#onTopic[topic]?.push(reply);
    this.#speakerCount = speakerCount;
  }

  /** For each reply 1 if it is attributed to its speaker, 0 if not, and a part of 1 if several are equally near. */
  rightlyAttributed(speakers: readonly number[]): number[] {
    const [topics, count] = [this.#topics, this.#speakerCount];
    const who = Int32Array.from(speakers);
    const toSpeakers = this.#similarity.map((row, reply) => {
      const [sums, own] = [new Float64Array(count), topics[reply] as number];
      // By far most of the time goes into this loop.
      for (let other = 0; other < row.length; other += 1) {
        if (topics[other] === own) continue;
        const speaker = who[other] as number;
        sums[speaker] = (sums[speaker] as number) + (row[other] as number);
      }
      return sums;
    });
    const squared = this.#squaredLengths(who, toSpeakers);
    return toSpeakers.map((sums, reply) => {
      const topic = topics[reply] as number;
      let [best, tied] = [Number.NEGATIVE_INFINITY, 0];
      for (let speaker = 0; speaker < count; speaker += 1) {
        const length = squared[speaker * this.#topicCount + topic] as number;
        const likeness = length > 1e-12 ? (sums[speaker] as number) / Math.sqrt(length) : 0;
        sums[speaker] = likeness;
        if (likeness > best + 1e-12) [best, tied] = [likeness, 1];
        else if (likeness >= best - 1e-12) tied += 1;
      }
      return (sums[who[reply] as number] as number) < best - 1e-12 ? 0 : 1 / tied;
    });
  }

  /** Of each speaker's sum of vectors without a topic: the pairs of all their replies, less those that involve the topic. */
  #squaredLengths(who: Int32Array, toSpeakers: readonly Float64Array[]): Float64Array {
    const lengths = new Float64Array(this.#speakerCount * this.#topicCount);
    const all = new Float64Array(this.#speakerCount);
    for (const [reply, speaker] of who.entries()) {
      const topic = this.#topics[reply] as number;
      let within = 0;
      for (const other of this.#onTopic[topic] as number[])
        if (who[other] === speaker) within += this.#similarity[reply]?.[other] as number;
      const across = toSpeakers[reply]?.[speaker] as number;
      const place = speaker * this.#topicCount + topic;
      all[speaker] = (all[speaker] as number) + across + within;
      // A pair of two topics is met from both sides.
      lengths[place] = (lengths[place] as number) - 2 * across - within;
    }
    return lengths.map((less, place) => less + (all[Math.floor(place / this.#topicCount)] as number));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
