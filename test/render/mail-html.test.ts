import { describe, expect, it } from 'vitest';
import type { Html } from '../../src/domain/html.js';
import { mailHtmlFrom } from '../../src/render/mail-html.js';
import { el, elWith } from '../support/render-fixtures.js';

function html(...tree: Html[number][]): string {
  return mailHtmlFrom(tree, { width: 500, styles: { p: 'margin:0' } });
}

describe('the HTML of a post in a mail', () => {
  it('keeps links that are absolute and turns all others into their text', () => {
    const link = (href: string): string => html(elWith('a', { href }, 'x'));
    expect(link('https://a.example/?a=1&b=2')).toBe('<a href="https://a.example/?a=1&#x26;b=2">x</a>');
    expect(link('mailto:a@example.org')).toContain('mailto:a@example.org');
    for (const href of [
      '/about',
      '#top',
      '//a.example/',
      'javascript:alert(1)',
      'data:text/html,x',
      'http://',
      '{{url}}',
      'https://{{site.url}}/',
    ]) {
      expect(link(href)).toBe('x');
    }
    expect(link('https://a.example/{id}')).toBe('<a href="https://a.example/%7Bid%7D">x</a>');
  });

  it('gives pictures a width that fits, their shape and an alt text', () => {
    const shown = html(elWith('img', { src: 'https://a.example/a.png', width: 1000, height: 500 }));
    expect(shown).toMatch(/width="500" height="250"/);
    expect(shown).toMatch(/alt=""/);
    expect(shown).toMatch(/width:100%;max-width:\d+px/);
  });

  it('leaves out a picture that mail clients cannot show, and puts no alt text into a sentence', () => {
    for (const src of ['https://a.example/a.webp', 'https://a.example/a.svg?x', 'data:image/png;base64,AA', '/a.png']) {
      expect(html(el('p', 'See ', elWith('img', { src, alt: 'A cat' }), '.'))).toBe('<p style="margin:0">See .</p>');
    }
  });

  it('drops scripts, styles, forms and foreign attributes', () => {
    const tree = elWith(
      'p',
      { className: 'x', onClick: 'y', style: 'position:fixed', id: 'z', lang: 'de' },
      el('script', 'x'),
      el('style', 'y'),
      'z',
    );
    expect(html(tree)).toBe('<p lang="de" style="margin:0">z</p>');
    expect(html(el('form', 'x'), el('center', 'y'))).toBe('y');
  });

  it('runs code from left to right and shows headings as paragraphs', () => {
    expect(html(el('pre', el('code', 'a < b')))).toBe('<pre dir="ltr"><code dir="ltr">a &#x3C; b</code></pre>');
    expect(html(el('h1', 'A heading'))).toBe('<p>A heading</p>');
  });

  it('shows a table too wide for a phone row by row', () => {
    const row = (count: number): Html[number] =>
      el('table', el('tr', ...Array.from({ length: count }, (_, index) => el('td', `c${index}`))));
    expect(html(row(4))).toContain('<table>');
    expect(html(row(5))).toBe('<p style="margin:0">c0 · c1 · c2 · c3 · c4</p>');
  });

  it('maps the control characters of Windows-1252 to what they were meant to be', () => {
    expect(html(el('p', 'it\u0092s \u0080 5\u0000'))).toBe('<p style="margin:0">it’s € 5</p>');
  });
});
