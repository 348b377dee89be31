import { describe, expect, it } from 'vitest';
import type { MarkdownOptions } from '../../src/sources/markdown-options.js';
import { readBody } from '../../src/sources/read-body.js';
import { readPost } from '../../src/sources/read-post.js';
import { aSource, asked, bodyOf, type Folder, factsOf, markupOf } from '../support/sources-files.js';

const SITE = 'https://blog.example.org/base';
const POST = `${SITE}/2026/06/09/a-post/`;

/** A body on a site below a path. */
function onSite(markdown: string): string {
  const facts = factsOf({ site: `${SITE}/` });
  const bytes = new TextEncoder().encode(`---\ntitle: T\n---\n${markdown}`);
  const head = readPost('2026-06-09-a-post.md', bytes, facts);
  if (head.kind !== 'post') throw new Error(JSON.stringify(head));
  const body = readBody('2026-06-09-a-post.md', bytes, facts, head.post);
  if (body.kind !== 'body') throw new Error(JSON.stringify(body));
  return markupOf(body.body);
}

/** The body of the first post of a folder. */
async function bodyIn(folder: Folder, options: Partial<MarkdownOptions> = {}): Promise<string> {
  const source = aSource(folder, options);
  const { posts } = await source.collect(asked());
  const [reading] = (await source.bodies?.(posts.slice(0, 1))) ?? [];
  if (reading?.kind !== 'body') throw new Error(JSON.stringify(reading));
  return markupOf(reading.body);
}

describe('the address of the site in a template', () => {
  it.each([
    ['{{ site.url }}/x', 'https://blog.example.org/x'],
    ['{{ site.baseurl }}/x', `${SITE}/x`],
    ['{{ site.url }}{{ site.baseurl }}/x', `${SITE}/x`],
    ['{{site.url}}{{site.baseurl}}/x', `${SITE}/x`],
    ['{{ "/x/" | relative_url }}', `${SITE}/x/`],
    ["{{ 'x' | absolute_url }}", `${SITE}/x`],
    ['{{ "/x" | prepend: site.baseurl }}', `${SITE}/x`],
    ['{{ "/x" | prepend: site.baseurl | prepend: site.url }}', `${SITE}/x`],
    ['{{ site.baseurl | append: "/x" }}', `${SITE}/x`],
    ['{{- site.url -}}/x', 'https://blog.example.org/x'],
    ['{{ page.url }}x', `${POST}x`],
  ])('is known: %s', (written, address) => {
    expect(onSite(`[a](${written})`)).toBe(`<p><a href="${address}">a</a></p>`);
    expect(onSite(`![a](${written})`)).toBe(`<p><img alt="a" src="${address}"></img></p>`);
    const quote = written.includes('"') ? "'" : '"';
    expect(onSite(`<a href=${quote}${written}${quote}>a</a>`)).toBe(`<p><a href="${address}">a</a></p>`);
  });

  it.each(['{{ site.cdn }}/x', '{{ "/x" | asset_url }}', '{{ page.image }}', '{{ "/x" | prepend: page.dir }}'])(
    'of anything else is not guessed: %s',
    (written) => {
      expect(onSite(`See [a](${written}).`)).toBe('<p>See a.</p>');
      expect(onSite(`See ![a pump](${written}).`)).toBe('<p>See .</p>');
    },
  );

  it('stays as it is in code', () => {
    expect(onSite('`{{ site.url }}`')).toBe('<p><code>{{ site.url }}</code></p>');
  });
});

describe('a link to another post', () => {
  const other = {
    'posts/2026-06-10-other.md': '---\ntitle: Other\n---\nWords.',
    'posts/2026-06-11-third.md': 'Words.',
  };
  const address = 'https://blog.example.org/2026/06/10/other/';
  const first = (markdown: string) => ({
    'posts/2026-06-09-first.md': `---\ntitle: First\n---\n${markdown}`,
    ...other,
  });

  it.each([
    '{% post_url 2026-06-10-other %}',
    '{{< ref "2026-06-10-other.md" >}}',
    '{{< relref "2026-06-10-other" >}}',
    '{{% ref "/2026-06-10-other.md" %}}',
    '2026-06-10-other.md',
    './2026-06-10-other.md',
  ])('leads to its address: %s', async (written) => {
    expect(await bodyIn(first(`[a](${written})`))).toBe(`<p><a href="${address}">a</a></p>`);
  });

  it('keeps its fragment', async () => {
    expect(await bodyIn(first('[a]({{< ref "2026-06-10-other.md#b" >}}) [c](2026-06-10-other.md#d)'))).toBe(
      `<p><a href="${address}#b">a</a> <a href="${address}#d">c</a></p>`,
    );
  });

  it('of Hexo has the words it is given, or its name', async () => {
    expect(await bodyIn(first('See {% post_link 2026-06-10-other "The other" %}.'))).toBe(
      `<p>See <a href="${address}">The other</a>.</p>`,
    );
    expect(await bodyIn(first('See {% post_link none %}.'))).toBe('<p>See none.</p>');
  });

  it('that is not there is its words, and leads to no file outside the folder', async () => {
    expect(await bodyIn(first('[a]({% post_url 2020-01-01-none %}) [b]({{< ref "../../secret.md" >}})'))).toBe(
      '<p>a b</p>',
    );
  });

  it('goes from post to post without end', async () => {
    const circle = {
      ...other,
      'posts/2026-06-10-other.md': '---\ntitle: O\n---\n[a]({% post_url 2026-06-09-first %})',
    };
    const folder = { 'posts/2026-06-09-first.md': '[a]({% post_url 2026-06-10-other %})', ...circle };
    expect(await bodyIn(folder)).toBe(`<p><a href="${address}">a</a></p>`);
  });
});

