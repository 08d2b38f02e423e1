// Whether one voice that plays everybody is recognised as such: `node bench/statistics/distinctiveness.ts [groups]`.
// Each round has words of its topic, which all use; a voice of one's own adds words that only this participant prefers.
import { distinctiveness } from '../../packages/panelist/src/analysis/focus-group/distinctiveness.ts';
import {
  normalised,
  similarity,
  sumOf,
  termVectors,
} from '../../packages/panelist/src/analysis/focus-group/term-vectors.ts';
import { transcriptOfTalk } from '../../packages/panelist/src/analysis/focus-group/testing/build-transcript.ts';
import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';

const groups = Number(process.argv[2] ?? 300);
const uniform = seededUniform(8);

console.log(`${groups} groups each; 8 participants, 30 words a reply, a third of them of the round's topic`);
console.log('own words  rounds   before: right  below chance    now: right  chance  p < 0.05');
for (const own of [0, 0.1, 0.2]) for (const rounds of [3, 6]) console.log(row(own, rounds));

function row(own: number, rounds: number): string {
  let [before, below, now, chance, significant] = [0, 0, 0, 0, 0];
  for (let group = 0; group < groups; group += 1) {
    const talk = Array.from({ length: rounds }, (_, round) =>
      Object.fromEntries(
        Array.from({ length: 8 }, (_unused, person) => [`P${person}`, reply(round, person, own)]),
      ),
    );
    const earlier = leaveOneOut(talk);
    before += earlier / groups;
    if (earlier < 1 / 8) below += 1 / groups;
    const found = distinctiveness(transcriptOfTalk(talk));
    now += (found.recognised ?? 0) / groups;
    chance += (found.chance?.mean ?? 0) / groups;
    if ((found.chance?.p ?? 1) < 0.05) significant += 1 / groups;
  }
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    percent(own).padStart(9),
    String(rounds).padStart(6),
    percent(before).padStart(16),
    percent(below).padStart(12),
    percent(now).padStart(12),
    percent(chance).padStart(7),
    percent(significant).padStart(9),
  ].join(' ');
}

function reply(round: number, person: number, own: number): string {
  return Array.from({ length: 30 }, () => {
    const kind = uniform();
    if (kind < own) return `own${person}x${word(10)}`;
    return kind < own + 1 / 3 ? `topic${round}x${word(30)}` : `common${word(200)}`;
  }).join(' ');
}

function word(count: number): string {
  // Made of letters, since numbers don't count as words. A few words are frequent, as in any language.
  const index = Math.floor(count * uniform() ** 2);
  return String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26));
}

/** The former method: centroids of all other replies, those of the same round too. */
function leaveOneOut(talk: readonly Readonly<Record<string, string>>[]): number {
  const replies = talk.flatMap((said) => Object.entries(said));
  const vectors = termVectors(
    replies.map(([, text]) => text),
    'en',
  );
  const names = [...new Set(replies.map(([name]) => name))];
  const right = replies.map(([name], at) => {
    const near = names.map((other) => {
      const theirs = vectors.filter((_, index) => replies[index]?.[0] === other && index !== at);
      return similarity(vectors[at] ?? new Map(), normalised(sumOf(theirs)));
    });
    return near.indexOf(Math.max(...near)) === names.indexOf(name) ? 1 : 0;
  });
  return right.reduce((sum: number, each) => sum + each, 0) / right.length;
}
