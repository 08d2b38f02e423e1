import type { Statement } from '../../focus-group/prompts/discussion.ts';
import type { RoundStatements } from '../../focus-group/prompts/themes.ts';
import { mix, unit } from '../../random/hash-draws.ts';
import { countWords } from '../../text/count-words.ts';
import { type SpokenLanguage, viewIn } from './phrases.ts';
import { quoteOf } from './speak.ts';

const MAX_MINUTES_WORDS = 180;
const MAX_THEMES = 6;

/**
 * A moderator's next action: moves on about every second time, else probes, asks all, or sums up.
 *
 * @param said what the participants said
 */
export function moderate(
  said: readonly Statement[],
  language: SpokenLanguage,
  seed: number,
): Record<string, string> {
  const draw = (purpose: number): number => unit(mix(seed, purpose));
  const one = said[Math.floor(draw(1) * said.length)];
  const chance = draw(2);
  if (one === undefined || chance < 0.45) return { action: 'move_on', participant: '', message: '' };
  const quote = quoteOf(one, language, draw(3));
  const zh = language === 'zh';
  if (chance < 0.75) {
    return {
      action: 'probe',
      participant: one.name,
      message: zh
        ? `${one.name}，您刚才说“${quote}”，能再多说一点为什么吗？`
        : `${one.name}, you said “${quote}”. Could you say a little more about why?`,
    };
  }
  if (chance < 0.9) {
    return {
      action: 'ask_all',
      participant: '',
      message: zh
        ? `有人说“${quote}”。大家怎么看？`
        : `Somebody said “${quote}”. How is that for the rest of you?`,
    };
  }
  return {
    action: 'summarise',
    participant: '',
    message: zh ? `我听到的是：${gist(said, 3, zh)}` : `What I have heard so far: ${gist(said, 3, zh)}`,
  };
}

/** Themes by the views that were said most often, each with those who said so. */
export function findThemes(rounds: readonly RoundStatements[]): { themes: object[] } {
  const themes = new Map<string, { participant: string; round: number; quote: string }[]>();
  for (const { round, statements } of rounds) {
    for (const { name, text } of statements) {
      for (const quote of text.split(/(?<=[.!?。！？])\s*/)) {
        const view = viewIn(quote);
        if (view === null) continue;
        const quotes = themes.get(view) ?? [];
        quotes.push({ participant: name, round, quote });
        themes.set(view, quotes);
      }
    }
  }
  const bySize = [...themes].sort(([, a], [, b]) => b.length - a.length).slice(0, MAX_THEMES);
  return { themes: bySize.map(([name, quotes]) => ({ name, description: '', quotes: quotes.slice(0, 3) })) };
}

/**
 * Minutes of what was said: what was summed up before, and the first words of everybody.
 *
 * @param summary of what was said before; empty for nothing
 */
export function keepMinutes(summary: string, said: readonly Statement[], language: SpokenLanguage): string {
  const sentences = [
    ...summary.split(/(?<=[.。])\s*/),
    ...said.map(({ name, text }) => `${name}: ${firstSentence(text)}`),
  ];
  const minutes: string[] = [];
  let words = 0;
  for (const sentence of sentences.filter((each) => each !== '')) {
    words += countWords(sentence, language);
    if (words > MAX_MINUTES_WORDS) break;
    minutes.push(sentence);
  }
  return minutes.join(' ');
}

function gist(said: readonly Statement[], count: number, zh: boolean): string {
  const lastOfEach = new Map(said.map(({ name, text }) => [name, text]));
  return Array.from(lastOfEach, ([name, text]) => `${name}${zh ? '：' : ' – '}${firstSentence(text)}`)
    .slice(0, count)
    .join(zh ? '' : ' ');
}

function firstSentence(text: string): string {
  return /^[^.!?。！？]{1,300}[.!?。！？]?/.exec(text)?.[0] ?? '';
}
