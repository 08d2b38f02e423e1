import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { sameName } from './names.ts';
import type { Participant } from './participant.ts';

/** What may follow a name that somebody is addressed by. */
const afterName = /^([\s,:，：、]|$)/;

/**
 * The participants with these names, first names or ids, ignoring case.
 *
 * @throws PanelistError `USAGE` for a name that nobody has, and for one that could be several
 */
export function participantsNamed(
  participants: readonly Participant[],
  names: readonly string[],
): Participant[] {
  return names.map((name) => {
    const wanted = name.trim();
    return onlyOne(
      namesOf(participants).filter(({ called }) => sameName(called, wanted)),
      participants,
      name,
    );
  });
}

/**
 * `@Name …` is for one participant, whose name may have blanks in it; anything else is for all. The longest name that
 * the text begins with counts.
 *
 * @throws PanelistError as `participantsNamed`
 */
export function addressed(
  participants: readonly Participant[],
  text: string,
): { readonly to: Participant | null; readonly message: string } {
  if (!text.startsWith('@')) return { to: null, message: text };
  const rest = text.slice(1).trimStart();
  const fitting = namesOf(participants).filter(
    ({ called }) =>
      rest.toLowerCase().startsWith(called.toLowerCase()) && afterName.test(rest.slice(called.length)),
  );
  const length = Math.max(0, ...fitting.map(({ called }) => called.length));
  const longest = fitting.filter(({ called }) => called.length === length);
  const name = length > 0 ? rest.slice(0, length) : (rest.split(/\s/)[0] ?? '');
  const to = onlyOne(longest, participants, name);
  return { to, message: rest.slice(length).replace(/^[\s,:，：、]+/, '') };
}

interface Called {
  readonly called: string;
  readonly one: Participant;
  /** Whether it is the whole name or the id, and not a first name. */
  readonly isWhole: boolean;
}

/** All that each can be called: the name, its first words, the id. */
function namesOf(participants: readonly Participant[]): Called[] {
  return participants.flatMap((one) => {
    const ends = [...one.name.matchAll(/\s+/g)].map(({ index }) => index);
    return [
      ...ends.map((end) => ({ called: one.name.slice(0, end), one, isWhole: false })),
      ...[one.name, one.id].map((called) => ({ called, one, isWhole: true })),
    ];
  });
}

/** A whole name goes before the first name of somebody else, and a name before an id. */
function onlyOne(found: readonly Called[], participants: readonly Participant[], name: string): Participant {
  const whole = found.find(({ isWhole, called, one }) => isWhole && sameName(called, one.name));
  const byId = found.find(({ isWhole }) => isWhole);
  const ones = [...new Set(found.map(({ one }) => one))];
  const one = whole?.one ?? byId?.one ?? ones[0];
  const isClear = whole !== undefined || byId !== undefined || ones.length === 1;
  if (one !== undefined && isClear) return one;
  const [problem, listed] =
    one === undefined
      ? [`Nobody in the group is called ${quote(name)}. There are`, participants]
      : [`${quote(name)} could be several of the group. Say which`, ones];
  throw new PanelistError('USAGE', `${problem}: ${listed.map((each) => each.name).join(', ')}.`);
}
