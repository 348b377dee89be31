/** The items of a feed as posts: each is parsed as a job of its own, so that one that cannot be read leaves the others alone. */
import type { BrokenPost, Post } from '../../domain/post.js';
import { unfinished } from '../post-reading.js';
import type { SourceTools } from '../source-tools.js';
import type { FeedDocument } from './feed-item.js';
import type { FeedJob } from './feed-job.js';
import { keysOfItems } from './feed-keys.js';
import { itemHashOf } from './feed-memory.js';
import type { FeedOptions } from './feed-options.js';
import type { FeedFacts, ReadItem } from './post-from-item.js';

export interface FeedPosts {
  readonly posts: readonly Post[];
  readonly broken: readonly BrokenPost[];
  /** Short hashes of all its items, in their order. */
  readonly items: readonly string[];
  /** When those without a date count as published. */
  readonly undated: { readonly [item: string]: number };
}

export interface PostsPlace {
  readonly name: string;
  readonly options: Pick<FeedOptions, 'timezone' | 'language'>;
  readonly tools: Pick<SourceTools, 'runParse'>;
}

export interface ReadOptions {
  /** When items without a date were first seen, by their short hashes. */
  readonly undated: { readonly [item: string]: number };
  /** When those that were not seen before count as published. */
  readonly otherwise: Date;
  /** Items that need no reading. */
  isKnown(item: string): boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the items of a document; of equal ones the first. */
export async function postsOf(
  { name, options, tools }: PostsPlace,
  document: Pick<FeedDocument, 'title' | 'language' | 'items'>,
  { undated, otherwise, isKnown, signal }: ReadOptions,
): Promise<FeedPosts> {
  const facts: FeedFacts = {
    ...{ name, timezone: options.timezone, language: options.language },
    ...{ feedTitle: document.title, feedLanguage: document.language },
  };
  const posts: Post[] = [];
  const broken: BrokenPost[] = [];
  const dates: { [item: string]: number } = {};
  const seen = new Set<string>();
  const keys = keysOfItems(document.items);
  const work = document.items.map(async (item, index) => {
    const own = keys[index] ?? {};
    const hash = itemHashOf(own);
    if (seen.has(hash)) return;
    seen.add(hash);
    if (isKnown(hash)) return;
    const job: FeedJob = { kind: 'feed-item', item, keys: own, facts };
    const end = await tools.runParse(job, signal);
    const read: ReadItem =
      end.kind === 'done' ? (end.result as ReadItem) : { kind: 'broken', message: unfinished(end) };
    if (read.kind === 'broken') {
      broken[index] = { source: name, keys: own, where: own.url ?? own.id ?? name, message: read.message };
      return;
    }
    const publishedAt = read.post.publishedAt ?? new Date(undated[hash] ?? otherwise.getTime());
    if (read.post.publishedAt === undefined) dates[hash] = publishedAt.getTime();
    posts[index] = { ...read.post, publishedAt };
  });
  await Promise.all(work);
  return { posts: posts.flat(), broken: broken.flat(), items: [...seen], undated: dates };
}
