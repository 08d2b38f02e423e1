import type { Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import type { FocusGroupTexts } from '../../../languages/messages.ts';

const maxAddressed = 3;

/** The speaker of a round's message, and its recipients unless it is to everybody. */
export function hostOf({ host, to }: Pick<TranscriptRound, 'host' | 'to'>, texts: FocusGroupTexts): string {
  const speaker = host === 'moderator' ? texts.moderator : texts.host;
  if (to === null) return speaker;
  const shown = to.length > maxAddressed + 1 ? to.slice(0, maxAddressed) : to;
  return texts.speakingTo(speaker, shown.join(texts.listSeparator), to.length - shown.length, to.length);
}

/** The group's model and its settings, as labels and values. */
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
