/** A WordPress blog, or one category, tag or author of it, as a source of posts. Without its REST API, its feed is read. */
import { GazetteError } from '../../domain/errors.js';
import type { CollectRequest, Source } from '../../domain/ports/content.js';
import type { Collection, SourceNote } from '../../domain/post.js';
import { feedOptions } from '../feed/feed-options.js';
import type { SourceTools } from '../source-tools.js';
import { failed } from '../web/api-request.js';
import { apiSource } from '../web/api-source.js';
import { textAt, valueAt } from '../web/json.js';
import { API_CLOSED, wordPressApi } from './wordpress-api.js';
import type { WordPressOptions } from './wordpress-options.js';
import { findSite, openAsk, type WordPressSite } from './wordpress-site.js';

/** Opens a blog; nothing is asked before `collect`. */
export function wordPressSource(name: string, options: WordPressOptions, tools: SourceTools): Source {
  const { fetchWeb, runParse } = tools;
  const credentials = tools.credentialsOf(name);
  const facts = { name, taxonomies: options.categoriesFrom, language: options.language };
  const byApi = apiSource(name, options, async (memory, signal) => {
    const site = siteFrom(memory) ?? (await find(signal));
    return wordPressApi({
      facts,
      options,
      site,
      fetchWeb,
      runParse,
      ...(credentials !== undefined && { credentials }),
    });
  });
  return { ...byApi, collect };

  async function collect(request: CollectRequest): Promise<Collection> {
    const before = feedMemoryFrom(request.kept);
    if (before !== undefined && isRecent(before.triedAt, request.now)) return collectFeed(request, before);
    try {
      return await byApi.collect(request);
    } catch (error) {
      if (!(error instanceof GazetteError) || error.cause !== API_CLOSED) throw error;
      return await collectFeed(request, { feed: before?.feed, triedAt: request.now.getTime() }).catch((feedError) => {
        // What to do about the API is of more use than that there is no feed either.
        throw feedError instanceof GazetteError ? error : feedError;
      });
    }
  }

  async function find(signal?: AbortSignal): Promise<WordPressSite> {
    const allowPrivate = options.allowPrivate ? { allowPrivate: [new URL(options.url).hostname] } : {};
    const site = await findSite(openAsk({ source: name, fetchWeb }, allowPrivate, signal), options.url);
    if (site) return site;
    const hint =
      'Allow the REST API in WordPress (`wp/v2/posts`), or read a feed of the blog: `kind: feed` with its address.';
    throw failed(name, `there is no REST API of WordPress at ${options.url}, and no feed.`, hint, API_CLOSED);
  }

  /** Its memory is kept within ours, and it never gets the application password. */
  async function collectFeed(request: CollectRequest, { feed: kept, triedAt }: FeedMemory): Promise<Collection> {
    const { language, allowPrivate } = options;
    const url = feedOf(options.url);
    const settings = feedOptions.parse({
      kind: 'feed',
      url,
      allowPrivate,
      ...(language !== undefined && { language }),
    });
    const { feedSource } = await import('../feed/feed.js');
    const feed = feedSource(name, settings, { ...tools, credentialsOf: () => undefined });
    const keep = (value: unknown) => request.keep({ feed: value, triedAt } satisfies FeedMemory);
    const collection = await feed.collect({ ...request, kept, keep });
    return { ...collection, notes: [FEED_IS_READ, ...(collection.notes ?? [])] };
  }
}

/** What is kept while the feed is read instead. */
interface FeedMemory {
  readonly feed: unknown;
  /** When the API was tried last, epoch milliseconds. */
  readonly triedAt: number;
}

const FEED_IS_READ: SourceNote = {
  kind: 'reading',
  text: 'The REST API of WordPress is switched off, so the blog’s feed is read: removed posts are not noticed.',
  fix: 'Allow the REST API in WordPress (`wp/v2/posts`); plug-ins for security may have switched it off.',
};

/** How long the feed is read before the API is tried again. */
const TRY_AGAIN_MS = 24 * 3_600_000;

function isRecent(triedAt: number, now: Date): boolean {
  const since = now.getTime() - triedAt;
  return since >= 0 && since < TRY_AGAIN_MS;
}

function feedMemoryFrom(kept: unknown): FeedMemory | undefined {
  return typeof valueAt(kept, 'triedAt') === 'number' ? (kept as FeedMemory) : undefined;
}

/** WordPress has a feed below every page that lists posts. */
function feedOf(address: string): string {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/feed/`;
  return url.href;
}

function siteFrom(memory: unknown): WordPressSite | undefined {
  return textAt(memory, 'root') === undefined ? undefined : (memory as WordPressSite);
}
