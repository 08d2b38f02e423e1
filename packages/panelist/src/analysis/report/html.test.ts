import { describe, expect, it } from 'vitest';
import { Html, html, ownMarkup } from './html.ts';

const evil = '<meta http-equiv="refresh" content="0;url=https://example.org">';
const escaped = '&lt;meta http-equiv=&quot;refresh&quot; content=&quot;0;url=https://example.org&quot;&gt;';

describe('html', () => {
  it('inserts its own pieces and `ownMarkup` unescaped', () => {
    const part = html`<b>${'a < b'}</b>`;
    expect(html`<p>${part}${[part, part]}${ownMarkup('<br>')}</p>`.markup).toBe(
      '<p><b>a &lt; b</b><b>a &lt; b</b><b>a &lt; b</b><br></p>',
    );
  });

  it.each([
    ['an object that looks like an `Html`', { markup: evil }],
    ['a list of such objects', [{ markup: evil }]],
    ['a list of texts', [evil]],
    ['a nested list', [[evil, { markup: evil }]]],
    ['an object with its own toString', { markup: evil, toString: () => evil }],
    ['an object that inherits its markup', Object.setPrototypeOf({ '#markup': evil }, { markup: evil })],
  ])('escapes or rejects %s', (_, part: unknown) => {
    const { markup } = html`<p>${part as string}</p>`;
    expect(markup).not.toContain('<meta');
    expect(markup.replaceAll(escaped, '')).not.toContain('refresh');
  });

  it('accepts no markup from an object that only has the prototype', () => {
    const forged = Object.create(Html.prototype, { markup: { value: evil } }) as Html;
    expect(html`${forged}`.markup).not.toContain('<meta');
  });
});
