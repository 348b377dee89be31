import { describe, expect, it } from 'vitest';
import { brokenOf, postOf, withKeys } from '../support/sources-files.js';

const urlOf = (lines: readonly string[], path?: string, with_ = {}) =>
  postOf(withKeys(...lines), path, with_).url?.replace('https://blog.example.org', '');

describe('the address of a post', () => {
  it('is made from the pattern of its source', () => {
    expect(urlOf([])).toBe('/2026/06/09/a-post/');
    expect(urlOf([], undefined, { url: '/:short_year/:i_month/:i_day/:title.html' })).toBe('/26/6/9/a-post.html');
    expect(urlOf([], undefined, { url: '/:section/:name/' })).toBe('/2026-06-09-a-post/');
  });

  it('counts days by the clocks of the source', () => {
    expect(urlOf(['date: 2015-10-01 01:00:00 +0800'], 'x.md', { timezone: 'UTC' })).toBe('/2015/09/30/x/');
  });

  it('holds categories, or nothing where there are none', () => {
    const url = '/:categories/:title/';
    expect(urlOf(['categories: [Machine Learning, C++]'], undefined, { url })).toBe('/machine-learning/c/a-post/');
    expect(urlOf([], undefined, { url })).toBe('/a-post/');
    expect(urlOf(['category: Lab life'], undefined, { url: '/:category/:slug' })).toBe('/lab-life/a-post');
  });

  it('follows the folders with :path, a page bundle being its folder', () => {
    const with_ = { url: '/:path/' };
    expect(urlOf(['date: 2026-01-01'], 'notes/2026/x.md', with_)).toBe('/notes/2026/x/');
    expect(urlOf(['date: 2026-01-01'], 'notes/x/index.md', with_)).toBe('/notes/x/');
    expect(urlOf(['date: 2026-01-01'], 'notes/x/index.md')).toBe('/2026/01/01/x/');
  });

  it('stays below the path of its site', () => {
    const site = 'https://blog.example.org/group/';
    expect(urlOf([], undefined, { site })).toBe('/group/2026/06/09/a-post/');
    expect(urlOf(['permalink: /x/'], undefined, { site })).toBe('/group/x/');
  });

  it('is what front matter says under url, permalink or path', () => {
    expect(urlOf(['url: /own/'])).toBe('/own/');
    expect(urlOf(['permalink: /:year/own'])).toBe('/2026/own');
    expect(urlOf(['permalink: pretty', 'category: a'])).toBe('/a/2026/06/09/a-post/');
    expect(urlOf(['path: 2025/09/own'])).toBe('/2025/09/own');
    expect(urlOf(['slug: other'])).toBe('/2026/06/09/other/');
    expect(postOf(withKeys('url: https://other.example.net/x')).url).toBe('https://other.example.net/x');
  });

  it('is percent-encoded', () => {
    expect(urlOf([], '2026-06-09-שלום.md')).toBe('/2026/06/09/%D7%A9%D7%9C%D7%95%D7%9D/');
    expect(urlOf([], '2026-06-09-a#b%c+d[e].md')).toBe('/2026/06/09/a%23b%25c%2Bd%5Be%5D/');
    expect(urlOf(['url: /50% off/'])).toBe('/50%25%20off/');
  });

  it.each(['url: ../../admin/', 'permalink: /a/%2e%2e/b', 'slug: ..', 'url: /a/..\\b', 'path: ./x'])(
    'may not climb: %s',
    (line) => {
      const broken = brokenOf(withKeys(line));
      expect(broken.where).toBe('posts/2026-06-09-a-post.md:2:1');
      expect(broken.message).toContain('cannot hold');
    },
  );

  it.each(['url: javascript:alert(1)', 'url: ftp://example.org/', 'url: "/{{ page.slug }}/"', 'permalink: /:nothing/'])(
    'cannot be %s',
    (line) => {
      expect(brokenOf(withKeys(line)).where).toBe('posts/2026-06-09-a-post.md:2:1');
    },
  );
});

describe('the title of a post', () => {
  const titleOf = (title: string) => {
    const { title: text, titleHtml } = postOf(`---\ntitle: ${JSON.stringify(title)}\n---\n`);
    return { text, html: titleHtml?.map((node) => (node.type === 'element' ? [node.tagName, node.children] : node)) };
  };

  it('is plain text, with its markup beside it', () => {
    expect(titleOf('Fast & small: when `n < 100`')).toEqual({
      text: 'Fast & small: when n < 100',
      html: [{ type: 'text', value: 'Fast & small: when ' }, ['code', [{ type: 'text', value: 'n < 100' }]]],
    });
    expect(titleOf('A *small* <i>thing</i>').text).toBe('A small thing');
  });

  it('has its entities decoded once', () => {
    expect(titleOf('Tom &amp; Jerry').text).toBe('Tom & Jerry');
    expect(titleOf('Tom &amp;amp; Jerry').text).toBe('Tom &amp; Jerry');
    expect(titleOf('AT&T <3 vector<int> {{name}} [RFC] 1. *').text).toBe('AT&T <3 vector<int> {{name}} [RFC] 1. *');
  });

  it('keeps characters that only mean something at the start of a line', () => {
    for (const title of ['# of errors', '1. First', '- minus', '> 9000', '---', '```', '+1', '[x]: y']) {
      expect(titleOf(title)).toEqual({ text: title, html: undefined });
    }
  });

  it('is its first heading when front matter has none, and else its file’s name', () => {
    expect(postOf('Text.\n\n## The `real` title\n\nMore.').title).toBe('The real title');
    expect(postOf('Text.').title).toBe('A post');
    expect(postOf(withKeys('title: ""'), '2026-06-09-two_words.md').title).toBe('Two words');
    expect(postOf('Text.', '2026-06-09.md').title).not.toBe('');
  });
});
