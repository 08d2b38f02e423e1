import { addressed, participantsNamed } from '../../focus-group/address.ts';
import type { FocusGroup } from '../../focus-group/group.ts';

/**
 * The ids of the participants with these names, first names or ids, ignoring case.
 *
 * @throws PanelistError `USAGE` for a name that nobody has, and for one that could be several
 */
export function participantIds(
  { participants }: Pick<FocusGroup, 'participants'>,
  names: readonly string[],
): readonly string[] {
  return participantsNamed(participants, names).map(({ id }) => id);
}

/**
 * Who is to reply to what a host has typed: `@Name …` is for one participant, anything else for all.
 *
 * @throws PanelistError as `participantIds`
 */
export function readAddressees(
  { participants }: Pick<FocusGroup, 'participants'>,
  text: string,
): { readonly to: readonly string[] | 'all'; readonly message: string } {
  const { to, message } = addressed(participants, text);
  return { to: to === null ? 'all' : [to.id], message };
}
