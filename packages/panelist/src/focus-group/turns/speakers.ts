import { quote } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { shuffled } from '../../random/seeded-draw.ts';
import { isVisible } from '../../survey/expressions/expressions.ts';
import type { RoundMode, SpeakerRule } from '../guide/guide.ts';
import { knownColumns, type Participant, valuesOf } from '../participant.ts';
import type { Transcript } from '../transcript.ts';

/**
 * Who answers, in the order in which they speak: for `in-turn` drawn by the seed, the group and the step, else as the
 * group is listed.
 *
 * @throws PanelistError `GUIDE_INVALID` for an id that is not in the group, or where nobody fits
 */
export function chooseSpeakers(
  rule: SpeakerRule,
  mode: RoundMode,
  transcript: Pick<Transcript, 'participants' | 'rounds' | 'seed' | 'groupId'>,
  step: string,
): readonly Participant[] {
  const { participants, seed } = transcript;
  const drawnBy = (what: string): string => `${seed ?? 0}\n${step}\n${what}`;
  const chosen = fitting(rule, transcript, drawnBy('speakers'));
  if (chosen.length === 0) {
    throw new PanelistError(
      'GUIDE_INVALID',
      `Nobody in the group fits the speakers ${quote(rule)} of ${quote(step)}.${columnsOf(rule, participants)}`,
    );
  }
  const ids = new Set(chosen.map(({ id }) => id));
  const listed = participants.filter(({ id }) => ids.has(id));
  return mode === 'in-turn' ? shuffled(listed, drawnBy('order')) : listed;
}

function fitting(
  rule: SpeakerRule,
  { participants, rounds }: Pick<Transcript, 'participants' | 'rounds'>,
  seed: string,
): readonly Participant[] {
  if (rule === 'all') return participants;
  if ('where' in rule)
    return participants.filter(({ persona }) => isVisible([rule.where], valuesOf(persona)));
  if ('random' in rule) return shuffled(participants, seed).slice(0, rule.random);
  if ('quietest' in rule) {
    const words = new Map(participants.map(({ id }) => [id, 0]));
    for (const reply of rounds.flatMap(({ replies }) => replies)) {
      if (reply.status !== 'replied') continue;
      words.set(reply.participantId, (words.get(reply.participantId) ?? 0) + reply.words);
    }
    const said = ({ id }: Participant): number => words.get(id) ?? 0;
    return participants.toSorted((a, b) => said(a) - said(b)).slice(0, rule.quietest);
  }
  const unknown = rule.ids.find((id) => participants.every((participant) => participant.id !== id));
  if (unknown === undefined) return participants.filter(({ id }) => rule.ids.includes(id));
  throw new PanelistError('GUIDE_INVALID', `There is no participant ${quote(unknown)} in the group.`);
}

function columnsOf(rule: SpeakerRule, participants: readonly Participant[]): string {
  return rule !== 'all' && 'where' in rule ? ` ${knownColumns(participants)}` : '';
}
