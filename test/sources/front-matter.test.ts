import { describe, expect, it } from 'vitest';
import { brokenOf, markupOf, postOf, read, withKeys } from '../support/sources-files.js';

describe('front matter', () => {
  it('is read whatever the capitals of its keys', () => {
    const post = postOf(withKeys('Title: Locked and shimmed', 'AUTHOR: Night Shift', 'Date: 2026-06-01'));
    expect(post.title).toBe('Locked and shimmed');
    expect(post.authors).toEqual(['Night Shift']);
  });

  it.each(['js', 'javascript', 'coffee', 'cson', 'ejs'])('never runs a block marked as %s', (language) => {
    const trap = globalThis as { ranFrontMatter?: boolean };
    delete trap.ranFrontMatter;
    const broken = brokenOf(`---${language}\n{ title: (globalThis.ranFrontMatter = true) }\n---\nBody.\n`);
    expect(trap.ranFrontMatter).toBeUndefined();
    expect(broken.where).toBe('posts/2026-06-09-a-post.md:1:1');
    expect(broken.message).toContain('Write it as YAML');
  });

  it('does not run a function tag of YAML', () => {
    const trap = globalThis as { ranTag?: boolean };
    delete trap.ranTag;
    read(withKeys('title: !!js/function "function () { globalThis.ranTag = true }"'));
    expect(trap.ranTag).toBeUndefined();
  });

  it('fails the second time as it failed the first', () => {
    const text = withKeys('title: [open');
    expect(brokenOf(text)).toEqual(brokenOf(text));
  });

  it('gives two readers of one file data of their own', () => {
    const text = withKeys('title: One', 'categories: [a, b]');
    expect(postOf(text)).toEqual(postOf(text));
    expect(postOf(text).categories).not.toBe(postOf(text).categories);
  });

  it('reads the same with CRLF line ends and a byte order mark', () => {
    const text = withKeys('title: Two lines', 'summary: Short.');
    expect(postOf(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(postOf(text));
  });

  it('may end with three dots', () => {
    expect(postOf('---\ntitle: Dots\n...\n\nThe body.\n').title).toBe('Dots');
  });

  it('may be empty', () => {
    expect(postOf('---\n---\nThe body.\n').title).toBe('A post');
    expect(postOf('---\n# nothing here\n---\nThe body.\n').title).toBe('A post');
  });

  it('that is never closed is told with its place', () => {
    const broken = brokenOf('---\ntitle: Open\n\nThe body.\n');
    expect(broken.where).toBe('posts/2026-06-09-a-post.md:1:1');
    expect(broken.message).toContain('never closed');
  });

  it('that is not YAML is told with line and column', () => {
    expect(brokenOf('---\ntitle: ok\nsummary: a: b\n---\n').where).toBe('posts/2026-06-09-a-post.md:3:10');
  });

  it('with a key written twice takes the last, as site generators do', () => {
    expect(postOf(withKeys('title: One', 'title: Two')).title).toBe('Two');
    expect(postOf(withKeys('title: One', 'Title: Two')).title).toBe('Two');
  });

  it('may continue a quote or a list in an unindented line', () => {
    expect(postOf('---\ntitle: "A long\ntitle"\nauthor: Ann\n---\n')).toMatchObject({
      title: 'A long title',
      authors: ['Ann'],
    });
    expect(postOf("---\ntitle: 'It''s\nlong'\nauthor: Ann\n---\n")).toMatchObject({
      title: "It's long",
      authors: ['Ann'],
    });
    expect(postOf('---\ncategories: [a,\nb]\nauthor: Ann\n---\n')).toMatchObject({
      categories: ['a', 'b'],
      authors: ['Ann'],
    });
    expect(brokenOf('---\ntitle: "never closed\nauthor: Ann\n---\n').where).toBe('posts/2026-06-09-a-post.md:3:12');
  });

  it('whose text contains a line of dashes and words says what is in the way', () => {
    const broken = brokenOf('---\ntitle: |\n  text\n---more\n---\n');
    expect(broken.where).toBe('posts/2026-06-09-a-post.md:4:1');
    expect(broken.message).toContain('Indent it');
  });

  it('that is a bomb of aliases is refused at once', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [at, name] of [...'bcdefgh'].entries()) {
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`);
    }
    expect(brokenOf(withKeys(...bomb)).message).toContain('too often');
  });

  it('with a __proto__ key changes nobody else', () => {
    const post = postOf(withKeys('__proto__: { draft: true }', 'image: { __proto__: { src: /x.png }, src: /y.png }'));
    expect(post.draft).toBe(false);
    expect(post.image?.src).toBe('https://blog.example.org/y.png');
    expect(({} as { draft?: boolean }).draft).toBeUndefined();
  });

  it.each([
    ['TOML', '+++\ntitle = "One"\ndate = 2026-06-09T10:00:00Z\ncategories = ["a"]\n+++\nWords.\n'],
    ['TOML between dashes', '---toml\ntitle = "One"\ndate = 2026-06-09T10:00:00Z\ncategories = ["a"]\n---\nWords.\n'],
    ['JSON', '{\n"title": "One",\n"date": "2026-06-09T10:00:00Z", "categories": ["a"]\n}\n\nWords.\n'],
    [
      'JSON between dashes',
      '---json\n{"title": "One", "date": "2026-06-09T10:00:00Z", "categories": ["a"]}\n---\nWords.\n',
    ],
    ['JSON before semicolons', '"title": "One",\n"date": "2026-06-09T10:00:00Z", "categories": ["a"]\n;;;\nWords.\n'],
    [
      'JSON between semicolons',
      ';;;\n"title": "One", "date": "2026-06-09T10:00:00Z", "categories": ["a"]\n;;;\nWords.\n',
    ],
    ['YAML without an opening line', 'title: One\ndate: 2026-06-09 10:00:00 Z\ncategories: [a]\n---\nWords.\n'],
    ['lines of keys', 'Title: One\nDate: 2026-06-09 10:00 Z\nCategory: a\n\nWords.\n'],
  ])('is read in %s, and never printed', (_, text) => {
    const post = postOf(text, 'one.md');
    expect(post).toMatchObject({ title: 'One', categories: ['a'], publishedAt: new Date('2026-06-09T10:00:00Z') });
    expect(markupOf(post.body)).toBe('<p>Words.</p>');
  });

  it('gives a date of TOML as it is written', () => {
    const at = (date: string) =>
      postOf(`+++\ndate = ${date}\n+++\n`, 'x.md', { timezone: 'America/New_York' }).publishedAt;
    expect(at('2026-06-09')).toEqual(new Date('2026-06-09T04:00:00Z'));
    expect(at('2026-06-09T09:30:00')).toEqual(new Date('2026-06-09T13:30:00Z'));
    expect(at('2026-06-09T09:30:00+02:00')).toEqual(new Date('2026-06-09T07:30:00Z'));
  });

  it.each([
    ['TOML', '+++\ntitle = "One"\ndate = = 1\n+++\n', ':3:8'],
    ['JSON', '{\n"title": "One",\n"date": oops oops: 1\n}\n', ':3:'],
    ['TOML that is never closed', '+++\ntitle = "One"\n', ':1:1'],
    ['JSON that is never closed', '{\n"title": "One"\n', ':1:1'],
  ])('that is not valid is told with its place: %s', (_, text, place) => {
    expect(brokenOf(text).where).toContain(`posts/2026-06-09-a-post.md${place}`);
  });

  it('tells the line of a wrong value in TOML and in lines of keys', () => {
    expect(brokenOf('+++\ntitle = "One"\n\ndate = "soon"\n+++\n').where).toBe('posts/2026-06-09-a-post.md:4:1');
    expect(brokenOf('Title: One\nDate: soon\n\nWords.').where).toBe('posts/2026-06-09-a-post.md:2:1');
  });

  it('is not seen in prose that looks a little like it', () => {
    for (const text of [
      'Note: look here\n---\nWords.',
      'To: you\nFrom: me\n\nWords.',
      '{ braces } in prose\n',
      '"Quoted": words',
    ]) {
      const [first = ''] = text.split(/[\n:]/);
      expect(markupOf(postOf(text).body)).toContain(first.replaceAll('"', ''));
    }
  });

  it('with tables of TOML called __proto__ changes nobody else', () => {
    postOf('+++\ntitle = "x"\n[__proto__]\ndraft = true\n+++\n');
    expect(({} as { draft?: boolean }).draft).toBeUndefined();
  });

  it('is missing from a page without a date in its name: that is no post', () => {
    expect(read('# Read me\n', 'README.md').kind).toBe('no-post');
  });

  it('is not looked for below the first line', () => {
    const post = postOf('\n---\ntitle: Not a title\n---\n');
    expect(post.title).not.toBe('Not a title');
  });
});

describe('the keys of a post', () => {
  it('give a number written as a title as it was written', () => {
    expect(postOf(withKeys('title: 2024')).title).toBe('2024');
    expect(postOf(withKeys('title: 1.10')).title).toBe('1.10');
    expect(postOf(withKeys('title: no')).title).toBe('no');
  });

  it('tell every wrong value at once, each with its line', () => {
    const broken = brokenOf(withKeys('title: { a: b }', 'draft: perhaps', 'date: soon'));
    expect(broken.where).toBe('posts/2026-06-09-a-post.md:2:1');
    expect(broken.message).toMatch(/“title” must be text.*Line 3: “draft” must be true.*Line 4: “date” is no date/);
  });

  it('accept authors as a text, a list or maps with a name', () => {
    expect(postOf(withKeys('author: Postdoc Corner')).authors).toEqual(['Postdoc Corner']);
    expect(postOf(withKeys('authors: [One, Two]')).authors).toEqual(['One', 'Two']);
    expect(postOf(withKeys('authors:', '  - name: One', '    url: /one', '  - Two')).authors).toEqual(['One', 'Two']);
    expect(postOf(withKeys('author: { name: One }')).authors).toEqual(['One']);
  });

  it('take authors for what they are called, where they are Markdown links', () => {
    expect(postOf(withKeys('author: "[Ann Lee](https://ann.example.org)"')).authors).toEqual(['Ann Lee']);
  });

  it('may keep a post out of newsletters', () => {
    expect(postOf(withKeys('newsletter: false')).optedOut).toBe(true);
    expect(postOf(withKeys('newsletter: true')).optedOut).toBeUndefined();
    expect(postOf(withKeys('digest: no'), undefined, { optOutKey: 'digest' }).optedOut).toBe(true);
  });

  it('name categories under the keys that the settings say, tags where a post has none', () => {
    expect(postOf(withKeys('tags: [a, b]')).categories).toEqual(['a', 'b']);
    expect(postOf(withKeys('tags: [a, b]', 'category: c')).categories).toEqual(['c']);
    expect(postOf(withKeys('tags: [a]', 'category: c'), undefined, { categoriesFrom: ['tags'] }).categories).toEqual([
      'a',
    ]);
    const from = (categoriesFrom: string[]) =>
      postOf(withKeys('extra: { topic: t }'), 'notes/2026-06-09-x.md', { categoriesFrom }).categories;
    expect(from(['extra.topic', 'folder'])).toEqual(['t', 'notes']);
  });

  it('part categories as Jekyll does: several words in “categories” are several', () => {
    expect(postOf(withKeys('categories: chemistry software')).categories).toEqual(['chemistry', 'software']);
    expect(postOf(withKeys('category: machine learning')).categories).toEqual(['machine learning']);
    expect(postOf(withKeys('categories: [Lab life, Chemistry]')).categories).toEqual(['Lab life', 'Chemistry']);
    expect(postOf(withKeys('categories: Lab life, Chemistry')).categories).toEqual(['Lab life', 'Chemistry']);
  });

  it('name a category once, in its first spelling', () => {
    const post = postOf(withKeys('category: Chemistry', 'categories: [chemistry, Software, CHEMISTRY]'));
    expect(post.categories).toEqual(['Chemistry', 'Software']);
  });

  it('take the folders above _posts for categories', () => {
    expect(postOf(withKeys('category: news'), 'dev/_posts/2026-06-09-x.md').categories).toEqual(['dev', 'news']);
  });

  it('make a draft of draft: true, published: false and the folder _drafts', () => {
    expect(postOf(withKeys('draft: true')).draft).toBe(true);
    expect(postOf(withKeys('draft: yes')).draft).toBe(true);
    expect(postOf(withKeys('draft: false')).draft).toBe(false);
    expect(postOf(withKeys('published: false')).draft).toBe(true);
    expect(postOf(withKeys('published: true')).draft).toBe(false);
    expect(postOf(withKeys('published:')).draft).toBe(true);
    expect(postOf(withKeys('title: Early'), '_drafts/early.md').draft).toBe(true);
  });

  it('keep out of an issue what the site keeps out of its lists', () => {
    for (const line of ['headless: true', 'permalink: false', 'redirect_to: /x/', 'build: { list: never }']) {
      expect(postOf(withKeys(line)).draft).toBe(true);
    }
    expect(postOf(withKeys('build: { list: always }')).draft).toBe(false);
  });

  it('give a draft without a date no address', () => {
    expect(postOf(withKeys('title: Early'), '_drafts/early.md').url).toBeUndefined();
  });

  it('hold an image as an address or with its words', () => {
    expect(postOf(withKeys('image: images/x.png')).image).toEqual({
      src: 'https://blog.example.org/2026/06/09/a-post/images/x.png',
      alt: '',
    });
    const image = postOf(withKeys('image: { src: /x.png, alt: A pump, caption: The *old* one, width: 640 }')).image;
    expect(image).toMatchObject({ src: 'https://blog.example.org/x.png', alt: 'A pump', width: 640 });
    expect(image?.caption).toHaveLength(3);
    for (const line of [
      'image: [/x.png, /y.png]',
      'images: [/x.png]',
      'cover: { image: /x.png }',
      'heroImage: /x.png',
      'extra: { thumbnail: /x.png }',
    ]) {
      expect(postOf(withKeys(line)).image?.src).toBe('https://blog.example.org/x.png');
    }
    expect(postOf(withKeys('image: false', 'cover: /x.png')).image).toBeUndefined();
  });

  it('name the language as BCP 47', () => {
    expect(postOf(withKeys('lang: pt_br')).language).toBe('pt-BR');
    expect(postOf(withKeys('language: de')).language).toBe('de');
    expect(postOf(withKeys('title: x'), undefined, { language: 'fr' }).language).toBe('fr');
    expect(postOf(withKeys('title: x')).language).toBeUndefined();
    expect(brokenOf(withKeys('lang: "!"')).message).toContain('language');
  });

  it('give an id, also one that is a number', () => {
    expect(postOf(withKeys('id: 007')).keys.id).toBe('007');
  });

  it('leave the braces of a summary alone, but not in the target of a link', () => {
    const summary = (text: string) => markupOf(postOf(withKeys(`summary: ${JSON.stringify(text)}`)).summary ?? []);
    expect(summary('Dear {{name}}, {% x %} {{{y}}}')).toBe('Dear {{name}}, {% x %} {{{y}}}');
    expect(summary('[docs]({{ site.url }}/docs) ![p](q.png)')).toBe('docs');
    expect(summary('One.\n\n- two\n- three')).toBe('One. two three');
  });

  it('render Markdown in a summary as one line of markup', () => {
    const summary = postOf(withKeys('summary: Why `pip` is *not* [enough](/pip).')).summary;
    expect(summary?.map((node) => (node.type === 'element' ? node.tagName : node.type))).toEqual([
      'text',
      'code',
      'text',
      'em',
      'text',
      'a',
      'text',
    ]);
  });
});

describe('encodings', () => {
  const text = withKeys('title: Café – “nice”');

  it('are told apart: UTF-16 with and without a byte order mark', () => {
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    expect(postOf(Buffer.concat([Buffer.from([0xff, 0xfe]), little])).title).toBe('Café – “nice”');
    expect(postOf(Buffer.concat([Buffer.from([0xfe, 0xff]), big])).title).toBe('Café – “nice”');
    expect(postOf(little).title).toBe('Café – “nice”');
    expect(postOf(big).title).toBe('Café – “nice”');
  });

  it('fall back to Windows-1252', () => {
    const bytes = Buffer.from(withKeys('title: Caf\u00e9 \u0093nice\u0094'), 'latin1');
    expect(postOf(bytes).title).toBe('Café “nice”');
  });

  it('give C1 controls the meaning they had in Windows-1252', () => {
    expect(postOf(withKeys('title: It\u0092s')).title).toBe('It’s');
  });

  it('that are mixed are told with the place of the first wrong byte', () => {
    const bytes = Buffer.concat([
      Buffer.from('---\ntitle: ééé\nsummary: '),
      Buffer.from([0xe9]),
      Buffer.from('\n---\n'),
    ]);
    expect(brokenOf(bytes).where).toBe('posts/2026-06-09-a-post.md:3:10');
  });

  it('of something that is no text are refused', () => {
    expect(brokenOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3)).message).toContain('not a text file');
  });
});
