import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Html } from '../../src/domain/html.js';
import { htmlFromEditor } from '../../src/sources/markdown-to-html.js';
import { isPlainLine } from '../../src/sources/plain-line.js';
import { readWhole } from '../support/sources-files.js';

const PIECES = [
  ...[
    'a',
    'Word',
    ' ',
    '  ',
    '1',
    '12.',
    '3)',
    '-',
    '- ',
    '#',
    '# ',
    '+ ',
    '>',
    '=',
    '==',
    '!',
    '?',
    '.',
    '...',
    ',',
    ';',
    "'",
    '"',
    '“',
  ],
  ...[
    ':',
    ': ',
    '::',
    '/',
    '//',
    'http',
    'https://a.b',
    'www.',
    'www.a.b',
    'a@b.c',
    '(',
    ')',
    '[',
    ']',
    '[^1]',
    '*',
    '_',
    '`',
    '~',
    '<b>',
    '&amp;',
  ],
  ...[
    '{',
    '{{ a }}',
    '{% b %}',
    '|',
    '\\',
    '$',
    '^',
    '\n',
    '\t',
    'é',
    '読',
    '👩‍💻',
    '–',
    '--',
    ':bug:',
    'ﬁ',
    '\u00a0',
    '\u2028',
    'mailto:',
    'xmpp:',
  ],
];
const line = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(''));

it('A line that is taken as plain is what a parser makes of it', () => {
  const paragraph = (value: string): Html => [
    { type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value }] },
  ];
  fc.assert(
    fc.property(line, (text) => {
      fc.pre(isPlainLine(text));
      expect(htmlFromEditor(text)).toEqual({ kind: 'html', html: paragraph(text) });
    }),
    { numRuns: 2_000 },
  );
});

it('Ordinary titles and summaries are plain; what has markup is not', () => {
  for (const text of ['Ten years of notes', 'Release 2.0: what is new', '2026 in review', 'Why “so”? – Because!']) {
    expect(isPlainLine(text)).toBe(true);
    const read = readWhole(`---\ntitle: ${JSON.stringify(text)}\nsummary: ${JSON.stringify(text)}\n---\n`);
    expect(read).toMatchObject({ post: { title: text, summary: [{ type: 'text', value: text }] } });
  }
  for (const text of ['`code`', 'a *b*', '1. one', '# a', 'https://a.example', 'AT&amp;T', 'a\nb', ':bug: fixed', '']) {
    expect(isPlainLine(text)).toBe(false);
  }
});
