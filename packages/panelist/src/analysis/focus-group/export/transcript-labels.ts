import type { Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import type { FocusGroupTexts } from '../../../languages/messages.ts';

const maxAddressed = 3;

/** Who says what a round begins with, and to whom where it is not to everybody. */
export function hostOf({ host, to }: Pick<TranscriptRound, 'host' | 'to'>, texts: FocusGroupTexts): string {
  const speaker = host === 'moderator' ? texts.moderator : texts.host;
  if (to === null) return speaker;
  const shown = to.length > maxAddressed + 1 ? to.slice(0, maxAddressed) : to;
  return texts.speakingTo(speaker, shown.join(texts.listSeparator), to.length - shown.length, to.length);
}

/** How the group's model was asked, a label and a value each. */
export function modelFacts(
  { model, seed, temperature }: Pick<Transcript, 'model' | 'seed' | 'temperature'>,
  texts: FocusGroupTexts,
): (readonly [label: string, value: string])[] {
  return [
    [texts.model, model],
    [texts.seed, seed === null ? '–' : String(seed)],
    [texts.temperature, temperature === null ? texts.providers : String(temperature)],
  ];
}
