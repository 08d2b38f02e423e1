import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';

const maxName = 60;
/** A longer id, such as a UUID, is not a name to call somebody by. */
const maxIdAsName = 24;

/** What ends a speaker's name in a prompt, and what is drawn like it. */
const colons = /[:：﹕︓ː˸∶꞉։׃܃܄]/gu;
/** What makes a line a list, a heading or a quotation. */
const listMarks = /^(?:[-–—*•>#+](?:\s+|$))+/u;
const brackets = /^[^\p{L}\p{N}]+/u;
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800]/gu;

/** Greek and Cyrillic letters, in lower case, that look like a Latin one in lower or in upper case. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  [
    ...['аa', 'αa', 'вb', 'βb', 'сc', 'ϲc', 'ԁd', 'еe', 'εe', 'һh', 'нh', 'ηh', 'іi', 'ιi', 'јj', 'кk', 'κk'],
    ...['мm', 'μm', 'νn', 'оo', 'οo', 'рp', 'ρp', 'ѕs', 'тt', 'τt', 'υu', 'ѵv', 'ԝw', 'ѡw', 'хx', 'χx', 'уy'],
  ].map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/** What lines of ours begin with in a prompt, as `bare` has it. */
const labels: ReadonlySet<string> = new Set([
  ...['host', 'the host shows', 'now', 'now the questions', 'what was said', 'what was said before'],
  ...['what was said at first in short', 'you yourself said before that', 'the participants'],
  ...['the guide asks next', 'the minutes', 'the group', 'the others', 'you are', 'the person'],
]);
/** Names by which somebody would be taken for the host, for the program, or for a line of a prompt or transcript. */
const reserved =
  /^(?:(?:the )?(?:host|moderator)(?= |$)|round \d|(?:system|user|assistant|participants|shown)$|主持|(?:现在|現在|系统|系統|用户|使用者|助手)$|参与者|參與者|展示|第 ?\d+ ?[轮輪])/;

/** As names are compared wherever somebody is addressed: capitals, forms of a letter and what is not drawn aside. */
export function sameName(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

/** Whether a text begins as a line of ours does: `Host: …`, `Now: …`. */
export function beginsLikeOurs(text: string): boolean {
  const end = text.slice(0, maxName).search(colons);
  return end >= 0 && labels.has(bare(text.slice(0, end)));
}

/**
 * What each of a group is called: by the own name, else by the id, else by a number. No two are called so that one could be
 * taken for the other, and nobody so that what they say could be taken for a line of ours: such names have the id behind
 * them.
 *
 * @param people in their order; `name` is empty where none is known
 */
export function distinctNames(people: readonly { readonly id: string; readonly name: string }[]): string[] {
  const own = people.map(({ id, name }, index) => {
    const called = label(id);
    const fallback = called !== '' && called.length <= maxIdAsName ? called : `P${index + 1}`;
    return shortened(label(name), maxName) || fallback;
  });
  const counts = new Map<string, number>();
  for (const name of own.map(lookalike)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return own.map((name, index) => {
    const isShared = (counts.get(lookalike(name)) as number) > 1;
    const known = label((people[index] as { readonly id: string }).id);
    const id = bare(known) === '' ? `P${index + 1}` : known;
    const called = isReserved(name)
      ? `${label(name.normalize('NFKC').replace(invisible, '').replace(brackets, ''))} (${id})`
      : `${name}${isShared ? ` (${id})` : ''}`;
    const isFree = (one: string): boolean => !taken.has(lookalike(one)) && !labels.has(bare(one));
    // Another may be called just so: "Ada (2)" beside two called "Ada".
    let distinct = called;
    for (let number = index + 1; !isFree(distinct); number += people.length)
      distinct = `${called} (${number})`;
    taken.add(lookalike(distinct));
    return distinct;
  });
}

function isReserved(name: string): boolean {
  const text = bare(name);
  return labels.has(text) || reserved.test(text);
}

/** A text that can precede a colon: one line, without a colon; empty where nothing of it is visible. */
function label(text: string): string {
  const flat = oneLine(text.replaceAll(colons, ' ')).replace(listMarks, '');
  return flat.replace(invisible, '').trim() === '' ? '' : flat;
}

function plain(name: string): string {
  return oneLine(name.normalize('NFKC').replace(invisible, '').toLowerCase());
}

/** Equal for two names that could be taken for each other. */
function lookalike(name: string): string {
  return Array.from(plain(name), (letter) => lookalikes.get(letter) ?? letter).join('');
}

/** The same without accents and punctuation. */
function bare(name: string): string {
  return oneLine(
    lookalike(name.normalize('NFKD').replace(/\p{M}/gu, '')).replaceAll(/[^\p{L}\p{N}]+/gu, ' '),
  );
}
