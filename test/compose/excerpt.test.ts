import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cutHtml, widthUpTo } from '../../src/compose/cut-html.js';
import { type ExcerptInput, excerptFrom } from '../../src/compose/excerpt.js';
import { repeatedHeads } from '../../src/compose/passed-over.js';
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
    expect(shown([el('h2', 'Intro'), el('p', 'Words enough.'), el('h2', 'Next'), el('p', 'More.')])).toBe(
      '<p>Words enough.</p>',
    );
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
  it('may be anywhere in the body', () => {
    expect(excerpt([el('p', 'One.'), el('p', 'Two.'), figure, el('p', 'End.')]).figure?.src).toBe(
      'https://example.org/a.png',
    );
  });
  it('stays where it is in an introduction that begins with text, as long as there is room', () => {
    const body = [el('p', 'One.'), el('p', el('img', { src: 'https://example.org/a.png', alt: 'A' })), MORE, figure];
    expect(excerpt(body)).toEqual({
      html: [el('p', 'One.'), el('figure', el('img', { src: 'https://example.org/a.png', alt: 'A' }))],
      continues: true,
    });
    expect(excerpt(body, { pictures: 'lead' }).figure?.src).toBe('https://example.org/a.png');
    expect(excerpt(body, { mostChars: 90 }).figure?.src).toBe('https://example.org/a.png');
    expect(excerpt(body, { pictures: 'none' })).toEqual({ html: [el('p', 'One.')], continues: true });
  });
  it('comes before the introduction that it begins', () => {
    expect(excerpt([figure, el('p', 'One.'), MORE, el('p', 'End.')])).toMatchObject({
      html: [el('p', 'One.')],
      figure: { src: 'https://example.org/a.png' },
    });
  });
  it.each([
    ['a badge', { src: 'https://img.shields.io/npm/v/x.png' }],
    ['a badge by its name', { src: 'https://ci.example.org/x/badge.png' }],
    ['a tracker', { src: 'https://example.org/a.gif', width: '1', height: '1' }],
    ['an emoji', { src: 'https://s.w.org/images/core/emoji/72x72/1f389.png', alt: '🎉' }],
    ['an avatar', { src: 'https://secure.gravatar.com/a/1' }],
    ['a logo', { src: 'https://example.org/img/site-logo.png' }],
    ['a logo by its alt text', { src: 'https://example.org/img/1.png', alt: 'Logo of the group' }],
    ['a small picture', { src: 'https://example.org/s.png', width: '90', height: '90' }],
    ['a line', { src: 'https://example.org/line.png', width: '1400', height: '130' }],
  ])('is not %s', (_, properties) => {
    const body = [el('p', el('img', { alt: '', ...properties })), el('p', 'Words.')];
    expect(excerpt(body).figure).toBeUndefined();
    expect(excerpt([...body, figure]).figure?.src).toBe('https://example.org/a.png');
  });
  it('is one that mail clients show, where there is one', () => {
    const webp = el('p', el('img', { src: 'https://example.org/a.webp', alt: 'W' }));
    expect(excerpt([webp, figure]).figure?.src).toBe('https://example.org/a.png');
    expect(excerpt([webp]).figure?.src).toBe('https://example.org/a.webp');
    const image = { src: 'https://example.org/b.svg', alt: 'B' };
    expect(excerpt([figure], { image }).figure?.src).toBe('https://example.org/a.png');
  });
  it('has the emphasised line or the credit below it as its caption', () => {
    const picture = el('p', el('img', { src: 'https://example.org/a.png', alt: 'A' }));
    const below = (caption: HtmlNode) => excerpt([picture, el('p', caption), el('p', 'Words.')]);
    expect(below(el('em', 'What it shows.'))).toMatchObject({
      html: [el('p', 'Words.')],
      figure: { caption: [{ type: 'text', value: 'What it shows.' }] },
    });
    expect(below({ type: 'text', value: 'Photo: Maren' }).figure?.caption).toBeDefined();
    expect(below({ type: 'text', value: 'A sentence of the text.' }).figure?.caption).toBeUndefined();
  });
  it('has the words that the body has for the picture of the front matter', () => {
    const image = { src: 'https://example.org/a.png', alt: '' };
    expect(excerpt([figure], { image }).figure).toMatchObject({ alt: 'A', caption: expect.anything() });
  });
  it('is not one that the front matter of most posts names', () => {
    const image = { src: 'https://example.org/share.png', alt: '' };
    const repeated = repeatedHeads([{ body: [], image }, { body: [], image }, { body: [] }]);
    expect(excerpt([figure], { image, repeated }).figure?.src).toBe('https://example.org/a.png');
  });
  it('is the one named in front matter where there is one', () => {
    const image = { src: 'https://example.org/b.png', alt: 'B' };
    expect(excerpt([figure, el('p', 'Words.')], { image }).figure).toEqual(image);
  });
});

