import { countWords } from '../../text/count-words.ts';
import { hashText, mix, unit } from '../seeded-random.ts';
import { languageOf, linesOf, type Said, saidIn } from './group-prompt.ts';
import { viewIn } from './phrases.ts';
import { quoteOf } from './speak.ts';

const MAX_MINUTES_WORDS = 180;
const MAX_THEMES = 6;

/** A moderator's next action: moves on about every second time, else probes, asks all, or sums up. */
export function moderate(systemText: string, userText: string, seed: number): Record<string, string> {
  const said = saidIn(linesOf(userText));
  const language = languageOf(systemText);
  const draw = (purpose: number): number => unit(mix(hashText(userText, seed), purpose));
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
export function findThemes(userText: string): { themes: object[] } {
  const themes = new Map<string, { participant: string; round: number; quote: string }[]>();
  let round = 0;
  for (const line of linesOf(userText)) {
    const heading = /^Round (\d{1,4})$/.exec(line);
    if (heading !== null) round = Number(heading[1]);
    for (const { name, text } of saidIn([line])) {
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

/** Minutes of what was said: what was summed up before, and the first words of everybody. */
export function keepMinutes(systemText: string, userText: string): string {
  const lines = linesOf(userText);
  const language = languageOf(systemText);
  const at = lines.indexOf('What was said at first, in short:');
  const sentences = [
    ...(at < 0 ? [] : (lines[at + 1] ?? '').split(/(?<=[.。])\s*/)),
    ...saidIn(lines).map(({ name, text }) => `${name}: ${firstSentence(text)}`),
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

function gist(said: readonly Said[], count: number, zh: boolean): string {
  const lastOfEach = new Map(said.map(({ name, text }) => [name, text]));
  return Array.from(lastOfEach, ([name, text]) => `${name}${zh ? '：' : ' – '}${firstSentence(text)}`)
    .slice(0, count)
    .join(zh ? '' : ' ');
}

function firstSentence(text: string): string {
  return /^[^.!?。！？]{1,300}[.!?。！？]?/.exec(text)?.[0] ?? '';
}
