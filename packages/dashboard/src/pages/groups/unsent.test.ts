import { expect, it } from 'vitest';
import { type UnsentMessage, withoutMessage, withUnsent } from './unsent.ts';

function failed(messageId: string, error = 'lost'): UnsentMessage {
  return { draft: { messageId, text: messageId, to: [], stimulus: '', mode: 'simultaneous' }, error };
}

it('keeps each message that was not sent once, with its last reason', () => {
  const both = withUnsent(withUnsent([], failed('a')), failed('b'));
  expect(both).toEqual([failed('a'), failed('b')]);
  expect(withUnsent(both, failed('a', 'refused'))).toEqual([failed('b'), failed('a', 'refused')]);
  expect(withoutMessage(both, 'a')).toEqual([failed('b')]);
});
