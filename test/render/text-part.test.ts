import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSegments } from '../../src/domain/edition.js';
import { textWidth } from '../../src/domain/text-width.js';
import { plainTextFrom } from '../../src/render/plain-text.js';
import { wrapText } from '../../src/render/wrap-text.js';
import {
  aDigestPost,
  aRenderInput,
  aRichIssueIn,
  el,
  elWith,
  READER,
  testThemeRenderers,
} from '../support/render-fixtures.js';

const themes = testThemeRenderers();

describe('the text part', () => {
  it('has the way to unsubscribe, the postal address and every link of the HTML', async () => {
    for (const theme of ['plain', 'magazine']) {
      const mail = await themes.render(aRichIssueIn('en', theme));
      const text = fillSegments(mail.text, READER);
      expect(text).toContain(READER.unsubscribeUrl);
      expect(text).toContain('\n1 Example Street\nExampletown EX1 1EX\n');
      expect(text).toContain('Three nights of the empty column');
      const links = [...fillSegments(mail.html, READER).matchAll(/href="([^"]+)"/g)].map((match) =>
        match[1]?.replace(/&(?:amp|#x26);/g, '&'),
      );
      for (const link of links) expect(text).toContain(link);
    }
  });

  it('wraps prose at 74 columns, Japanese too, and leaves addresses and code whole', async () => {
    const mail = await themes.render(aRichIssueIn('ja', 'plain'));
    const lines = fillSegments(mail.text, READER).split('\n');
    const long = lines.filter((line) => textWidth(line) > 74 && !line.includes('https://') && !line.startsWith('    '));
    expect(long).toEqual([]);
  });

  it('shows a post without words or address as its title alone', async () => {
    const { url: _, ...post } = aDigestPost({
      title: 'Only this',
      excerpt: [el('p', ' ')],
      continues: true,
      readingMinutes: 0,
    });
    const mail = await themes.render(
      aRenderInput({ digest: { sections: [{ key: 'other', title: 'Other', posts: [post] }], carriedOver: 0 } }),
    );
    const text = fillSegments(mail.text, READER);
    expect(text).toContain('Only this\n---------\nJun 10, 2026\n\n-----');
    expect(text).not.toMatch(/undefined|null|next time|Continue/);
    expect(fillSegments(mail.html, READER)).not.toMatch(/undefined|>null<|Continue reading/);
  });
});

describe('plain text of a tree', () => {
  const plain = (...html: Parameters<typeof plainTextFrom>[0][number][]): string => plainTextFrom(html, { width: 40 });

  it('writes links out once', () => {
    const link = (href: string, text: string) => el('p', 'See ', elWith('a', { href }, text), '.');
    expect(plain(link('https://a.example/x', 'this'))).toBe('See this <https://a.example/x>.');
    expect(plain(link('https://a.example/x', 'https://a.example/x'))).toBe('See <https://a.example/x>.');
    expect(plain(link('mailto:a@example.org', 'a@example.org'))).toBe('See <a@example.org>.');
    expect(plain(link('javascript:alert(1)', 'this'))).toBe('See this.');
  });

  it('marks lists, quotations, code and rules', () => {
    expect(plain(el('ul', el('li', 'one'), el('li', el('p', 'two'), el('ol', el('li', 'a')))))).toBe(
      '- one\n- two\n\n  1. a',
    );
    expect(plain(el('blockquote', el('p', 'a'), el('p', 'b')))).toBe('> a\n>\n> b');
    expect(plain(el('p', 'x'), el('pre', el('code', 'if (a)\n  b')), el('hr'))).toBe(
      'x\n\n    if (a)\n      b\n\n* * *',
    );
  });

  it('is empty for a tree without words', () => {
    expect(plain(el('p', '  '), el('div'))).toBe('');
  });
});

describe('wrapping', () => {
  it('loses and adds nothing but white space, and keeps to its width where words allow', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'é', '語', '。', '「', 'ก', 'ع', '😀', '-'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.integer({ min: 26, max: 80 }), (words, width) => {
        const lines = wrapText(words.join(' '), { width, first: '> ', rest: '  ' });
        const text = lines.map((line, index) => line.slice(index === 0 ? 2 : 0)).join('');
        expect(text.replace(/\s/g, '')).toBe(words.join(''));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('begins no line with closing punctuation', () => {
    const lines = wrapText('「結晶」は、急いで作るものではありません。待つことも実験の一部です。', { width: 20 });
    expect(lines.filter((line) => /^[、。」ー]/.test(line))).toEqual([]);
  });
});