it('a video keeps its link beside its picture, and the post continues on the web', () => {
  const href = 'https://example.org/cat.mp4';
  const poster = el('p', el('a', { href }, el('img', { src: 'https://example.org/cat.jpg', alt: 'A cat' })));
  const link = el('p', el('a', { href }, '▶ A cat'));
  expect(excerpt([poster, link])).toEqual({
    html: [link],
    continues: true,
    figure: { src: 'https://example.org/cat.jpg', alt: 'A cat' },
  });
  expect(shown([el('p', 'Words.'), poster, link], { image: { src: 'https://example.org/b.png', alt: '' } })).toBe(
    markup([el('p', 'Words.'), link]),
  );
});

describe('what most posts begin with', () => {
  const notice = el('p', 'This is what every post of this blog begins with.');
  it('is passed over', () => {
    const bodies = ['One.', 'Two.', 'Three.'].map((text) => ({ body: [notice, el('p', text)] }));
    const repeated = repeatedHeads([...bodies, { body: [el('p', 'Four.')] }]);
    expect(shown([notice, el('p', 'One.')], { repeated })).toBe('<p>One.</p>');
    expect(shown([notice], { repeated })).toBe(markup([notice]));
  });
  it('is not what two of many begin with', () => {
    const bodies = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'].map((text) => ({ body: [el('p', text)] }));
    expect(repeatedHeads([...bodies, { body: [notice] }, { body: [notice] }]).size).toBe(0);
  });
});

it('a summary that only says the title is none', () => {
  const summary: Html = [{ type: 'text', value: 'The title!' }];
  expect(shown([el('p', 'Words.')], { summary, title: 'The Title' })).toBe('<p>Words.</p>');
});

it('an ending scores the same whatever room there is, so less room never shows more', () => {
  const body = ['One sentence. And a second one, longer.', 'A third.', 'A fourth that goes on for a while, and ends.'];
  const widths = [90, 60, 40, 30, 20, 12].map(
    (mostChars) =>
      textOf(
        excerpt(
          body.map((text) => el('p', text)),
          { usualChars: 90, mostChars },
        ).html,
      ).length,
  );
  expect(widths).toEqual([...widths].sort((a, b) => b - a));
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
    expect(markup(cutHtml(code, 30, 'en'))).toBe('<p><code>npm ci && npm run demo</code> is all…</p>');
  });
  it('parts them where not even the first one fits', () => {
    const code = [el('p', el('code', 'npm ci && npm run demo'), ' is all there is to it.')];
    expect(markup(cutHtml(code, 10, 'en'))).toBe('<p><code>npm ci</code>…</p>');
    expect(cut('a'.repeat(50), 10)).toBe(`${'a'.repeat(9)}…`);
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
        const [last = '', ...before] = wholes(result).reverse();
        expect(wholes(html).slice(0, before.length)).toEqual(before.reverse());
        expect((wholes(html)[before.length] ?? '').startsWith(last)).toBe(true);
        expect(widthUpTo(text, 1000)).toBeLessThanOrEqual(Math.max(columns, 1));
      }),
      { numRuns: 500 },
    );
  });
  it('never ends inside a word of letters', () => {
    const latin = fc.array(fc.stringMatching(/^[a-zé]{1,12}$/), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(latin, fc.integer({ min: 14, max: 100 }), (words, columns) => {
        const kept = cut(words.join(' '), columns).replace(/…$/, '');
        expect(words.slice(0, kept.split(' ').length)).toEqual(kept.split(' '));
      }),
    );
  });
});

describe('a huge paragraph', () => {
  /** How many code units the segmenter of the host was given meanwhile. */
  function segmentedBy(work: () => unknown): number {
    const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment');
    try {
      work();
      return segment.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    } finally {
      segment.mockRestore();
    }
  }
  const huge = {
    words: 'word '.repeat(80_000),
    letters: 'é'.repeat(400_000),
    字: '字'.repeat(400_000),
    marks: 'e\u0301 '.repeat(130_000),
  };

  it.each(Object.entries(huge))('of %s is measured up to the limit alone', (_, text) => {
    for (const most of [420, 90]) {
      const body = [el('p', text), el('p', 'The end.')];
      const segmented = segmentedBy(() => excerpt(body, { usualChars: 420, mostChars: most }));
      expect(segmented).toBeLessThan(100_000);
    }
  });
  it.each([
    ['white space', `a${' \n'.repeat(200_000)}b`],
    ['accents on one letter', `e${'\u0301'.repeat(400_000)} and more`],
    ['one word', 'a'.repeat(400_000)],
    ['one link', el('a', { href: 'https://example.org/' }, 'a'.repeat(400_000))],
  ])('of %s leaves an excerpt of a size that a mail can hold', (_, content) => {
    const { html } = excerpt([el('p', content)], { usualChars: 420 });
    expect(textOf(html).length).toBeLessThan(20_000);
  });
});
