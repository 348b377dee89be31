/** A feed as a source of posts. A feed shows what is new, so what it does not list is not gone. */
import { GazetteError } from '../../domain/errors.js';
import type { CollectRequest, Source } from '../../domain/ports/content.js';
import type { Collection } from '../../domain/post.js';
import type { SourceTools } from '../source-tools.js';
import {
  addressOf,
  type FeedMemory,
  isDueInFull,
  MOST_REMEMBERED,
  memoryFrom,
  movedFrom,
  waitMsFor,
} from './feed-memory.js';
import { notesOn } from './feed-notes.js';
import type { FeedOptions } from './feed-options.js';
import { readOlder } from './feed-paging.js';
import { postsOf, type ReadOptions } from './feed-posts.js';
import { askFeed, type FeedPage, type FeedPlace } from './feed-web.js';

/** Opens a feed; nothing is asked before `collect`. */
export function feedSource(name: string, options: FeedOptions, tools: SourceTools): Source {
  return { name, collect: (request) => collect({ name, options, tools }, request) };
}

/** At a first collection there is no telling when items without a date were published, except that it was before. */
const LONG_AGO_MS = 365 * 86_400_000;

async function collect(place: FeedPlace, request: CollectRequest): Promise<Collection> {
  const { now, signal } = request;
  const source = place.name;
  const memory = memoryFrom(request.kept, place.options.url);
  const page = await newestPage(place, memory, request);
  if (page === undefined) return { source, posts: [], broken: [], complete: false, ...waitOf(memory?.waitMs) };
  const reading: ReadOptions = {
    undated: memory?.undated ?? {},
    otherwise: memory === undefined ? new Date(now.getTime() - LONG_AGO_MS) : now,
    isKnown: () => false,
    signal,
  };
  const newest = await postsOf(place, page.document, reading);
  const older = await readOlder(place, { page, newest, memory, reading, request });
  const undated = { ...older.undated, ...newest.undated };
  const moved = movedFrom(memory, page, now);
  const waitMs = waitMsFor(memory, newest.items, page.freshForMs);
  request.keep({
    url: place.options.url,
    ...(moved && { moved }),
    ...(page.validators && { validators: page.validators }),
    hash: page.hash,
    readAt: now.getTime(),
    items: newest.items.slice(0, MOST_REMEMBERED),
    undated,
    waitMs,
  } satisfies FeedMemory);
  const notes = notesOn({ page, memory, moved, gap: older.gap, undated: Object.keys(undated).length });
  return {
    source,
    posts: [...newest.posts, ...older.posts],
    broken: [...newest.broken, ...older.broken],
    complete: false,
    ...(notes.length > 0 && { notes }),
    ...waitOf(waitMs),
  };
}

function waitOf(waitMs: number | undefined): Pick<Collection, 'waitMs'> {
  return waitMs === undefined ? {} : { waitMs };
}

/** `undefined` when nothing has changed. */
async function newestPage(
  place: FeedPlace,
  memory: FeedMemory | undefined,
  { now, signal }: CollectRequest,
): Promise<FeedPage | undefined> {
  const { url } = place.options;
  const address = addressOf(url, memory, now);
  const known = memory && !isDueInFull(memory, now) ? memory : undefined;
  const question = signal ? { signal } : {};
  try {
    return await askFeed(place, { ...question, address, ...(known && { known }) });
  } catch (error) {
    if (address === url || !(error instanceof GazetteError)) throw error;
    // Where it had moved to it is no more; it may be back.
    return askFeed(place, { ...question, address: url });
  }
}
