import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutHtml, widthUpTo } from '../../src/compose/cut-html.js';
import { type ExcerptInput, excerptFrom } from '../../src/compose/excerpt.js';
import { type Html, type HtmlNode, textOf } from '../../src/domain/html.js';
import { el, MORE, markup } from '../support/html.js';

function excerpt(body: Html, with_: Partial<ExcerptInput> = {}) {
  return excerptFrom({ body, language: 'en', usualChars: 60, ...with_ });
}
const shown = (body: Html, with_: Partial<ExcerptInput> = {}) => markup(excerpt(body, with_).html);

describe('the words of an excerpt', () => {
  const body = [el('p', 'The first paragraph.'), '\n', el('p', 'The second one.')].map((node) =>
    typeof node === 'string' ? ({ type: 'text', value: node } as const) : node,
  );

  it("are the author's summary, whatever the body says", () => {
    const summary: Html = [{ type: 'text', value: 'In short.' }];
    expect(excerpt(body, { summary })).toEqual({ html: [el('p', 'In short.')], continues: true });
  });
  it('are the whole introduction before the more mark, however long', () => {
    const long = el('p', 'Many words before the mark. '.repeat(20).trim());
    expect(markup(excerpt([long, el('p', 'Two.'), MORE, el('p', 'After.')]).html)).toBe(`${markup([long])}<p>Two.</p>`);
  });
  it('end at a more mark inside a paragraph, and the paragraph is closed', () => {
    expect(shown([el('p', 'Before ', el('em', 'it', MORE, ' and after'), ' the rest'), el('p', 'Last.')])).toBe(
      '<p>Before <em>it</em></p>',
    );
  });
  it('do not treat a mark without words before it as an introduction', () => {
    expect(shown([MORE, el('p', 'All of it.')])).toBe('<p>All of it.</p>');
  });
  it('begin behind a leading heading and end before the next one', () => {
    expect(shown([el('h2', 'Intro'), el('p', 'Words.'), el('h2', 'Next'), el('p', 'More.')])).toBe('<p>Words.</p>');
  });
  it('show a heading inside an introduction as a bold line', () => {
    expect(shown([el('p', 'One.'), el('h3', 'Why'), el('p', 'Two.'), MORE])).toBe(
      '<p>One.</p><p><strong>Why</strong></p><p>Two.</p>',
    );
  });
  it('say whether the body holds more', () => {
    expect(excerpt([el('p', 'All.')]).continues).toBe(false);
    expect(excerpt([el('p', 'All.'), el('table', el('tr', el('td', '1')))]).continues).toBe(true);
    expect(excerpt([el('p', 'Some.'), MORE, el('p', 'Rest.')]).continues).toBe(true);
  });
  it('are none for an empty body or a picture alone', () => {
    expect(excerpt([])).toEqual({ html: [], continues: false });
    expect(excerpt([el('p', el('img', { src: 'https://example.org/a.png', alt: 'A' }))])).toEqual({
      html: [],
      continues: false,
      figure: { src: 'https://example.org/a.png', alt: 'A' },
    });
  });
});

describe('the figure of an excerpt', () => {
  const figure = el(
    'figure',
    el('img', { src: 'https://example.org/a.png', alt: 'A', width: '600' }),
    el('figcaption', el('p', 'See ', el('em', 'this'))),
  );

  it('is the leading one, with its alt text and caption, and is taken out of the words', () => {
    expect(excerpt([figure, el('p', 'Words.')])).toEqual({
      html: [el('p', 'Words.')],
      continues: false,
      figure: {
        src: 'https://example.org/a.png',
        alt: 'A',
        width: 600,
        caption: [{ type: 'text', value: 'See ' }, el('em', 'this')],
      },
    });
  });
  it('may follow the first paragraph, or be anywhere in a marked introduction, but not further down', () => {
    const words = [el('p', 'One.'), el('p', 'Two.'), figure];
    expect(excerpt([el('p', 'One.'), figure]).figure?.src).toBe('https://example.org/a.png');
    expect(excerpt(words).figure).toBeUndefined();
    expect(excerpt([...words, MORE, el('p', 'End.')]).figure?.src).toBe('https://example.org/a.png');
  });
  it('is the one named in front matter where there is one', () => {
    const image = { src: 'https://example.org/b.png', alt: 'B' };
    expect(excerpt([figure, el('p', 'Words.')], { image }).figure).toEqual(image);
  });
});

