import { quote } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { PanelistError } from '../panelist-error.ts';
import { isVisible } from '../survey/expressions/expressions.ts';
import type { FocusGroupGuide } from './guide/guide.ts';
import { distinctNames } from './names.ts';

/** Everyone hears everyone: the tokens of a round grow with the square of the group. */
const maxParticipants = 200;
const maxColumns = 30;
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
  const names = distinctNames(chosen.map(({ id, persona }) => ({ id, name: ownName(persona) })));
  return chosen.map(({ id, persona }, index) => ({ id, name: names[index] as string, persona }));
}

/** What an expression can name, for a message about a misspelt name. */
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
