import { expect, it } from 'vitest';
import { previewPrompt, shownFindings } from './route-parts.ts';

it('shows the first 500 findings of a check, and 20,000 characters of each message of its prompt', () => {
  expect(shownFindings(Array.from({ length: 501 }, (_, line) => line))).toEqual([...Array(500).keys()]);
  const long = `${'x'.repeat(19_999)}🙂y`;
  const [system, user] = previewPrompt([
    { role: 'system', content: 'Short.' },
    { role: 'user', content: long },
  ]);
  expect(system).toEqual({ role: 'system', content: 'Short.' });
  // No half of a character.
  expect(user).toEqual({ role: 'user', content: 'x'.repeat(19_999) });
});
