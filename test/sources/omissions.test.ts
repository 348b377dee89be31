import { describe, expect, it } from 'vitest';
import { aSource, asked } from '../support/sources-files.js';

const HEAD = '---\ntitle: T\n---\n';

/** What is told of a post with this body, whose first line is the fourth of the file. */
async function told(markdown: string, head = HEAD) {
  const source = aSource({ 'posts/2026-06-09-a.md': head + markdown, 'posts/2026-06-10-b.md': 'B.' });
  const { posts } = await source.collect(asked());
  const [omissions = []] = (await source.omissions?.(posts.slice(0, 1))) ?? [];
  return omissions.map(({ kind, where, text }) => `${kind} ${where.replace('posts/2026-06-09-a.md:', '')} ${text}`);
}

describe('what a mail cannot show of a post is told with its line', () => {
  it.each([
    ['One.\n\n[a]({{ site.cdn }}/x)', 'link 6:1 {{ site.cdn }}'],
    ['![a]({% asset x.png %})', 'image 4:1 {% asset x.png %}'],
    ['<img src="{{ site.cdn }}/x.png">', 'image 4:1 {{ site.cdn }}'],
    ['<a href="{{ x }}">a</a>', 'link 4:1 {{ x }}'],
    ['[a]: {{ x }}/y', 'link 4:1 {{ x }}'],
    ['[a]({% post_url 2020-01-01-none %})', 'link 4:1 {% post_url 2020-01-01-none %}'],
    ['![a](data:image/png;base64,AA)', 'image 4:1 ![a](data:image/png;base64,AA)'],
    ['One.\n[a](tel:123)', 'link 5:1 [a](tel:123)'],
    ['{% include gallery.html %}', 'part 4:1 {% include gallery.html %}'],
    ['One.\n\n{{< gallery "a" >}}', 'part 6:1 {{< gallery "a" >}}'],
    ['Version {{ page.version }}.', 'part 4:1 {{ page.version }}'],
    ['A<script>x()</script>', 'part 4:1 <script>'],
    ['A note[^1].\n\n[^1]: The note.', 'part 4:1 [^1'],
  ])('%s', async (markdown, line) => {
    expect(await told(markdown)).toEqual([line]);
  });

  it.each([
    '[a]({{ site.url }}/x) ![b]({{ "/b.png" | relative_url }})',
    '[a]({% post_url 2026-06-10-b %})',
    '{{< youtube w7Ft2ymGmfc >}}',
    '{{< figure src="/a.png" >}}',
    '`{{ x }}` and\n\n```\n<script>\n[^1]\n```',
    '{% raw %}{{ x }}{% endraw %}',
    '{% if x %}a{% endif %} {% comment %}b{% endcomment %}',
    '<iframe src="https://www.youtube.com/embed/w7Ft2ymGmfc"></iframe>',
    '[a](/x) [b](#y) [c](mailto:a@example.org) ![d](images/d.png)',
  ])('nothing is told of what is shown: %s', async (markdown) => {
    expect(await told(markdown)).toEqual([]);
  });

  it('also a key of front matter that is written twice', async () => {
    expect(await told('Words.', '---\ntitle: One\nTitle: Two\n---\n')).toEqual([
      'key 3:1 The key “Title” is written twice; the last one counts. Remove the other.',
    ]);
  });
});
