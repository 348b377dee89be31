import { describe, expect, it } from 'vitest';
import { type Html, textOf } from '../../src/domain/html.js';
import { htmlFromMarkdown } from '../../src/sources/markdown-to-html.js';

function imagesOf(markdown: string): readonly unknown[] {
  const result = htmlFromMarkdown(markdown, { base: 'https://example.org/post/', mdx: false });
  const images = (html: Html): readonly unknown[] =>
    html.flatMap((node) =>
      node.type !== 'element' ? [] : node.tagName === 'img' ? [node.properties] : images(node.children),
    );
  return result.kind === 'html' ? images(result.html) : [];
}

describe('the address of a picture', () => {
  it.each([
    ['is the one written', '<img src="a.png">', 'https://example.org/post/a.png'],
    [
      'is another of its set where mail clients do not show it',
      '<img src="a.webp" srcset="a.webp 1x, a.jpg 2x">',
      'a.jpg',
    ],
    [
      'is that of another kind beside it',
      '<picture><source srcset="/a.avif 1x"><source srcset="/a.png"><img src="/a.webp" alt="A"></picture>',
      'https://example.org/a.png',
    ],
    ['is the plain one of several kinds', '<picture><source srcset="a.webp"><img src="a.jpg"></picture>', 'a.jpg'],
    ['is the one that a script would load', '<img src="blank.gif" data-src="a.jpg">', 'a.jpg'],
    ['is the one of a lazy set', '<img src="data:image/gif;base64,R0" data-srcset="a.jpg 600w, b.jpg 1200w">', 'b.jpg'],
    ['fits a mail', '<img srcset="s.jpg 300w, m.jpg 1024w, l.jpg 4000w">', 'm.jpg'],
    ['stays where there is no other', '<img src="a.svg">', 'a.svg'],
    [
      'has commas in it',
      '<img srcset="https://example.org/w_600,h_400/a.jpg 1x">',
      'https://example.org/w_600,h_400/a.jpg',
    ],
  ])('%s', (_, html, src) => {
    const expected = new URL(src, 'https://example.org/post/').href;
    expect(imagesOf(html)).toEqual([{ src: expected, alt: expect.any(String) }]);
  });
  it('is none where it would lead out of the web', () => {
    expect(imagesOf('<img src="javascript:x" srcset="data:image/png;base64,AA 1x, file:///etc/passwd 2x">')).toEqual(
      [],
    );
    expect(imagesOf('<picture><source srcset="{{ x }}"></picture>')).toEqual([]);
  });
});

it('a picture that has no address leaves nothing, unless it is an emoji', () => {
  const result = htmlFromMarkdown('Yes <img src="" alt="A pump"><img src="" alt="🎉"> no.', { base: undefined });
  expect(result.kind === 'html' && textOf(result.html)).toBe('Yes 🎉 no.');
});
