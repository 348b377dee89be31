/** Random issues and editions of them: the input of the oracle that compares spliced editions with whole renderings. */
import fc from 'fast-check';
import type { DigestPost } from '../../src/domain/digest.js';
import type { Html } from '../../src/domain/html.js';
import type { RenderInput } from '../../src/domain/ports/content.js';
import { aDigestPost, aRenderInput, aRichNewsletter, el, elWith } from './render-fixtures.js';

/** The editions of one issue, in the order they are asked for. */
export interface RandomIssue {
  readonly editions: readonly RenderInput[];
}

const SECTIONS = ['instruments', 'machine-learning', 'software', 'lab-life', 'other'];
const WORDS = [
  'A title',
  'Two  spaces',
  'Fast & <small>',
  '“quoted”',
  "it's",
  'ゆっくり',
  'شاي الخميس',
  '',
  '{{reader.name}}',
  '$& $1',
];

const aText = fc.constantFrom(
  ...WORDS,
  'A longer text that is wrapped over several lines in the text part, because it has more than seventy-four columns',
);
const aTree: fc.Arbitrary<Html> = fc.oneof(
  fc.constant<Html>([]),
  aText.map((text): Html => [el('p', text)]),
  fc
    .tuple(aText, aText)
    .map(
      ([text, more]): Html => [
        el('p', text, elWith('a', { href: 'https://blog.example.org/a?b=1&c=2' }, more || 'link')),
        el('pre', `one\n\n\n  two ${more}`),
        el('ul', el('li', text), el('li', more)),
      ],
    ),
);

const aPost: fc.Arbitrary<DigestPost> = fc
  .record({
    title: aText.map((text) => text || 'Untitled'),
    hasUrl: fc.boolean(),
    authors: fc.array(
      aText.map((text) => text || 'Ada'),
      { maxLength: 2 },
    ),
    language: fc.constantFrom(undefined, 'ar', 'en', 'ja'),
    categories: fc.subarray(SECTIONS, { minLength: 1 }),
    excerpt: aTree,
    continues: fc.boolean(),
    hasFigure: fc.boolean(),
    readingMinutes: fc.nat(3),
    isLink: fc.boolean(),
  })
  .map(({ hasUrl, hasFigure, language, isLink, ...post }) => {
    const src = 'https://blog.example.org/picture.png';
    const { url: _, ...rest } = aDigestPost(post);
    return {
      ...rest,
      ...(hasUrl && { url: `https://blog.example.org/${rest.id}/` }),
      ...(language && { language }),
      ...(hasFigure && { figure: { src, alt: post.title, width: 800, height: 600 } }),
      form: isLink ? 'link' : 'full',
    } satisfies DigestPost;
  });

/** @param most editions of an issue */
export function randomIssue(most: number): fc.Arbitrary<RandomIssue> {
  const sections = fc.tuple(...SECTIONS.map(() => fc.array(aPost, { minLength: 1, maxLength: 3 })));
  const choice = fc.record({
    sections: fc.subarray(SECTIONS, { minLength: 1 }),
    // Which of a section's posts are shown: some are shown in another section to readers who want that one.
    posts: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    subject: aText.map((text) => text || 'A subject'),
    preheader: aText,
  });
  return fc
    .record({
      posts: sections,
      theme: fc.constantFrom('plain', 'magazine'),
      language: fc.constantFrom('en', 'de', 'ar', 'ja'),
      introduction: fc.option(aTree, { nil: undefined }),
      carriedOver: fc.nat(2),
      choices: fc.array(choice, { minLength: 2, maxLength: most }),
    })
    .map(({ posts, theme, language, introduction, carriedOver, choices }) => {
      const newsletter = aRichNewsletter({ theme });
      const editions = choices.map(({ sections: chosen, posts: shown, subject, preheader }) => {
        const digest = chosen.map((key) => {
          const all = posts[SECTIONS.indexOf(key)] ?? [];
          const some = all.filter((_, index) => shown[index]);
          return { key, title: `Section ${key} & more`, posts: some.length > 0 ? some : all };
        });
        const input = aRenderInput({
          newsletter,
          language,
          subject,
          preheader,
          digest: { sections: digest, carriedOver },
        });
        return introduction === undefined ? input : { ...input, introduction };
      });
      return { editions };
    });
}
