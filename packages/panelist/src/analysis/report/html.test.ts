import { describe, expect, it } from 'vitest';
import { Html, html, ownMarkup } from './html.ts';

const evil = '<meta http-equiv="refresh" content="0;url=https://example.org">';
const escaped = '&lt;meta http-equiv=&quot;refresh&quot; content=&quot;0;url=https://example.org&quot;&gt;';

describe('html', () => {
  it('puts in what it has made, and what is our own markup', () => {
    const part = html`<b>${'a < b'}</b>`;
    expect(html`<p>${part}${[part, part]}${ownMarkup('<br>')}</p>`.markup).toBe(
      '<p><b>a &lt; b</b><b>a &lt; b</b><b>a &lt; b</b><br></p>',
    );
  });

  it.each([
    ['an object that looks like a piece of HTML', { markup: evil }],
    ['a list of such', [{ markup: evil }]],
    ['a list of texts', [evil]],
    ['a list in a list', [[evil, { markup: evil }]]],
    ['an object that says how it is written', { markup: evil, toString: () => evil }],
    ['one that only inherits', Object.setPrototypeOf({ '#markup': evil }, { markup: evil })],
  ])('takes no markup from %s', (_, part: unknown) => {
    const { markup } = html`<p>${part as string}</p>`;
    expect(markup).not.toContain('<meta');
    expect(markup.replaceAll(escaped, '')).not.toContain('refresh');
  });

  it('takes no markup from an object that only has the prototype', () => {
    const forged = Object.create(Html.prototype, { markup: { value: evil } }) as Html;
    expect(html`${forged}`.markup).not.toContain('<meta');
  });
});
