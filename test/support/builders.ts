/** Nouns with defaults: a test names only what it is about. */
import type { Category } from '../../src/domain/category.js';
import type { Html } from '../../src/domain/html.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { KnownPost, Post } from '../../src/domain/post.js';

export const DAY_MS = 86_400_000;

/** One paragraph of text as a body. */
export function aBody(text: string): Html {
  return [{ type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value: text }] }];
}

let serial = 0;

/** A publishable post of 1 June 2026, distinct from every other by its keys. */
export function aPost(with_: Partial<Post> = {}): Post {
  serial += 1;
  const path = with_.keys?.path ?? `posts/post-${serial}.md`;
  const url = with_.url ?? `https://blog.example.org/post-${serial}/`;
  return {
    source: 'blog',
    keys: { url, path },
    title: `Post ${serial}`,
    url,
    publishedAt: new Date('2026-06-01T08:00:00Z'),
    draft: false,
    authors: ['Group Office'],
    categories: [],
    bodyHash: `hash-${serial}`,
    place: path,
    body: aBody(`The body of post ${serial}.`),
    ...with_,
  };
}

/** The same post as remembered: news at its publication unless told otherwise. */
export function aKnownPost(with_: Partial<Post> & { newsAt?: Date; uid?: string } = {}): KnownPost {
  const { newsAt, uid, ...rest } = with_;
  const { body: _, ...post } = aPost(rest);
  return { uid: uid ?? `uid-${serial}`, post, newsAt: newsAt ?? post.publishedAt };
}

export function aCategory(key: string): Category {
  return { key, title: { en: key }, also: [] };
}

export function aNewsletter(with_: Partial<Newsletter> = {}): Newsletter {
  return {
    id: 'weekly',
    title: 'Notes from the Fourth Floor',
    language: 'en',
    timezone: 'Europe/London',
    schedule: '0 8 * * 1',
    sources: [{ name: 'blog', only: [], except: [] }],
    categories: [aCategory('chemistry'), aCategory('software')],
    pictures: 'each',
    theme: 'plain',
    sender: { name: 'Notes from the Fourth Floor', address: 'digest@fourth-floor.example.org' },
    postalAddress: 'The Fourth Floor, 1 Example Street, Exampletown EX1 1EX',
    minPosts: 1,
    maxPosts: 40,
    maxAgeMs: 30 * DAY_MS,
    maxLatenessMs: DAY_MS,
    approval: { kind: 'none' },
    onUnknownOutcome: 'resend',
    onSourceFailure: { kind: 'stop' },
    ...with_,
  };
}
