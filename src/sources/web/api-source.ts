/**
 * A blog that lists its posts by an API. Most collections are one request: for the newest posts and when each was changed. What
 * is new or changed is read then; everything is listed at the first collection, when a post is missing, and some times a day.
 */
import { GazetteError } from '../../domain/errors.js';
import type { CollectRequest, Source } from '../../domain/ports/content.js';
import type { WebValidators } from '../../domain/ports/host.js';
import type { Collection, SourceNote } from '../../domain/post.js';
import { readBodies } from './api-bodies.js';
import { chunks, idsByType } from './api-paths.js';
import type { ListingApi, Mark, Newest, ReadHead } from './listing-api.js';

/** What is kept between collections. */
interface Kept {
  /** What it was read with: other settings may mean other posts. */
  readonly settings: string;
  readonly api?: unknown;
  /** When everything was listed last, epoch milliseconds. */
  readonly listedAt: number;
  readonly types: { readonly [type: string]: KeptType };
}

interface KeptType {
  readonly marks: readonly Mark[];
  readonly validators?: WebValidators;
}

/** So long edits and removals of posts older than the newest hundred may go unseen. */
const LIST_ALL_EVERY_MS = 6 * 3_600_000;
const HEADS_AT_ONCE = 100;
/** A server that always names a further page would be asked without end. */
const MOST_PAGES = 1000;

/** @param open prepares the API, with what it kept of the collection before */
export function apiSource(
  name: string,
  options: object,
  open: (memory: unknown, signal?: AbortSignal) => Promise<ListingApi>,
): Source {
  const settings = JSON.stringify(options);
  let opened: ListingApi | undefined;
  return {
    name,
    collect: async (request) => {
      const kept = keptFrom(request.kept, settings);
      const from = async (memory: unknown) => {
        opened = await open(memory, request.signal);
        return collect({ source: name, settings, api: opened }, kept, request);
      };
      try {
        return await from(kept?.api);
      } catch (error) {
        // What is remembered of the API may be wrong by now.
        if (kept?.api === undefined || !(error instanceof GazetteError)) throw error;
        return from(undefined);
      }
    },
    bodies: async (posts, signal) => {
      opened ??= await open(undefined, signal);
      return readBodies(opened, posts, signal);
    },
  };
}

interface Collecting {
  readonly source: string;
  readonly settings: string;
  readonly api: ListingApi;
}

async function collect(
  { source, settings, api }: Collecting,
  kept: Kept | undefined,
  request: CollectRequest,
): Promise<Collection> {
  const { now, keep, signal } = request;
  const types: { [type: string]: KeptType } = {};
  const changed: string[] = [];
  let isSuspect = false;
  for (const type of api.types) {
    const before = kept?.types[type];
    const newest = await api.newest(type, before?.validators, signal);
    types[type] = newest.kind === 'same' && before ? before : keptTypeFrom(newest);
    changed.push(...changedPaths(before, types[type].marks));
    isSuspect ||= newest.kind === 'listed' && before !== undefined && isOneMissing(before.marks, newest);
  }
  const sinceListed = now.getTime() - (kept?.listedAt ?? 0);
  const isAll = kept === undefined || isSuspect || sinceListed < 0 || sinceListed >= LIST_ALL_EVERY_MS;
  const { heads, complete } = isAll
    ? await everything(api, signal)
    : { heads: await some(api, changed, signal), complete: false };
  const extra = await unpublished(api, signal);
  keep({ settings, api: api.memory, listedAt: isAll ? now.getTime() : kept.listedAt, types } satisfies Kept);
  const notes = extra.notes.length > 0 && { notes: extra.notes };
  return { source, complete, ...sorted([...heads, ...extra.heads]), ...notes };
}

function keptTypeFrom(newest: Newest): KeptType {
  if (newest.kind === 'same') return { marks: [] };
  return { marks: newest.marks, ...(newest.validators && { validators: newest.validators }) };
}

function changedPaths(before: KeptType | undefined, after: readonly Mark[]): readonly string[] {
  const known = new Map(before?.marks.map(({ path, version }) => [path, version]));
  return after.filter(({ path, version }) => known.get(path) !== version).map(({ path }) => path);
}

/** Whether a post was removed: one that was listed is not, although it is newer than the oldest that is. */
function isOneMissing(before: readonly Mark[], { marks, total }: Extract<Newest, { kind: 'listed' }>): boolean {
  const listed = new Set(marks.map(({ path }) => path));
  const oldest = total === marks.length ? Number.NEGATIVE_INFINITY : Math.min(...marks.map(({ at }) => at));
  return before.some(({ path, at }) => at > oldest && !listed.has(path));
}

/** Every post; not complete when what was listed is not as many posts as there are, such as when one was removed meanwhile. */
async function everything(api: ListingApi, signal?: AbortSignal) {
  const heads: ReadHead[] = [];
  let complete = true;
  for (const type of api.types) {
    const totals = new Set<number | undefined>();
    const before = heads.length;
    for (let page = 1, isLast = false; !isLast; page += 1) {
      const read = await api.page(type, page, signal);
      heads.push(...read.heads);
      totals.add(read.total);
      isLast = read.isLast || read.heads.length === 0 || page === MOST_PAGES;
    }
    const [total] = totals;
    complete &&= totals.size === 1 && total === heads.length - before;
  }
  return { heads, complete };
}

async function some(api: ListingApi, paths: readonly string[], signal?: AbortSignal): Promise<readonly ReadHead[]> {
  const heads: ReadHead[] = [];
  for (const [type, ids] of idsByType(paths))
    for (const chunk of chunks(ids, HEADS_AT_ONCE)) heads.push(...(await api.heads(type, chunk, signal)));
  return heads;
}

async function unpublished(api: ListingApi, signal?: AbortSignal) {
  const heads: ReadHead[] = [];
  const notes: SourceNote[] = [];
  for (const type of api.types) {
    const found = await api.unpublished?.(type, signal);
    if (found?.kind === 'listed') heads.push(...found.heads);
    if (found?.kind === 'refused') notes.push(found.note);
  }
  return { heads, notes };
}

function sorted(heads: readonly ReadHead[]): Pick<Collection, 'posts' | 'broken'> {
  return {
    posts: heads.flatMap((head) => (head.kind === 'post' ? [head.post] : [])),
    broken: heads.flatMap((head) => (head.kind === 'broken' ? [head.broken] : [])),
  };
}

/** What another release kept, or was kept with other settings, counts as nothing. */
function keptFrom(value: unknown, settings: string): Kept | undefined {
  const kept = value as Partial<Kept> | undefined;
  const isReadable = typeof kept?.listedAt === 'number' && typeof kept.types === 'object';
  return isReadable && kept.settings === settings ? (kept as Kept) : undefined;
}
