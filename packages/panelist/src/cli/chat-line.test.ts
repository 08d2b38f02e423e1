import { expect, it } from 'vitest';
import { chatCommands, chatHelp, readChatLine } from './chat-line.ts';

it.each([
  ['  How are you? /help ', { kind: 'message', text: 'How are you? /help' }],
  [' \t', { kind: 'empty' }],
  ['/help', { kind: 'command', command: '/help' }],
  [' /WHO is there', { kind: 'command', command: '/who' }],
  ['/undo', { kind: 'command', command: '/undo' }],
])('reads %j', (line, expected) => {
  expect(readChatLine(line)).toEqual(expected);
});

it.each([
  ['/hepl', 'There is no command /hepl, so nothing was sent. Did you mean /help?'],
  ['/shout now', 'There is no command /shout, so nothing was sent. /help lists the commands'],
  ['/', 'There is no command /, so nothing was sent. /help lists the commands'],
])('refuses %j', (line, problem) => {
  expect(readChatLine(line)).toEqual({ kind: 'unknown', problem });
});

it('has help on every command', () => {
  for (const command of Object.keys(chatCommands)) expect(chatHelp()).toContain(command);
});
