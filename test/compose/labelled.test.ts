/** What an editor would show of posts in the shapes blogs have them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../src/compose/blocks.js';
import { excerptFrom } from '../../src/compose/excerpt.js';
import { isUpdate } from '../../src/compose/notices.js';
import { isNeverShown, isNotice } from '../../src/compose/passed-over.js';
import type { Html } from '../../src/domain/html.js';
import { textOf } from '../../src/domain/html.js';
import { htmlFromMarkdown } from '../../src/sources/markdown-to-html.js';
import { LABELLED_LINES } from './labelled-lines.js';

function bodyOf(markdown: string): Html {
  const result = htmlFromMarkdown(markdown, { base: 'https://example.org/post/', mdx: false });
  if (result.kind !== 'html') throw new Error('too deep');
  return result.html;
}

const [, ...POSTS] = readFileSync(new URL('labelled-posts.txt', import.meta.url), 'utf8').split(/^=== /m);
const posts = POSTS.map((text) => {
  const [head = '', ...lines] = text.split('\n');
  const [name = '', title = ''] = head.split(' | ');
  return { name, title, marked: lines.join('\n') };
});

/** White space between blocks is not compared. */
const squeezed = (text: string) => text.replace(/\s+/g, '');

function editors(marked: string): string {
  const regions = textOf(bodyOf(marked)).matchAll(/⟦([^⟧]*)⟧/g);
  return squeezed([...regions].map(([, shown]) => shown).join(''));
}

function isJapanese(text: string): boolean {
  return /\p{sc=Hiragana}/u.test(text);
}

describe('the excerpt of', () => {
  it.each(posts)('$name', ({ title, marked }) => {
    const body = bodyOf(marked.replace(/[⟦⟧]/g, ''));
    const language = isJapanese(marked) ? 'ja' : 'en';
    const { html } = excerptFrom({ body, title, language, usualChars: 420 });
    const shown = squeezed(textOf(html));
    // A text that trails off has its ellipsis in the place of its last mark.
    expect(editors(marked).endsWith('…') ? shown : shown.replace(/…$/, '')).toBe(editors(marked));
  });
});

describe('a paragraph', () => {
  it.each(LABELLED_LINES)('is taken for a %s: %s', (label, text) => {
    const [block] = blocksOf([
      { type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value: text }] },
    ]);
    if (!block) throw new Error('no block');
    const isPassedOver = isNeverShown(block, undefined, { title: 'Another title' });
    const isAbout = isNotice(block, { repeated: new Set() });
    expect({ isPassedOver, isAbout, isUpdate: isUpdate(text) }).toEqual({
      isPassedOver: ['credit', 'contents', 'import'].includes(label),
      isAbout: ['notice', 'update'].includes(label),
      isUpdate: label === 'update',
    });
  });
});

it('there are enough of them to judge a change by', () => {
  expect(posts.length + LABELLED_LINES.length).toBeGreaterThanOrEqual(150);
});
