import { quote } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { PanelistError } from '../panelist-error.ts';
import { isVisible } from '../survey/expressions.ts';
import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import type { FocusGroupGuide } from './guide.ts';

/** Everyone hears everyone: the tokens of a round grow with the square of the group. */
const maxParticipants = 200;
const maxName = 60;
const maxColumns = 30;
/** A longer id, such as a UUID, is no name to be called by. */
const maxIdAsName = 24;
/** Who is called so would be taken for whoever leads the talk. */
const hostNames: ReadonlySet<string> = new Set(['host', 'moderator', '主持人']);
/** The first that a persona has; the parts of a name are put together. Case, blanks and underscores aside. */
const nameFields = [
  ['name'],
  ['fullname'],
  ['姓名'],
  ['名字'],
  ['firstname', 'lastname'],
  ['givenname', 'surname'],
];

/** One AI participant of a focus group. */
export interface Participant {
  readonly id: string;
  /** What the others call them: no two are called the same. */
  readonly name: string;
  readonly persona: Readonly<Record<string, string>>;
}

/**
 * Who takes part, of those in the audience.
 *
 * @throws PanelistError `GUIDE_INVALID` where nobody is left, an id is unknown, or there are more than 200
 */
export function chooseParticipants(
  { ids, where, limit }: FocusGroupGuide['participants'],
  audience: readonly Respondent[],
): Participant[] {
  const byId = new Map(audience.map((respondent) => [respondent.id, respondent]));
  const named = ids === undefined ? audience : [...new Set(ids)].map((id) => found(byId, id));
  const fitting = named.filter(({ persona }) => where === undefined || isVisible([where], valuesOf(persona)));
  const chosen = fitting.slice(0, limit);
  if (chosen.length === 0) {
    const filter = where === undefined ? '' : ` whose persona fits ${quote(where)}`;
    throw new PanelistError(
      'GUIDE_INVALID',
      `There is nobody in the audience${filter}: nobody would speak. ${knownColumns(named)}`.trim(),
    );
  }
  if (chosen.length > maxParticipants) {
    throw new PanelistError(
      'GUIDE_INVALID',
      `${chosen.length} participants are too many for one group; at most ${maxParticipants}. Set participants.limit.`,
    );
  }
  return withNames(chosen);
}

/** What an expression can name, for whoever misspelt it. */
export function knownColumns(people: readonly Pick<Respondent, 'persona'>[]): string {
  const columns = [...new Set(people.flatMap(({ persona }) => Object.keys(persona)))];
  const shown = columns.slice(0, maxColumns).map((column) => `{${column}}`);
  return `The personas have ${shown.join(', ') || 'no columns'}${columns.length > maxColumns ? ' …' : ''}.`;
}

/** A persona's texts as an expression reads them: what is a number, as a number. */
export function valuesOf(persona: Participant['persona']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(persona).map(([key, value]) => [
      key,
      value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value,
    ]),
  );
}

function found(byId: ReadonlyMap<string, Respondent>, id: string): Respondent {
  const respondent = byId.get(id);
  if (respondent !== undefined) return respondent;
  throw new PanelistError('GUIDE_INVALID', `There is no participant ${quote(id)} in the audience.`);
}

/** By the persona's name, else the id, else a number; two of one name are told apart by their ids. */
function withNames(respondents: readonly Respondent[]): Participant[] {
  const plain = respondents.map(({ id, persona }, index) => {
    // A colon would look like the end of a speaker's name in the transcript.
    const name = shortened(oneLine(ownName(persona).replaceAll(/[:：]/g, ' ')), maxName);
    return name || (id.length <= maxIdAsName ? id : `P${index + 1}`);
  });
  const isShared = (name: string): boolean =>
    hostNames.has(name.toLowerCase()) || plain.filter((other) => sameName(other, name)).length > 1;
  return respondents.map(({ id, persona }, index) => {
    const name = plain[index] as string;
    return { id, name: isShared(name) ? `${name} (${id})` : name, persona };
  });
}

/** As names are compared wherever somebody is addressed. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function ownName(persona: Participant['persona']): string {
  const values = new Map(
    Object.entries(persona).map(([key, value]) => [key.toLowerCase().replaceAll(/[\s_-]/g, ''), value]),
  );
  for (const [first = '', ...rest] of nameFields) {
    const value = values.get(first)?.trim() ?? '';
    if (value !== '') return [value, ...rest.map((field) => values.get(field) ?? '')].join(' ');
  }
  return '';
}
