import { closestTo } from '../text/did-you-mean.ts';

/** What can be typed in a chat besides messages, and what it does. */
export const chatCommands = {
  '/help': 'lists the commands',
  '/who': 'lists the participants',
  '/undo': 'takes back the last message, while nobody has answered it',
  '/quit': 'ends the chat, as Ctrl-D does',
} as const;

export type ChatCommand = keyof typeof chatCommands;

export type ChatLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'command'; readonly command: ChatCommand }
  /** It is never said: what is said stays in the transcript for good. */
  | { readonly kind: 'unknown'; readonly problem: string };

const names = Object.keys(chatCommands) as readonly ChatCommand[];

/** Whatever begins with a slash is a command, or a misspelt one. */
export function readChatLine(line: string): ChatLine {
  const text = line.trim();
  if (text === '') return { kind: 'empty' };
  if (!text.startsWith('/')) return { kind: 'message', text };
  const [word = text] = text.split(/\s/, 1);
  const command = names.find((name) => name === word.toLowerCase());
  if (command !== undefined) return { kind: 'command', command };
  const meant = closestTo(word, names);
  const hint = meant === undefined ? '/help lists the commands' : `Did you mean ${meant}?`;
  return { kind: 'unknown', problem: `There is no command ${word}, so nothing was sent. ${hint}` };
}

export function chatHelp(): string {
  const lines = [
    'Each line is said to the group; @Name … is for one participant, and a unique first name is enough.',
    ...names.map((name) => `  ${name.padEnd(7)}${chatCommands[name]}`),
  ];
  return `${lines.join('\n')}\n`;
}