describe('a cut', () => {
  const cut = (text: string, columns: number, language = 'en') => textOf(cutHtml([el('p', text)], columns, language));

  it('comes after a sentence that fills half of the width', () => {
    expect(cut('A sentence of some length. And another one that does not fit.', 40)).toBe('A sentence of some length.');
  });
  it('falls behind a word, and shows it, where no sentence ends late enough', () => {
    expect(cut('Short. This sentence goes on for far too long to be shown here.', 30)).toBe(
      'Short. This sentence goes on…',
    );
  });
  it('takes no abbreviation, initial or citation for the end of a sentence', () => {
    expect(cut('As shown by Smith et al. (2024) and others, e.g. by us, it works well.', 40)).toBe(
      'As shown by Smith et al. (2024) and…',
    );
  });
  it('falls between words in scripts without spaces', () => {
    const text = '今日は新しい装置について書きます。とても静かで、とても速いです。';
    expect(cut(text, 40, 'ja')).toBe('今日は新しい装置について書きます。');
    expect(text.startsWith(cut(text, 20, 'ja').replace('…', ''))).toBe(true);
    expect(widthUpTo(cut(text, 20, 'ja'), 100)).toBeLessThanOrEqual(20);
  });
  it('never parts a link or a run of code', () => {
    const html = [
      el('p', 'Read about ', el('a', { href: 'https://example.org/' }, 'the very long name of a page'), ' here.'),
    ];
    expect(markup(cutHtml(html, 25, 'en'))).toBe('<p>Read about…</p>');
    const code = [el('p', el('code', 'npm ci && npm run demo'), ' is all there is to it.')];
    expect(markup(cutHtml(code, 10, 'en'))).toBe('<p><code>npm ci && npm run demo</code>…</p>');
  });

  const word = fc.oneof(
    fc.constantFrom(
      'alpha',
      'naïve',
      'don’t',
      'état',
      '日本語です',
      'العربية',
      '👩‍👩‍👧‍👦',
      'e\u0301clair',
      'ภาษาไทย',
      '(2024)',
      'et al.',
      'end.',
      '…',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  );
  const inline: fc.Arbitrary<HtmlNode> = fc.oneof(
    fc
      .array(word, { minLength: 1, maxLength: 8 })
      .map((words): HtmlNode => ({ type: 'text', value: `${words.join(' ')} ` })),
    fc.tuple(fc.constantFrom('em', 'a', 'code', 'strong'), word).map(([tag, text]) => el(tag, text)),
  );
  const fragment = fc.array(inline, { minLength: 1, maxLength: 12 }).map((children) => [el('p', ...children)]);

  it('keeps a prefix, well-formed, whole links and code, and whole graphemes, in any script', () => {
    fc.assert(
      fc.property(fragment, fc.integer({ min: 1, max: 120 }), (html, columns) => {
        const result = cutHtml(html, columns, 'en');
        const text = textOf(result);
        const all = textOf(html);
        const kept = text.endsWith('…') && !all.startsWith(text) ? text.slice(0, -1) : text;
        expect(all.startsWith(kept)).toBe(true);
        const ends = [...new Intl.Segmenter('en').segment(all)].map(({ index, segment }) => index + segment.length);
        expect([0, ...ends]).toContain(kept.length);
        const wholes = (nodes: Html): string[] =>
          nodes.flatMap((node) =>
            node.type !== 'element'
              ? []
              : ['a', 'code'].includes(node.tagName)
                ? [textOf([node])]
                : wholes(node.children),
          );
        expect(wholes(html).slice(0, wholes(result).length)).toEqual(wholes(result));
      }),
      { numRuns: 500 },
    );
  });
  it('never ends inside a word of letters', () => {
    const latin = fc.array(fc.stringMatching(/^[a-zé]{1,12}$/), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(latin, fc.integer({ min: 2, max: 100 }), (words, columns) => {
        const kept = cut(words.join(' '), columns).replace(/…$/, '');
        expect(words.slice(0, kept.split(' ').length)).toEqual(kept.split(' '));
      }),
    );
  });
});
