import { describe, expect, it } from 'vitest';
import { composeDigest, composePosts, editionKey, postInForm } from '../../src/compose/compose-digest.js';
import { clipText, openShortening } from '../../src/compose/shortening.js';
import { headlineFrom } from '../../src/compose/subject.js';
import { NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import type { CategoryPreferences } from '../../src/domain/category.js';
import type { Html, HtmlNode } from '../../src/domain/html.js';
import type { ShownPictures } from '../../src/domain/newsletter.js';
import type { Messages } from '../../src/domain/ports/content.js';
import { aBody, aCategory, aKnownPost, aNewsletter } from '../support/builders.js';

const english: Messages = {
  language: 'en',
  catalogue: 'en',
  direction: 'ltr',
  say: (key, values = {}) => [key, ...Object.values(values)].join(' '),
};
const newsletter = aNewsletter({
  categories: [{ ...aCategory('chemistry'), also: ['Cheminformatics'] }, aCategory('software')],
});

const at = (day: number) => new Date(`2026-06-1${day}T08:00:00Z`);
const chemistry = aKnownPost({ title: 'Salt', categories: ['Chemistry'], publishedAt: at(1) });
const also = aKnownPost({ title: 'SMILES', categories: ['cheminformatics'], publishedAt: at(2) });
const both = aKnownPost({ title: 'Both', categories: ['software', 'chemistry'], publishedAt: at(3) });
const none = aKnownPost({ title: 'Open day', categories: ['events'], publishedAt: at(4) });
const chosen = [chemistry, also, both, none];
const idOf = ({ post }: (typeof chosen)[number]) => post.url as string;
const bodies = new Map(chosen.map(({ uid }) => [uid, aBody('Words.')]));

function digest(preferences: CategoryPreferences = undefined, arrangement = NO_ARRANGEMENT) {
  return composeDigest(composePosts({ newsletter, chosen, bodies, arrangement }), newsletter, preferences, english, 0);
}
const outline = (preferences?: CategoryPreferences, arrangement = NO_ARRANGEMENT) =>
  digest(preferences, arrangement).sections.map(({ key, posts }) => [key, ...posts.map(({ title }) => title)]);

describe('a digest', () => {
  it('has the newsletter’s sections in its order, newest first, each post once, and posts in no category at the end', () => {
    expect(outline()).toEqual([
      ['chemistry', 'Both', 'SMILES', 'Salt'],
      ['other', 'Open day'],
    ]);
  });
  it('shows a post in the first section that is wished for', () => {
    expect(outline(['software'])).toEqual([['software', 'Both']]);
    expect(outline(['software', 'other'])).toEqual([
      ['software', 'Both'],
      ['other', 'Open day'],
    ]);
  });
  it('is the same for readers who chose a category by a name it had before', () => {
    expect(outline(['cheminformatics'])).toEqual(outline(['chemistry']));
    expect(digest(['cheminformatics']).sections.map(({ also: names }) => names)).toEqual([['cheminformatics']]);
  });
  it('is empty when nothing wished for is in it', () => {
    expect(outline(['reading'])).toEqual([]);
  });
  it('puts pinned posts first in their sections', () => {
    const arrangement = { ...NO_ARRANGEMENT, pinned: [idOf(chemistry)], order: [idOf(also), idOf(both)] };
    expect(outline(undefined, arrangement)[0]).toEqual(['chemistry', 'Salt', 'SMILES', 'Both']);
  });
  it('has the editor’s order within a section, and what they did not order after it, newest first', () => {
    const arrangement = { ...NO_ARRANGEMENT, order: [idOf(none), idOf(chemistry)] };
    expect(outline(undefined, arrangement)).toEqual([
      ['chemistry', 'Salt', 'Both', 'SMILES'],
      ['other', 'Open day'],
    ]);
  });
  it('shows a moved post in its new section where that is wished for, and else where it would have stood', () => {
    const sections = { [idOf(chemistry)]: 'software', [idOf(none)]: 'software', [idOf(also)]: 'other' };
    const arrangement = { ...NO_ARRANGEMENT, sections };
    expect(outline(undefined, arrangement)).toEqual([
      ['chemistry', 'Both'],
      ['software', 'Open day', 'Salt'],
      ['other', 'SMILES'],
    ]);
    expect(outline(['chemistry'], arrangement)).toEqual([['chemistry', 'Both', 'SMILES', 'Salt']]);
    expect(outline(['other'], arrangement)).toEqual([['other', 'Open day', 'SMILES']]);
    expect(outline(['software'], arrangement)).toEqual([['software', 'Open day', 'Both', 'Salt']]);
  });
  it('shares an edition between wishes that give the same result, and not between headings or languages', () => {
    expect(editionKey(digest(['chemistry', 'software', 'other']).sections, 'en')).toBe(
      editionKey(digest().sections, 'en'),
    );
    expect(editionKey(digest().sections, 'de')).not.toBe(editionKey(digest().sections, 'en'));
    expect(editionKey(digest(['chemistry']).sections, 'en')).not.toBe(editionKey(digest(['software']).sections, 'en'));
  });
});

describe('the pictures of a newsletter', () => {
  const picture: HtmlNode = {
    type: 'element',
    tagName: 'img',
    properties: { src: 'https://example.org/a.png', alt: 'A' },
    children: [],
  };
  const shownBy = (pictures: ShownPictures) => {
    const own = { ...newsletter, pictures };
    const withPictures = new Map(chosen.map(({ uid }) => [uid, [...aBody('Words.'), picture]]));
    const posts = composePosts({ newsletter: own, chosen, bodies: withPictures, arrangement: NO_ARRANGEMENT });
    const { sections } = composeDigest(posts, own, undefined, english, 0);
    return sections.flatMap((section) => section.posts.map(({ figure }) => figure !== undefined));
  };
  it('are those of each post, of the first one alone, or none', () => {
    expect(shownBy('each')).toEqual([true, true, true, true]);
    expect(shownBy('lead')).toEqual([true, false, false, false]);
    expect(shownBy('none')).toEqual([false, false, false, false]);
  });
});

describe('the clip ladder', () => {
  const input = { newsletter, chosen, bodies, arrangement: NO_ARRANGEMENT };
  const sizes = new Map([
    ['Both', 900],
    ['SMILES', 5000],
    ['Salt', 500],
    ['Open day', 400],
  ]);
  /** Each form is a tenth smaller than the one before; a title link has ten bytes. */
  const openWith = (canCut: (title: string) => boolean = () => true) => {
    const forms = new Map<unknown, number>();
    return openShortening(
      composePosts(input),
      (post, form) => {
        const shown = postInForm(input, post, form);
        forms.set(shown, form);
        return shown;
      },
      (post) => {
        const form = forms.get(post) ?? 0;
        if (post.form === 'link') return 10;
        return (sizes.get(post.title) ?? 0) * (canCut(post.title) ? 1 - form / 10 : 1);
      },
    );
  };
  const formsOf = (shortening: ReturnType<typeof openWith>) =>
    composePosts(input).map((post) => [post.title, shortening.formOf(post).form]);

  it('shortens the largest post first, and the others not before it is smaller than they are', () => {
    const shortening = openWith();
    expect(shortening.save(600)).toBe(true);
    expect(shortening.level()).toEqual({ excerpts: 1, pictures: 0, links: 0 });
    expect(clipText(shortening.level())).toBe('1 excerpt cut');
  });
  it('shows a post that cannot be cut as a title link, and leaves the others whole', () => {
    const shortening = openWith((title) => title !== 'SMILES');
    shortening.save(600);
    expect(formsOf(shortening)).toEqual([
      ['Open day', 'full'],
      ['Both', 'full'],
      ['SMILES', 'link'],
      ['Salt', 'full'],
    ]);
    expect(shortening.level()).toEqual({ excerpts: 0, pictures: 0, links: 1 });
  });
  it('ends with title links alone, and then says that nothing more can be saved', () => {
    const shortening = openWith();
    expect(shortening.save(100_000)).toBe(true);
    expect(formsOf(shortening).map(([, form]) => form)).toEqual(['link', 'link', 'link', 'link']);
    expect(shortening.save(1)).toBe(false);
    expect(clipText(shortening.level())).toBe('4 posts as title links');
  });
});

describe('the headline', () => {
  it('leads with the first post and names the others in the preheader', () => {
    expect(headlineFrom(digest(), english)).toEqual({
      subject: 'subject.more Both 3',
      preheader: 'SMILES · Salt · Open day',
    });
    expect(headlineFrom(digest(['software']), english).subject).toBe('subject.one Both');
  });
  it('shortens a very long title at a word and isolates one of the other direction', () => {
    const long = aKnownPost({ title: 'Very long words '.repeat(30).trim(), publishedAt: at(5) });
    const arabic = aKnownPost({ title: 'شاي الخميس', publishedAt: at(4) });
    const two = composePosts({ newsletter, chosen: [long, arabic], bodies: new Map(), arrangement: NO_ARRANGEMENT });
    const { subject, preheader } = headlineFrom(composeDigest(two, newsletter, undefined, english, 0), english);
    expect(subject.length).toBeLessThan(140);
    expect(subject).toMatch(/(words|long|Very)… 1$/);
    expect(preheader).toBe('\u2068شاي الخميس\u2069');
  });
  it('shortens the title of a single post as well, and continues with its excerpt', () => {
    const long = aKnownPost({ title: 'Very long words '.repeat(30).trim(), publishedAt: at(5) });
    const { subject, preheader } = headlineOf([long], new Map([[long.uid, aBody('One  thing. And another.')]]));
    expect(subject.length).toBeLessThan(140);
    expect(preheader).toBe('One thing. And another.');
    expect(headlineOf([long]).preheader).toBe('issue.count 1');
  });
  it('takes out bidi controls that would turn the words around them', () => {
    const turned = aKnownPost({ title: 'Invoice \u202egpj.exe', publishedAt: at(5) });
    expect(headlineOf([turned]).subject).toBe('subject.one Invoice gpj.exe');
    expect(headlineOf([turned, none]).subject).toBe('subject.more Invoice gpj.exe 1');
  });
});

function headlineOf(posts: typeof chosen, of: ReadonlyMap<string, Html> = new Map()) {
  const shown = composePosts({ newsletter, chosen: posts, bodies: of, arrangement: NO_ARRANGEMENT });
  return headlineFrom(composeDigest(shown, newsletter, undefined, english, 0), english);
}
