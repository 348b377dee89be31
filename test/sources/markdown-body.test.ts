import { describe, expect, it } from 'vitest';
import { readingMinutesOf } from '../../src/compose/reading-time.js';
import { textOf } from '../../src/domain/html.js';
import { bodyOf, elementsOf, PATH, postOf } from '../support/sources-files.js';

const AT = 'https://blog.example.org/2026/06/09/a-post/';

describe('the body of a post', () => {
  it('is Markdown with tables, struck text and autolinks', () => {
    expect(bodyOf('A **b** *c* ~~d~~ `e`')).toBe('<p>A <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>');
    expect(bodyOf('| a | b |\n|:-:|---|\n| 1 | 2 |')).toBe(
      '<table><thead><tr><th align="center">a</th><th>b</th></tr></thead>' +
        '<tbody><tr><td align="center">1</td><td>2</td></tr></tbody></table>',
    );
    expect(bodyOf('See https://example.net/x.')).toBe(
      '<p>See <a href="https://example.net/x">https://example.net/x</a>.</p>',
    );
  });

  it('has only absolute links and pictures', () => {
    expect(bodyOf('[a](../b "t")')).toBe(`<p><a title="t" href="https://blog.example.org/2026/06/09/b">a</a></p>`);
    expect(bodyOf('[a](#x)')).toBe(`<p><a href="${AT}#x">a</a></p>`);
    expect(bodyOf('[a](//cdn.example.net/x)')).toBe('<p><a href="https://cdn.example.net/x">a</a></p>');
    expect(bodyOf('[a](mailto:office@example.org)')).toBe('<p><a href="mailto:office@example.org">a</a></p>');
    expect(bodyOf('![a](images/b.png)')).toBe(`<p><img alt="a" src="${AT}images/b.png"></img></p>`);
    expect(bodyOf('[a][b]\n\n[b]: /c')).toBe('<p><a href="https://blog.example.org/c">a</a></p>');
  });

  it('shows the words of a link that leads nowhere, and nothing of such a picture, emoji apart', () => {
    expect(bodyOf('[a](javascript:alert(1)) [b](tel:123) [c](data:text/html,x) [d]()')).toBe('<p>a b c d</p>');
    expect(bodyOf('Look ![a pump](data:image/png;base64,AAAA) here ![🎉](data:image/png;base64,AAAA)')).toBe(
      '<p>Look  here 🎉</p>',
    );
    expect(bodyOf('<a href="java&#10;script:alert(1)">x</a>')).toBe('<p>x</p>');
  });

  it('has no code, style, form or frame of its author', () => {
    const dirty =
      '<div style="x" class="y" id="z" onclick="w">' +
      '<script>alert(1)</script><style>p{}</style><iframe src="javascript:alert(1)"></iframe>' +
      '<svg><a href="https://example.net/">s</a></svg><math><mi>m</mi></math><object>o</object>' +
      '<form action="https://example.net/"><input name="q"><button>go</button>ask</form>' +
      '<meta http-equiv="refresh" content="0"><base href="https://example.net/"><p onmouseover="a">kept</p></div>';
    expect(bodyOf(dirty)).toBe('<p>ask</p><p>kept</p>');
  });

  it('keeps figures, keys, abbreviations, sizes, languages and the start of a list', () => {
    expect(
      bodyOf('<figure class="w"><img src="/a.png" width="640px" height="50%"><figcaption>C</figcaption></figure>'),
    ).toBe(
      '<figure><img width="640" src="https://blog.example.org/a.png" alt=""></img><figcaption>C</figcaption></figure>',
    );
    expect(bodyOf('<kbd>F1</kbd> <abbr title="x">y</abbr> H<sub>2</sub>O <span lang="de">ja</span>')).toBe(
      '<p><kbd>F1</kbd> <abbr title="x">y</abbr> H<sub>2</sub>O ja</p>',
    );
    expect(bodyOf('3. three\n4. four')).toBe('<ol start="3"><li>three</li><li>four</li></ol>');
    expect(bodyOf('<p lang="ar" dir="rtl">x</p>')).toBe('<p lang="ar" dir="rtl">x</p>');
  });

  it('says plainly what HTML has two words for', () => {
    expect(bodyOf('<b>a</b> <i>b</i> <s>c</s> <tt>d</tt>')).toBe(
      '<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>',
    );
  });

  it('has blocks only at the top, none of them empty', () => {
    expect(bodyOf('<div>loose <b>text</b></div>\n\n<p></p>\n\n<b> </b>')).toBe('<p>loose <strong>text</strong></p>');
    expect(bodyOf('<details><summary>More</summary>\n\nHidden.\n\n</details>')).toBe('<p>More</p><p>Hidden.</p>');
    expect(bodyOf('')).toBe('');
  });

  it('marks the end of the introduction once, however it is written', () => {
    for (const mark of ['<!--more-->', '<!-- more -->', '<!-- truncate -->', '<!-- excerpt -->', '<!-- MORE -->']) {
      expect(bodyOf(`One.\n\n${mark}\n\nTwo.`)).toBe('<p>One.</p><!--more--><p>Two.</p>');
      expect(bodyOf(`One.\n${mark}\nTwo.`)).toContain('<!--more-->');
    }
    expect(bodyOf('a\n\n<!--more-->\n\nb\n\n<!--more-->\n\n<!-- a secret -->')).toBe('<p>a</p><!--more--><p>b</p>');
    const own = postOf('---\nexcerpt_separator: "==="\n---\nOne.\n\n===\n\nTwo.');
    expect(own.body[1]).toEqual({ type: 'comment', value: 'more' });
  });

  it('has no footnotes, neither marks nor section', () => {
    expect(bodyOf('Text.[^1] More.[^n]\n\n[^1]: A note.\n[^n]: Another.')).toBe('<p>Text. More.</p>');
  });

  it('shows task lists as boxes and alerts as plain quotes', () => {
    expect(bodyOf('- [ ] a\n- [x] b')).toBe('<ul><li>☐ a</li><li>☑ b</li></ul>');
    expect(bodyOf('> [!NOTE]\n> Look.')).toBe('<blockquote><p>Look.</p></blockquote>');
  });

  it('counts its reading time in words, or in characters where there are no spaces', () => {
    const minutes = (text: string) => readingMinutesOf(postOf(`---\n---\n${text}`).body);
    expect(minutes('')).toBe(0);
    expect(minutes('![](x.png)\n\n---')).toBe(0);
    expect(minutes('word')).toBe(1);
    expect(minutes('word '.repeat(660))).toBe(3);
    expect(minutes('読'.repeat(1500))).toBe(3);
  });

  it('has one hash for one text, whatever its front matter, and another for another', () => {
    const hash = (text: string, path?: string) => postOf(`---\ntitle: ${Math.random()}\n---\n${text}`, path).bodyHash;
    expect(hash('A *b*.')).toBe(hash('\nA *b*.\n'));
    expect(hash('A *b*.')).not.toBe(hash('A *b*.', PATH.replace('.md', '.mdx')));
    expect(hash(' \n')).toBe('');
    expect(hash('A *b*.')).not.toBe(hash('A **b**.'));
    expect(hash('A *b*.')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gives a heading as it was, for the editor’s room to leave out', () => {
    expect(elementsOf(postOf('# One\n\nText.').body).map(({ tagName }) => tagName)).toEqual(['h1', 'p']);
  });
});

describe('template languages in a body', () => {
  it('of Liquid vanish: tags, expressions and comments', () => {
    expect(bodyOf('Version {{ release.version }} is out.')).toBe('<p>Version is out.</p>');
    expect(bodyOf('{% include toc.html %}\n\nText {% if a %}here{% endif %}.')).toBe('<p>Text here.</p>');
    expect(bodyOf('a\n\n{% comment %}\nsecret\n\nmore\n{% endcomment %}\n\nb')).toBe('<p>a</p><p>b</p>');
    expect(bodyOf('a {# a note #} b {{{ raw }}} c')).toBe('<p>a b c</p>');
  });

  it('stay as they are inside code', () => {
    expect(bodyOf('`{{ a }}` and `{% b %}`')).toBe('<p><code>{{ a }}</code> and <code>{% b %}</code></p>');
    expect(bodyOf('```text\nDear {{name}},\n{{link}}\n```')).toBe('<pre><code>Dear {{name}},\n{{link}}\n</code></pre>');
    expect(bodyOf('Look:\n\n    {% for a %}\n')).toBe('<p>Look:</p><pre><code>{% for a %}\n</code></pre>');
    expect(bodyOf('- a\n\n  ```\n  {{ b }}\n  ```\n')).toContain('{{ b }}');
    expect(bodyOf('<pre>{{ a }}</pre>\n\n<code>{% b %}</code>')).toBe('<pre>{{ a }}</pre><p><code>{% b %}</code></p>');
    expect(bodyOf('```\n{: .class}\n::: tip\n{{< x >}}\n```')).toBe(
      '<pre><code>{: .class}\n::: tip\n{{&lt; x >}}\n</code></pre>'.replace('&lt;', '<'),
    );
  });

  it('between raw and endraw are shown, in code and out of it', () => {
    expect(bodyOf('{% raw %}{{ a }}{% endraw %} b')).toBe('<p>{{ a }} b</p>');
    expect(bodyOf('`{% raw %}{{ a }}{% endraw %}`')).toBe('<p><code>{{ a }}</code></p>');
    expect(bodyOf('{% raw %}`{% link %}`{% endraw %}')).toBe('<p><code>{% link %}</code></p>');
    expect(bodyOf('```\n{% raw %}\n{{ a }}\n{% endraw %}\n```')).toBe('<pre><code>{{ a }}\n</code></pre>');
    expect(bodyOf('`{% raw %}{% raw %}{% endraw %}`')).toBe('<p><code>{% raw %}</code></p>');
    expect(bodyOf('{{</* figure src="a" */>}}')).toBe('<p>{{< figure src="a" >}}</p>');
  });

  it('for highlighting become blocks of code', () => {
    expect(bodyOf('{% highlight ruby linenos %}\nputs "{{ a }}"\n{% endhighlight %}')).toBe(
      '<pre><code>puts "{{ a }}"\n</code></pre>',
    );
    expect(bodyOf('{{< highlight go >}}\na := `b`\n{{< /highlight >}}')).toBe('<pre><code>a := `b`\n</code></pre>');
    expect(bodyOf('{% highlight md %}\n```\nx\n```\n{% endhighlight %}')).toBe('<pre><code>```\nx\n```\n</code></pre>');
  });

  it('turn a link they made into its plain text, and a picture into nothing', () => {
    expect(bodyOf('[the docs]({{ site.docs }}/docs)')).toBe('<p>the docs</p>');
    expect(bodyOf('[a]({% post_url 2013-05-06-x %} "t") [b]({{ "/c" | some_filter }})')).toBe('<p>a b</p>');
    expect(bodyOf('[a]({% link\n_posts/x.md %}).')).toBe('<p>a.</p>');
    expect(bodyOf('![A pump]({{ site.cdn }}/a.png)![]({{ b }})B')).toBe('<p>B</p>');
    expect(bodyOf('[a][b]\n\n[b]: {{ site.repository }}/c')).toBe('<p>a</p>');
    expect(bodyOf('<a href="{{ a }}">b</a><img src="{{ c }}" alt="d">')).toBe('<p>b</p>');
    expect(bodyOf('[a](https://example.org/%7B%7Bx%7D%7D)')).toBe('<p>a</p>');
    expect(bodyOf('[a](https://example.org/{x})')).toBe('<p><a href="https://example.org/%7Bx%7D">a</a></p>');
  });

  it('that define references in a loop make plain text of them all', () => {
    expect(
      bodyOf(
        'A fix ([#12][]) and [more][#7], not [#8]: x\n\n{% for i in list %}\n[#{{ i }}]: {{ repo }}/{{ i }}\n{% endfor %}',
      ),
    ).toBe('<p>A fix (#12) and more, not #8: x</p>'.replace('#8', '[#8]'));
  });

  it('of Hugo vanish, but for a figure', () => {
    expect(bodyOf('{{< figure src="a.png" alt="A pump" caption="It *leaks* & drips" >}}')).toBe(
      `<figure><img alt="A pump" src="${AT}a.png"></img><figcaption>It *leaks* & drips</figcaption></figure>`,
    );
    expect(bodyOf('a {{< youtube x >}} b\n\n{{% notice tip %}}\nKept.\n{{% /notice %}}')).toBe(
      '<p>a b</p><p>Kept.</p>',
    );
  });

  it('of kramdown and of containers vanish, their content stays', () => {
    expect(bodyOf('# Title {#id .c}\n\nText\n{: .class}\n\n* TOC\n{:toc}\n\n*a*{: .b} c')).toBe(
      '<h1>Title</h1><p>Text</p><ul><li>TOC</li></ul><p><em>a</em> c</p>',
    );
    expect(bodyOf('::: tip Look\nKept.\n:::')).toBe('<p>Kept.</p>');
    expect(bodyOf('Elixir says {:ok, x} and {a: 1}.')).toBe('<p>Elixir says {:ok, x} and {a: 1}.</p>');
  });

  it('of MDX vanish in MDX files only', () => {
    const mdx =
      'import A from "./a"\n\nexport const b = {\n  c: 1,\n}\n\n# T {props.x}\n\n<A b={"}"}>in</A> `{x}` {/* more */}\n';
    expect(bodyOf(mdx, '2026-06-09-a.mdx')).toBe('<h1>T</h1><p>in <code>{x}</code> <!--more--></p>');
    expect(bodyOf('import the goods {x}', '2026-06-09-a.md')).toBe('<p>import the goods {x}</p>');
  });

  it('that are never closed lose their braces only', () => {
    expect(bodyOf('&lcub;{% x %}&#123;')).toBe('');
    expect(bodyOf('a {{ b\n\nc }} d {% e')).toBe('<p>a b</p><p>c }} d e</p>');
  });

  it('leave the text of a post that has none alone', () => {
    expect(textOf(postOf('{ a } }} %} {').body)).toBe('{ a } }} %} {');
  });
});
