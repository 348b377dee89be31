import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HtmlNode } from '../../src/domain/html.js';
import { brokenOf, elementsOf, postOf, read, withKeys } from '../support/sources-files.js';

/** Pieces of which trouble is made. */
const PIECES = fc.constantFrom(
  ...['{{', '}}', '{%', '%}', '{', '}', '{{{', '{{<', '>}}', '{#', '#}', '{:', ':::', '\n', '\n\n', '    ', '> ', '- '],
  ...[
    '`',
    '```\n',
    '~~~',
    '[',
    ']',
    '(',
    ')',
    '![',
    '](',
    '<a href="',
    '<img src=',
    '">',
    '</a>',
    '<!--',
    '-->',
    '<p>',
  ],
  ...['<pre>', '</pre>', '<code>', '&#123;', '&lcub;', '\\', '*', '_', '|', '# ', 'raw', 'endraw', 'highlight', ' x '],
  ...[
    'https://example.net/',
    '//',
    'javascript:',
    'mailto:',
    'data:',
    '%7B%7B',
    '[^1]',
    '[^1]: ',
    '[a]: ',
    '\uFDD0',
    '\0',
  ],
  ...[
    '{% raw %}',
    '{% highlight x %}',
    '{% endhighlight %}',
    '{% comment %}',
    '<script>',
    '<table><tr>',
    '---\n',
    'é',
    '🙃',
  ],
);
const markdown = fc.array(fc.oneof(PIECES, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 });
/** As a post: a NUL would make it no text. */
const written = (pieces: readonly string[]) => `---\n---\n${pieces.join('').replaceAll('\0', '')}`;
/** Raw blocks and Hugo's comments show a template on purpose. */
const unprotected = (pieces: readonly string[]) => written(pieces).replaceAll('raw', '').replaceAll('*', '_');

function proseOf(html: readonly HtmlNode[]): readonly string[] {
  return html.flatMap((node) => {
    if (node.type === 'text') return [node.value];
    if (node.type !== 'element' || node.tagName === 'code' || node.tagName === 'pre') return [];
    const attributes = ['alt', 'title'].map((name) => String(node.properties[name] ?? ''));
    return [...attributes, ...proseOf(node.children)];
  });
}

describe('any text at all', () => {
  it('is read as a post or told as broken, never thrown', () => {
    fc.assert(
      fc.property(markdown, fc.boolean(), (pieces, mdx) => {
        const result = read(`---\ntitle: x\n---\n${pieces.join('')}`, mdx ? '2026-06-09-x.mdx' : '2026-06-09-x.md');
        expect(['post', 'broken']).toContain(result.kind);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, path) => {
        expect(['post', 'broken', 'no-post']).toContain(read(bytes, `${path}.md`).kind);
      }),
    );
  });

  it('as front matter is read or told as broken, never thrown', () => {
    const yaml = fc.constantFrom(
      ...['title', 'date', 'image', 'authors', 'url', ': ', '\n', '- ', '[', '{', '&a ', '*a'],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(yaml, fc.string()), { maxLength: 20 }), (pieces) => {
        expect(['post', 'broken']).toContain(read(withKeys(pieces.join(''))).kind);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves no template outside code', () => {
    fc.assert(
      fc.property(markdown, (pieces) => {
        for (const prose of proseOf(postOf(unprotected(pieces)).body)) expect(prose).not.toMatch(/\{[{%]/);
      }),
      { numRuns: 1000 },
    );
  });

  it('leads only to absolute web and mail addresses without braces', () => {
    fc.assert(
      fc.property(markdown, (pieces) => {
        for (const { properties } of elementsOf(postOf(written(pieces)).body)) {
          const target = properties.href ?? properties.src;
          if (target !== undefined) expect(target).toMatch(/^(?:https?:\/\/|mailto:)[^{}\s]+$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('survives the way through JSON, and holds only known nodes', () => {
    fc.assert(
      fc.property(markdown, (pieces) => {
        const { body } = postOf(written(pieces));
        expect(JSON.parse(JSON.stringify(body))).toEqual(body);
        expect(JSON.stringify(body)).not.toMatch(/[\uFDD0\uFDD1]/);
        for (const { tagName } of elementsOf(body)) expect(tagName).not.toMatch(/^(?:script|div|span|section)$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a hostile file', () => {
  it.each([
    ['20,000 block quotes', '>'.repeat(20_000)],
    ['20,000 lists', `${'- '.repeat(20_000)}x`],
    ['20,000 elements', '<div><p>'.repeat(20_000)],
    ['300 elements', `${'<blockquote>'.repeat(300)}x`],
  ])('with %s in one another is told as too deep', (_, markup) => {
    const broken = brokenOf(`---\ntitle: x\n---\n\nFirst.\n\n${markup}\n`);
    expect(broken.message).toContain('too deeply');
  });

  it('names the line of a quote that is too deep', () => {
    expect(brokenOf(`---\ntitle: x\n---\n\nFirst.\n\n${'> '.repeat(300)}x\n`).where).toBe(
      'posts/2026-06-09-a-post.md:7:1',
    );
  });

  it('with one line of 10 MB is told as too large', () => {
    expect(brokenOf('x'.repeat(10_000_000)).message).toContain('10.0 MB');
  });

  it.each([
    ['open brackets', '['.repeat(20_000)],
    ['open templates', '{{ '.repeat(100_000)],
    ['open tags', '{% highlight a %}'.repeat(5_000)],
    ['open raw blocks', '{% raw %}'.repeat(50_000)],
    ['open comments', '<!--'.repeat(20_000)],
    ['stars', '*a '.repeat(10_000)],
    ['ticks', Array.from({ length: 500 }, (_, n) => '`'.repeat(n + 1)).join(' ')],
    ['figures', '{{< figure src="'.repeat(20_000)],
    ['blank lines', '\n'.repeat(200_000)],
  ])('full of %s is read', (_, text) => {
    expect(['post', 'broken']).toContain(read(`---\ntitle: x\n---\n${text}`).kind);
  });
});
