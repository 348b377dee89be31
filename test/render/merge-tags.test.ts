import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSegments, type Segments } from '../../src/domain/edition.js';
import { localFiles } from '../../src/platform/files.js';
import { openRenderer, openTemplateFiles } from '../../src/render/index.js';
import {
  aDigestPost,
  aRenderInput,
  aRichNewsletter,
  el,
  READER,
  TEMPLATES,
  testThemeRenderers,
} from '../support/render-fixtures.js';

const themes = testThemeRenderers();

/** Kinds, parts and contexts of all holes in order, choices with what is in them. */
function mergeFieldsOf(segments: Segments): readonly string[] {
  return segments.flatMap((segment) => {
    if (typeof segment === 'string') return [];
    if (segment.kind === 'piece') return mergeFieldsOf(segment.segments);
    if (segment.kind === 'hole') return [`${segment.part}/${segment.context}`];
    return [`choice(${segment.on})[${mergeFieldsOf(segment.then)}|${mergeFieldsOf(segment.otherwise)}]`];
  });
}

/** The elements of a document in order, by name. */
function structureOf(html: string): readonly string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)/g)].map((match) => match[1] ?? '');
}

function anIssueOf(theme: string, title: string, words: string) {
  const post = aDigestPost({
    uid: 'u',
    id: 'p',
    url: 'https://blog.example.org/p/',
    title,
    authors: [title],
    excerpt: [el('p', words)],
  });
  return aRenderInput({
    newsletter: aRichNewsletter({ theme }),
    digest: { sections: [{ key: 'other', title, posts: [post] }], carriedOver: 0 },
    subject: title,
    preheader: title,
  });
}

describe.each(['plain', 'magazine'])('merge tags in the theme %s', (theme) => {
  it('are merge fields in document order, each with the context it is escaped for', async () => {
    const mail = await themes.render(aRenderInput({ newsletter: aRichNewsletter({ theme }) }));
    expect(mergeFieldsOf(mail.html)).toEqual([
      'webUrl/html',
      'preferencesUrl/html',
      'unsubscribeUrl/html',
      'choice(name)[name/html|]',
      'address/html',
      'unsubscribeUrl/html',
      'preferencesUrl/html',
      'webUrl/html',
    ]);
    expect(mergeFieldsOf(mail.text)).toEqual([
      'webUrl/text',
      'unsubscribeUrl/text',
      'choice(name)[name/text|]',
      'address/text',
      'unsubscribeUrl/text',
      'preferencesUrl/text',
      'webUrl/text',
    ]);
  });

  it('greet a reader by name and one without a name plainly', async () => {
    const mail = await themes.render(aRenderInput({ newsletter: aRichNewsletter({ theme }) }));
    const named = fillSegments(mail.html, { ...READER, name: '<Ada> & {{reader.address}}' });
    expect(named).toContain('Hello &lt;Ada&gt; &amp; {{reader.address}},');
    expect(fillSegments(mail.html, { ...READER, name: '' })).toContain('>Hello,<');
    expect(fillSegments(mail.text, READER)).toContain('\nHello Ada,\n');
  });

  it('cannot be made by a title, a name or a post, and their text arrives as written', async () => {
    const plain = await themes.render(anIssueOf(theme, 'A title', 'Words.'));
    const bit = fc.constantFrom(
      '{{reader.name}}',
      '{{{html}}}',
      '{{#personal}}',
      '{{/if}}',
      '{{else}}',
      '}}',
      '{{',
      '<mj-text>',
      '</mj-text>',
      '</mj-raw>',
      ']]>',
      '<![CDATA[',
      '<!--',
      '-->',
      '<script>',
      '</style>',
      '&amp;',
      '&#123;',
      '"',
      "'",
      '`',
      ' href="/x"',
      ' src=x',
      '=',
      '\\',
      '$&',
      '$1',
      'g0123456789abcdef0z',
      '\u0000else\u0000',
      '%s',
    );
    const text = fc.array(fc.oneof(bit, fc.string({ unit: 'grapheme', maxLength: 8 })), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(text, text, async (title, words) => {
        const name = `T${title.join('')}T`;
        const said = `W${words.join('')}W`;
        const mail = await themes.render(anIssueOf(theme, name, said));
        expect(mergeFieldsOf(mail.html)).toEqual(mergeFieldsOf(plain.html));
        expect(mergeFieldsOf(mail.text)).toEqual(mergeFieldsOf(plain.text));
        expect(mergeFieldsOf(mail.subject)).toEqual([]);
        const html = fillSegments(mail.html, READER);
        expect(structureOf(html)).toEqual(structureOf(fillSegments(plain.html, READER)));
        expect(lettersOf(html)).toContain(shownIn(name));
        expect(lettersOf(html)).toContain(shownIn(said));
        expect(fillSegments(mail.text, READER).replace(/\s/g, '')).toContain(shownIn(said));
      }),
      { numRuns: 40 },
    );
  });

  it('offer two texts, also turned round, and nothing in either can end it', async () => {
    const island =
      '{{#personal}}{{#unless reader.name}}A{{newsletter.title}}{{else}}B{{/unless}}{{#if reader.name}}C{{/if}}{{/personal}}';
    const newsletter = aRichNewsletter({ theme, subject: island, title: '\u0000else\u0000{{else}}' });
    const { subject } = await themes.render(aRenderInput({ newsletter }));
    expect(fillSegments(subject, READER)).toBe('BC');
    expect(fillSegments(subject, { ...READER, name: '' })).toBe('Aelse{{else}}');
  });

  it('survive a post that guessed the nonce: another one is drawn', async () => {
    const nonces = ['gguessed', 'gfresh'];
    const careful = openRenderer({
      templates: openTemplateFiles({ files: localFiles(), folders: [TEMPLATES] }),
      nonce: () => nonces.shift() ?? 'glast',
    });
    const mail = await careful.render(anIssueOf(theme, 'gguessed0z', 'gguessed1z'));
    expect(fillSegments(mail.html, READER)).toContain('gguessed0z');
    expect(mergeFieldsOf(mail.html)).toHaveLength(8);
  });
});

/** What of a text must arrive: control characters and white space aside. */
function shownIn(text: string): string {
  return text.replace(/[\s\p{Cc}]/gu, '');
}

const NAMED: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** The words of a document, references decoded once. */
function lettersOf(html: string): string {
  const decoded = html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot));/gi, (_, hex, decimal, name) =>
    name ? (NAMED[name] ?? '') : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
  return shownIn(decoded);
}
