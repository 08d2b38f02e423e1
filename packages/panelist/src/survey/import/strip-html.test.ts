import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripHtml } from './strip-html.ts';

describe('stripHtml', () => {
  it.each([
    ['<h1> Rate <b>this</b>:</h1><p>a</p><p>b<br/>c</p>', 'Rate this:\na\nb\nc'],
    ['<ul><li>one</li><li class="x">two</li></ul>', '- one\n- two'],
    ['a<script>alert("<b>")</script>b<style>p > i {}</style><!-- <p>no</p> -->c', 'abc'],
    [
      'Fish &amp; chips&nbsp;&#8212;&#x20AC;5 &lt;b&gt; &unknown; &#0;',
      'Fish & chips —€5 <b> &unknown; &#0;',
    ],
    ['Caf&eacute; &Uuml;ber &frac12; &CounterClockwiseContourIntegral;', 'Café Über ½ ∳'],
    ['Is 3 < 5 and 7 > 2? <18 & >65', 'Is 3 < 5 and 7 > 2? <18 & >65'],
    ['two\r\n\r\n\r\n  lines \t here ', 'two\nlines here'],
    ['<script>never closed', ''],
  ])('%j reads %j', (html, text) => {
    expect(stripHtml(html)).toBe(text);
  });

  it('removes every complete tag', () => {
    const piece = fc.constantFrom(
      '<b>',
      '</b>',
      '<p class="x">',
      '<br/>',
      '<!-- c -->',
      '<script>x</script>',
      'a',
      ' ',
      '&amp;',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(stripHtml(pieces.join(''))).not.toMatch(/[<>]/);
      }),
    );
  });

  it('reads long texts in linear time', () => {
    const read = (part: string): string => stripHtml(part.repeat(2_000_000 / part.length));
    expect(read('<')).toBe('<'.repeat(2_000_000));
    for (const part of ['<script>', '<!--']) expect(read(part)).toBe('');
    for (const part of ['<b ', '&#1']) expect(read(part)).toContain(part.trim());
  });
});
