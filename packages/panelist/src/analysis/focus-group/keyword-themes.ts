import type { Transcript } from '../../focus-group/transcript.ts';
import type { Quote, Theme } from '../../focus-group/turns/theme.ts';
import { type SaidReply, saidReplies } from './said-replies.ts';
import { termsOf } from './term-vectors.ts';

const MAX_QUOTES = 3;
const MAX_QUOTE = 240;

/** Two words form one theme if at least this share of the rarer word's replies also contains the other. */
const MIN_OVERLAP = 0.7;
const MAX_WORDS = 3;

interface TaggedReply extends SaidReply {
  readonly terms: readonly string[];
}

interface Keyword {
  readonly term: string;
  readonly speakers: number;
  readonly uses: number;
  /** Indices of the replies that contain the word. */
  readonly replies: ReadonlySet<number>;
}

/**
 * Finds themes by counting keywords, without a model: the content words used by the most participants (on ties, the more
 * frequent word first), each with sentences that contain it. Words that mostly occur in the same replies form one theme.
 * The host's words and participants' names are left out, because they belong to the question. The method finds words,
 * not meanings: `rent` and `what we pay` are different themes.
 *
 * @param max maximum number of themes. @default 8
 */
export function keywordThemes(transcript: Transcript, { max = 8 }: { readonly max?: number } = {}): Theme[] {
  const { language } = transcript;
  const replies = saidReplies(transcript).map(
    (reply): TaggedReply => ({ ...reply, terms: termsOf(reply.text, language) }),
  );
  const groups: Keyword[][] = [];
  for (const keyword of keywordsOf(transcript, replies)) {
    const alike = groups.find(
      ([first]) => overlap((first as Keyword).replies, keyword.replies) >= MIN_OVERLAP,
    );
    if (alike === undefined) groups.push([keyword]);
    else alike.push(keyword);
  }
  return groups.slice(0, max).map((keywords) => {
    const [{ term, speakers, replies: having }] = keywords as [Keyword, ...Keyword[]];
    return {
      name: keywords
        .map((keyword) => keyword.term)
        .slice(0, MAX_WORDS)
        .join(', '),
      description: '',
      speakers,
      replies: having.size,
      quotes: quotesWith(term, replies, language),
    };
  });
}

function keywordsOf(
  { language, rounds, participants }: Transcript,
  replies: readonly TaggedReply[],
): Keyword[] {
  const asked = rounds.flatMap(({ message, stimulus }) => [message, stimulus ?? '']);
  const names = participants.map(({ name }) => name);
  const excluded = new Set([...asked, ...names].flatMap((text) => termsOf(text, language)));
  const found = new Map<string, { speakers: Set<string>; uses: number; replies: Set<number> }>();
  for (const [place, { participantId, terms }] of replies.entries()) {
    for (const term of terms) {
      if (excluded.has(term)) continue;
      const use = found.get(term) ?? { speakers: new Set(), uses: 0, replies: new Set() };
      use.speakers.add(participantId);
      use.uses += 1;
      use.replies.add(place);
      found.set(term, use);
    }
  }
  return Array.from(found, ([term, use]) => ({ term, ...use, speakers: use.speakers.size }))
    .filter(({ speakers }) => speakers > 1)
    .toSorted((a, b) => b.speakers - a.speakers || b.uses - a.uses || (a.term < b.term ? -1 : 1));
}

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  return [...a].filter((place) => b.has(place)).length / Math.min(a.size, b.size);
}

/** Each speaker's shortest sentence that contains the word. */
function quotesWith(term: string, replies: readonly TaggedReply[], language: string): Quote[] {
  const best = new Map<string, Quote>();
  for (const { participantId, name, round, text, terms } of replies) {
    if (!terms.includes(term)) continue;
    const sentence = sentencesOf(text)
      .filter((each) => termsOf(each, language).includes(term))
      .toSorted((a, b) => a.length - b.length)[0];
    if (sentence === undefined || sentence.length > MAX_QUOTE) continue;
    const known = best.get(participantId);
    if (known === undefined || sentence.length < known.text.length)
      best.set(participantId, { participantId, name, round, text: sentence });
  }
  return [...best.values()].slice(0, MAX_QUOTES);
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？])\s*|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
