import { expect, it } from 'vitest';
import { htmlFromWeb } from '../../src/sources/web/web-html.js';
import { markupOf } from '../support/sources-files.js';

const shown = (markup: string) => {
  const result = htmlFromWeb(markup, { base: 'https://blog.example.org/post/', shortcodes: true });
  return result.kind === 'html' ? markupOf(result.html) : result.kind;
};

it.each([
  ['attributes', '<p>a [box colour="red" n=1]b[/box] c</p>', '<p>a b c</p>'],
  ['curly quotes', '<p>[box title=”two words”]b[/box]</p>', '<p>b</p>'],
  [
    'an address',
    '<p>[embed]https://v.example.org/1[/embed]</p>',
    '<p><a href="https://v.example.org/1">https://v.example.org/1</a></p>',
  ],
  [
    'an address as attribute',
    '<p>[video src="https://v.example.org/1.mp4"]</p>',
    '<p><a href="https://v.example.org/1.mp4">https://v.example.org/1.mp4</a></p>',
  ],
  ['nothing but its name, in a line of its own', '<p>[newsletter]</p><p>b</p>', '<p>b</p>'],
  ['an underline', '<p>a [form_one] b</p>', '<p>a  b</p>'],
])('A shortcode with %s shows what it contains', (_what, markup, wanted) => {
  expect(shown(markup)).toBe(wanted);
});

it.each(['<p>He wrote [sic] and [1] and [a b] and [… ].</p>', '<p><code>[a b="1"]</code></p>', '<pre>[toc]</pre>'])(
  'What is no shortcode stays: %s',
  (markup) => {
    expect(shown(markup)).toBe(markup);
  },
);

it.each([
  [
    'a lazy picture',
    '<p><img src="data:image/gif;base64,R0" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript></p>',
    1,
  ],
  [
    'one that only noscript names',
    '<p><img src="/lazy-placeholder.gif" class="x"><noscript><img src="/a.jpg"></noscript></p>',
    2,
  ],
  ['a counting pixel', '<p>a<img src="/p" width="1" height="1"></p>', 0],
])('%s', (_what, markup, pictures) => {
  expect(shown(markup).match(/<img/g)?.length ?? 0).toBeLessThanOrEqual(pictures);
  if (pictures > 0) expect(shown(markup)).toContain('src="https://blog.example.org/a.jpg"');
});

it('A picture is taken in a size that suits a mail', () => {
  const set = 'srcset="/a-300.jpg 300w, /a-1536.jpg 1536w, /a-3000.jpg 3000w"';
  expect(shown(`<p><img src="/a.jpg" ${set}></p>`)).toContain('/a-1536.jpg');
});

it('An emoji picture is its character, and a formula its source', () => {
  expect(shown('<p>a <img class="emoji" alt="🙁" src="https://s.example.org/x.png"></p>')).toBe('<p>a 🙁</p>');
  expect(shown('<p><img class="latex" alt="x^2" src="https://s.example.org/l?x"></p>')).toBe('<p><code>x^2</code></p>');
});

it('The end of an introduction is known in all its forms', () => {
  for (const mark of ['<!--more-->', '<!--more Read on-->', '<span id="more-12"></span>', '<a name="more"></a>'])
    expect(shown(`<p>a</p>${mark}<p>b</p>`)).toContain('<!--more-->');
});

it('Braces of a published page are text, and what is nested too deeply is told', () => {
  expect(shown('<p>{{ x }} and {% y %}</p>')).toBe('<p>{{ x }} and {% y %}</p>');
  expect(shown('<div>'.repeat(5000))).toBe('too-deep');
});

it('Captions of old themes, galleries and frames are shown', () => {
  expect(shown('<div class="wp-caption"><img src="/c.png"><p class="wp-caption-text">A disc</p></div>')).toContain(
    '<figcaption>A disc</figcaption>',
  );
  const gallery = '<figure><figure><img src="/a.png"></figure><figure><img src="/b.png"></figure></figure>';
  expect(shown(gallery).match(/<figure>/g)).toHaveLength(2);
  expect(shown('<iframe src="//player.vimeo.com/video/12345" title="A film"></iframe>')).toBe(
    '<p><a href="https://vimeo.com/12345">▶ A film</a></p>',
  );
});
