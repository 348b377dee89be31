import { describe, expect, it } from 'vitest';
import { harmInMarkup } from '../../src/render/guard-mail.js';

/** What is wrong with a mail that holds this. */
function harmIn(part: string): readonly string[] {
  return harmInMarkup(`<html lang="en" dir="ltr"><body><div lang="en" dir="ltr"><h1>x</h1>${part}</div></body></html>`);
}

describe('a mail', () => {
  it.each([
    '<script>x()</script>',
    '<SCRIPT src="https://a.example/x.js"></SCRIPT>',
    '<iframe src="https://a.example/"></iframe>',
    '<form action="https://a.example/"><b>x</b></form>',
    '<object data="https://a.example/x"></object>',
    '<embed src="https://a.example/x">',
    '<base href="https://a.example/">',
    '<meta http-equiv="Refresh" content="0; url=https://a.example/">',
    '<b onclick="x()">x</b>',
    '<td ONMOUSEOVER=x()>x</td>',
    "<img src='https://a.example/x.png' alt='' width='1' onerror='x()'>",
    '<!--[if mso]><script>x()</script><![endif]-->',
    '<a href="javascript:x()">x</a>',
    "<a href='javascript:x()'>x</a>",
    '<A HREF=javascript:x()>x</A>',
    "<a title='>' href='/about'>x</a>",
    "<img src='/x.png' alt='x' width='10'>",
    '<IMG SRC="https://a.example/x.png" WIDTH="10">',
  ])('with %s does not leave', (part) => {
    expect(harmIn(part)).toHaveLength(1);
  });

  it.each([
    '<a href="https://a.example/?a=1&amp;b=2" title="on click > script">x</a>',
    "<img src='https://a.example/x.png' alt='' width='10'>",
    '<p data-on="x">if (a &lt; b) the form is on="off"</p>',
    '<!-- a form, a script -->',
    '<!--[if mso]><table role="presentation"><tr><td><![endif]-->',
  ])('with %s leaves', (part) => {
    expect(harmIn(part)).toEqual([]);
  });
});