describe('a video in a body', () => {
  const link = (href: string, title: string) => `<p><a href="${href}">▶ ${title}</a></p>`;

  it.each([
    ['{{< youtube w7Ft2ymGmfc >}}', 'https://www.youtube.com/watch?v=w7Ft2ymGmfc', 'YouTube'],
    ['{{< youtube id="w7Ft2ymGmfc" title="A talk" >}}', 'https://www.youtube.com/watch?v=w7Ft2ymGmfc', 'A talk'],
    ['{{< vimeo 146022717 >}}', 'https://vimeo.com/146022717', 'Vimeo'],
    ['{% youtube w7Ft2ymGmfc %}', 'https://www.youtube.com/watch?v=w7Ft2ymGmfc', 'YouTube'],
    [
      '{% youtube "https://www.youtube.com/watch?v=ho8-vK0L1_8" %}',
      'https://www.youtube.com/watch?v=ho8-vK0L1_8',
      'YouTube',
    ],
    ['{% include youtube.html id="w7Ft2ymGmfc" %}', 'https://www.youtube.com/watch?v=w7Ft2ymGmfc', 'YouTube'],
    [
      '{% include embed/youtube-player.html id="w7Ft2ymGmfc" %}',
      'https://www.youtube.com/watch?v=w7Ft2ymGmfc',
      'YouTube',
    ],
    [
      '<iframe src="https://www.youtube.com/embed/w7Ft2ymGmfc" title="A talk"></iframe>',
      'https://www.youtube.com/watch?v=w7Ft2ymGmfc',
      'A talk',
    ],
    ['<iframe src="https://maps.example.net/x"></iframe>', 'https://maps.example.net/x', 'maps.example.net'],
    ['<video controls><source src="/clips/cat.mp4"></video>', 'https://blog.example.org/clips/cat.mp4', 'cat.mp4'],
  ])('leaves a link: %s', (markdown, href, title) => {
    expect(bodyOf(`Before.\n\n${markdown}\n\nAfter.`)).toBe(`<p>Before.</p>${link(href, title)}<p>After.</p>`);
  });

  it('shows its poster', () => {
    expect(bodyOf('<video src="/clips/cat.mp4" poster="/clips/cat.jpg"></video>')).toBe(
      '<p><a href="https://blog.example.org/clips/cat.mp4"><img alt="cat.mp4" src="https://blog.example.org/clips/cat.jpg"></img></a></p>' +
        link('https://blog.example.org/clips/cat.mp4', 'cat.mp4'),
    );
  });

  it('is none in a frame that nobody sees, or without an address', () => {
    expect(bodyOf('a<iframe src="https://t.example.net/" width="0" height="0"></iframe>')).toBe('<p>a</p>');
    expect(bodyOf('a<iframe src="https://t.example.net/" style="display:none"></iframe><iframe></iframe>')).toBe(
      '<p>a</p>',
    );
    expect(bodyOf('a {{< youtube "><script" >}} b')).toBe('<p>a b</p>');
  });
});

describe('a formula', () => {
  const code = (formula: string) => `<p><code>${formula}</code></p>`;

  it.each([
    '$a_1, a_2 \\in \\{0, 1\\}$',
    '$x * y * z$',
    '$$\\sum_{i=1}^{n} x_i \\\\ = 1$$',
    '\\(a_b^c\\)',
    '$\\frac{{a}}{{b}}$',
    '$f_{*}$',
  ])('stays as it is written: %s', (formula) => {
    expect(bodyOf(formula)).toBe(code(formula));
    expect(bodyOf(`Let ${formula} and ${formula}.`)).toBe(
      `<p>Let <code>${formula}</code> and <code>${formula}</code>.</p>`,
    );
  });

  it('of several lines is a block', () => {
    const block = '$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n$$';
    expect(bodyOf(`Before.\n\n${block}\n\n_After_.`)).toBe(
      `<p>Before.</p><pre><code>${block}\n</code></pre><p><em>After</em>.</p>`,
    );
  });

  it.each([
    'It cost $5 and $10.',
    'Between $5–$10 a month.',
    'It cost \\$5 and \\$6.',
    'Set $HOME and $PATH.',
    'One ($5) or two ($6).',
    'A US$ 5 fee, and a $20.',
    '$5 a month or $60 a year (US$).',
    'See \\(note\\) and \\[note\\].',
    'One $ sign.',
  ])('is not seen in prose: %s', (prose) => {
    expect(bodyOf(prose)).toBe(`<p>${prose.replaceAll('\\', '')}</p>`);
  });

  it('in code is code', () => {
    expect(bodyOf('`$a_b$`\n\n```\n$a_b$\n```')).toBe('<p><code>$a_b$</code></p><pre><code>$a_b$\n</code></pre>');
  });
});

describe('what only some generators know', () => {
  it('a wiki link is its words', () => {
    expect(bodyOf('See [[Other note|the note]], [[Plain]] and ![[image.png]].')).toBe(
      '<p>See the note, Plain and.</p>',
    );
    expect(bodyOf('`[[a]]` and [[b]](https://example.net/)')).toContain('<code>[[a]]</code>');
  });

  it('an emoji code is an emoji, but not in code', () => {
    expect(bodyOf('Fixed :bug: at 10:30:45 `:bug:` :nothing_like_it:')).toBe(
      '<p>Fixed 🐛 at 10:30:45 <code>:bug:</code> :nothing_like_it:</p>',
    );
  });

  it('attributes of kramdown go, also over several lines', () => {
    expect(bodyOf('![a](/a.png){:\n  .wide\n  width="10" }')).toBe(
      '<p><img alt="a" src="https://blog.example.org/a.png"></img></p>',
    );
    expect(bodyOf('Text\n{: .a\nwidth="10"}')).toBe('<p>Text</p>');
  });
});
