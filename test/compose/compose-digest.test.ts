import { describe, expect, it } from 'vitest';
import { clipLadder, clipText } from '../../src/compose/clip-ladder.js';
import { composeDigest, composePosts, editionKey } from '../../src/compose/compose-digest.js';
import { headlineFrom } from '../../src/compose/subject.js';
import { NO_ARRANGEMENT } from '../../src/domain/arrangement.js';
import type { CategoryPreferences } from '../../src/domain/category.js';
import type { ClipLevel } from '../../src/domain/digest.js';
import type { Html } from '../../src/domain/html.js';
import type { Messages } from '../../src/domain/ports/content.js';
import { aBody, aCategory, aKnownPost, aNewsletter } from '../support/builders.js';

const WHOLE: ClipLevel = { images: true, links: 0 };
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

function digest(preferences: CategoryPreferences = undefined, level = WHOLE, arrangement = NO_ARRANGEMENT) {
  return composeDigest(
    composePosts({ newsletter, chosen, bodies, arrangement }, level),
    newsletter,
    preferences,
    english,
    level,
    0,
  );
}
const outline = (preferences?: CategoryPreferences, arrangement = NO_ARRANGEMENT) =>
  digest(preferences, WHOLE, arrangement).sections.map(({ key, posts }) => [key, ...posts.map(({ title }) => title)]);

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

describe('the clip ladder', () => {
  it('starts whole, then shortens excerpts, then drops images, then turns posts into title links, all in the end', () => {
    const ladder = clipLadder(digest());
    expect(ladder[0]).toEqual(WHOLE);
    const texts = ladder.slice(1).map((level) => clipText(level) as string);
    const firstWithoutImages = texts.findIndex((text) => text.includes('images'));
    const firstWithLinks = texts.findIndex((text) => text.includes('links'));
    expect(0 < firstWithoutImages && firstWithoutImages < firstWithLinks).toBe(true);
    expect(ladder.at(-1)?.links).toBe(3);
  });
  it('turns the posts at the end of each section into links', () => {
    const forms = digest(undefined, { images: false, links: 1 }).sections.map(({ posts }) =>
      posts.map(({ form }) => form),
    );
    expect(forms).toEqual([['full', 'full', 'link'], ['link']]);
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
    const two = composePosts(
      { newsletter, chosen: [long, arabic], bodies: new Map(), arrangement: NO_ARRANGEMENT },
      WHOLE,
    );
    const { subject, preheader } = headlineFrom(composeDigest(two, newsletter, undefined, english, WHOLE, 0), english);
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
  const shown = composePosts({ newsletter, chosen: posts, bodies: of, arrangement: NO_ARRANGEMENT }, WHOLE);
  return headlineFrom(composeDigest(shown, newsletter, undefined, english, WHOLE, 0), english);
}
