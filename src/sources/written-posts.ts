/** Posts that a program has as plain values → a collection. For sources that are written outside of Gazette. */
import type { Collection } from '../domain/post.js';
import type { FeedItem } from './feed/feed-item.js';
import { postsOf } from './feed/feed-posts.js';
import type { SourceTools } from './source-tools.js';

/** A post as another program has it. */
export interface WrittenPost {
  /** What the post keeps when its title and address change. */
  readonly id?: string;
  /** Where it is read. */
  readonly url?: string;
  /** Plain text. Absent: the post is called as it begins. */
  readonly title?: string;
  /** The whole text as HTML: it is cleaned, and its links are made absolute. */
  readonly html?: string;
  /** The author's own short text, as HTML. */
  readonly summary?: string;
  readonly publishedAt: Date;
  readonly authors?: readonly string[];
  readonly categories?: readonly string[];
  /** BCP 47. */
  readonly language?: string;
  /** The address of its picture. */
  readonly picture?: string;
}

export interface WrittenOptions {
  /** Whether these are all the posts there are: then those that are missing are withdrawn. */
  readonly complete: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Makes a collection of them; each is parsed in a thread, with limits of time and memory. @param source its name */
export async function collectionOf(
  source: string,
  written: readonly WrittenPost[],
  tools: SourceTools,
  { complete, signal }: WrittenOptions,
): Promise<Collection> {
  const items = written.map(itemFrom);
  const place = { name: source, options: { timezone: 'UTC', language: undefined }, tools };
  const document = { title: undefined, language: undefined, items };
  const reading = { undated: {}, otherwise: new Date(0), isKnown: () => false, signal };
  const { posts, broken } = await postsOf(place, document, reading);
  return { source, posts, broken, complete };
}

function itemFrom(post: WrittenPost): FeedItem {
  const { id, url, title, html, summary, publishedAt, authors = [], categories = [], language, picture } = post;
  return {
    ...{ id, url, authors, categories, language, base: url },
    title: title === undefined ? undefined : { type: 'text', value: title },
    content: html === undefined ? undefined : { type: 'html', value: html },
    summary: summary === undefined ? undefined : { type: 'html', value: summary },
    dates: [publishedAt.toISOString()],
    picture: picture === undefined ? undefined : { src: picture, alt: '', width: undefined, height: undefined },
  };
}
