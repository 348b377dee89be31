import { describe, expect, it } from 'vitest';
import type { KnownPost } from '../../src/domain/post.js';
import { selectPosts } from '../../src/select/select-posts.js';
import { aKnownPost, aNewsletter } from '../support/builders.js';

const window = { since: new Date('2026-06-01T08:00:00Z'), until: new Date('2026-06-08T08:00:00Z') };
const arrangement = { pinned: [], order: [], sections: {}, excluded: [], added: [] };
const day = (date: number) => new Date(Date.UTC(2026, 5, date, 12));

const post = (title: string, language: string, with_: Parameters<typeof aKnownPost>[0] = {}): KnownPost =>
  aKnownPost({
    title,
    language,
    translationKey: 'posts/x',
    publishedAt: day(3),
    newsAt: day(3),
    uid: title,
    keys: { path: title },
    url: `https://blog.example.org/${title}`,
    ...with_,
  });

function chosen(posts: readonly KnownPost[], language = 'en', carried: readonly string[] = []) {
  const outcomes = new Map(carried.map((uid) => [uid, { kind: 'carried', issue: 1 } as const]));
  const { verdicts } = selectPosts({ newsletter: aNewsletter({ language }), posts, outcomes, window, arrangement });
  return Object.fromEntries(verdicts.map(({ known, reason }) => [known.post.title, reason.kind]));
}

describe('translations of one post', () => {
  const both = [post('english', 'en-GB'), post('deutsch', 'de', { publishedAt: day(2), newsAt: day(2) })];

  it('count once, in the language of the newsletter', () => {
    expect(chosen(both, 'en')).toEqual({ english: 'news', deutsch: 'duplicate-of' });
    expect(chosen(both, 'de-AT')).toEqual({ english: 'duplicate-of', deutsch: 'news' });
  });

  it('count as the oldest where none is in it', () => {
    expect(chosen(both, 'fr')).toEqual({ english: 'duplicate-of', deutsch: 'news' });
  });

  it('are not sent once another one was', () => {
    expect(chosen(both, 'en', ['deutsch'])).toEqual({ english: 'duplicate-of', deutsch: 'carried' });
  });

  it('stand in for one that cannot be sent', () => {
    expect(chosen([post('english', 'en', { draft: true }), post('deutsch', 'de')])).toEqual({
      english: 'draft',
      deutsch: 'news',
    });
  });

  it('are those of one source with one key, in several languages', () => {
    const kinds = (other: KnownPost) => chosen([post('english', 'en'), other]).other;
    expect(kinds(post('other', 'de', { source: 'elsewhere' }))).toBe('filtered');
    expect(kinds(post('other', 'de', { translationKey: 'posts/y' }))).toBe('news');
    expect(kinds(post('other', 'en'))).toBe('news');
  });
});
