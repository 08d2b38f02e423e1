import type { ChatReply } from '../../models/chat-model.ts';
import { refusesAsAssistant } from '../../survey/reply/declined.ts';
import { oneLine } from '../../text/one-line.ts';
import { unusableReply } from './speak.ts';

/** Characters of a reply: a thousand words, twenty times what people say at once. */
const maxReply = 8_000;

/** Not "as an AI sceptic", which a person may be. */
const outOfRole =
  /\bas an? (ai|artificial intelligence)( language)?( model| assistant)?,? i\b|作为(一个|一名)?(ai|人工智能)(语言)?(模型|助手)?[,，]?我/i;

/** What an assistant says around an answer; a person in a room does not. */
const assistantTalk =
  /^(sure|certainly|of course|okay|ok)[!,.:]? *here( is|'s|’s) (my|the|a)\b|\blet me know if (you|there)\b.{0,30}\b(need|have|want|else)\b|^(好的|当然|没问题)[，,！!。]?(以下|下面)是|(希望|如果).{0,12}(对您|对你|您还|你还).{0,8}(帮助|需要)/i;

/** An object or a list, in whatever quotes: not the requested form, and not speech. */
const dataForm = /^(\{\s*(['"]|\})|\[\s*(['"{[]|\]))/;

export interface GroupReplyReading {
  readonly text: string;
  /**
   * What was changed, none of which can change what was said; and `replacement-character` where a `�` is recorded,
   * since bytes of the reply were not UTF-8.
   */
  readonly repairs: readonly (
    | 'thinking-removed'
    | 'code-fence-removed'
    | 'own-name-removed'
    | 'quotes-removed'
    | 'replacement-character'
  )[];
}

/**
 * A participant's own words out of a model's reply.
 *
 * @throws PanelistError `REPLY_UNUSABLE` for a reply that is empty, cut off, withheld, too long, speaks for others, or
 * falls out of the role; the message says what to do better
 */
export function readGroupReply(
  reply: Pick<ChatReply, 'text' | 'finishReason'>,
  own: string,
  others: readonly string[],
): GroupReplyReading {
  if (reply.finishReason === 'content-filter') throw unusableReply('the provider withheld it');
  if (reply.text.length > maxReply)
    throw unusableReply(`it has ${reply.text.length} characters; say it shorter`);
  const repairs: GroupReplyReading['repairs'][number][] = [];
  const repaired = (text: string, next: string, repair: (typeof repairs)[number]): string => {
    if (next.trim() === text.trim()) return text.trim();
    repairs.push(repair);
    return next.trim();
  };
  let text = repaired(reply.text, withoutThinking(reply.text), 'thinking-removed');
  text = repaired(text, withoutFence(text), 'code-fence-removed');
  text = repaired(text, withoutName(text, own), 'own-name-removed');
  text = repaired(text, withoutQuotes(text), 'quotes-removed');
  if (text === '') throw unusableReply('it is empty');
  if (reply.finishReason === 'length') throw unusableReply('it was cut off; say it shorter');
  if (dataForm.test(text) || text.includes('```'))
    throw unusableReply('it is data or code; say it aloud, in plain sentences');
  if (assistantTalk.test(text))
    throw unusableReply('it has words around it that nobody says; say only your own words');
  const speaker = others.find((name) => startsLine(text, name));
  if (speaker !== undefined) throw unusableReply(`it speaks for ${speaker}; say only your own words`);
  if (refusesAsAssistant(text) || outOfRole.test(text))
    throw unusableReply('it is not said by the person that you are; stay in the role');
  if (text.includes('\ufffd')) repairs.push('replacement-character');
  return { text: lines(text), repairs };
}

/** Reasoning that some open models send before what they say. */
function withoutThinking(text: string): string {
  const end = /^\s*<think(ing)?>/i.test(text) ? /<\/think(ing)?>/i.exec(text) : null;
  return end === null ? text : text.slice(end.index + end[0].length);
}

/** Around the whole; a fence in the middle of a text isn't speech. */
function withoutFence(text: string): string {
  return /^```\w*\s*\n([\s\S]*?)\n?```$/.exec(text.trim())?.[1] ?? text;
}

function withoutName(text: string, name: string): string {
  const plain = text.replace(/^[*_]+/, '');
  if (!plain.toLowerCase().startsWith(name.toLowerCase())) return text;
  const rest = /^[*_]*\s*[:：][*_]*\s*/.exec(plain.slice(name.length));
  return rest === null ? text : plain.slice(name.length + rest[0].length);
}

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ['“', '”'],
  ['「', '」'],
];

/** Only those around the whole; one inside may end another quotation. */
function withoutQuotes(text: string): string {
  for (const [open, close] of quotes) {
    const inner = text.slice(1, -1);
    if (text.length > 1 && text.startsWith(open) && text.endsWith(close) && !inner.includes(close))
      return inner;
  }
  return text;
}

function startsLine(text: string, name: string): boolean {
  const wanted = name.toLowerCase();
  return text.split('\n').some((line) => {
    const plain = line.replace(/^[\s*_]+/, '').toLowerCase();
    return plain.startsWith(wanted) && /^[*_]*\s*[:：]/.test(plain.slice(wanted.length));
  });
}

/** Paragraphs stay, without control characters. */
function lines(text: string): string {
  return text
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
    .join('\n');
}
