/** Remembers what sources listed: tells known posts from new ones and saves what changed (rules: identity, withdrawn). */
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Processes } from '../domain/ports/host.js';
import type { CollectionChanges } from '../domain/ports/posts.js';
import type { Store } from '../domain/ports/storage.js';
import { type Collection, type PostKeys, publishabilityAt } from '../domain/post.js';
import { recognisePosts } from '../select/recognise-posts.js';
import type { Readings } from './read-sources.js';

export interface RememberDeps {
  readonly store: Pick<Store, 'posts'>;
  /** Which sources are read together: a post may move among those of one newsletter. */
  readonly newsletters: ReadonlyMap<string, Pick<Newsletter, 'sources'>>;
  readonly processes: Pick<Processes, 'self'>;
  newId(): string;
}

export interface RememberOptions {
  /** A person said that posts missing from their source are really gone: all of them, or these. */
  readonly acceptWithdrawals?: boolean | ReadonlySet<string>;
  /** Nothing is sent after this reading, so it does not count towards the readings that must agree before posts are withdrawn. */
  readonly isGlance?: boolean;
}

/** How often other collections may come in between before this one gives up. */
const MOST_TRIES = 20;

/** Recognises and saves as one step: two processes that read a new post at once must not take it for two. */
export async function remember(
  deps: RememberDeps,
  readings: Pick<Readings, 'now' | 'read' | 'readWhole'>,
  options: RememberOptions,
): Promise<readonly CollectionChanges[]> {
  const { now, read, readWhole } = readings;
  const wholly = new Set([...read.values()].flatMap(({ source, isUnchanged }) => (isUnchanged ? [] : [source])));
  for (let tries = 0; read.size > 0 && tries < MOST_TRIES; tries += 1) {
    const collections = [...read.values()].filter(({ isUnchanged }) => !isUnchanged);
    const { changes, unread } = await recognise(deps, collections, now, options);
    const more = [...unread].filter((source) => !wholly.has(source));
    for (const source of more) {
      wholly.add(source);
      await readWhole(source);
    }
    if (more.some((source) => read.has(source))) continue;
    const all = [...changes, ...(await changesWithTime(deps, readings))];
    if ((await deps.store.posts.save(...all)) === 'saved') return all;
  }
  if (read.size === 0) return [];
  throw new GazetteError('store.locked', 'Other processes collect posts all the time.');
}

/** Remembers a view that says nothing of what else its source lists: a file that was saved. */
export async function rememberView(deps: RememberDeps, view: Collection, now: Date): Promise<CollectionChanges> {
  const read = new Map([[view.source, view]]);
  const [changes] = await remember(deps, { now, read, readWhole: async () => undefined }, {});
  return changes as CollectionChanges;
}

/** What changes in sources that list what they listed before: posts whose time has come are news. */
export async function changesWithTime(
  { store }: Pick<RememberDeps, 'store'>,
  { now, read }: Pick<Readings, 'now' | 'read'>,
): Promise<readonly CollectionChanges[]> {
  const changes: CollectionChanges[] = [];
  for (const { source, isUnchanged, listing, broken, notes } of read.values()) {
    if (!isUnchanged || listing === undefined) continue;
    const { version, posts } = await store.posts.notNews(source, now);
    const seen = posts
      .filter(({ post }) => publishabilityAt(post, now) === 'publishable')
      .map(({ uid, post }) => ({ uid, post, newsAt: now }));
    const look = { kept: { listing, broken, ...(notes && { notes }) } };
    changes.push({ source, version, collectedAt: now, seen, withdrawn: [], broken: [], look });
  }
  return changes;
}

async function recognise(
  deps: RememberDeps,
  collections: readonly Collection[],
  now: Date,
  { acceptWithdrawals = false, isGlance = false }: RememberOptions,
) {
  if (collections.length === 0) return { changes: [], unread: NOTHING };
  const related = sourcesBeside(deps, new Set(collections.map(({ source }) => source)));
  // Only a whole listing says what is gone or moved, and needs to be held against everything there ever was.
  const known = collections.some(({ complete }) => complete)
    ? await deps.store.posts.known(related)
    : await deps.store.posts.knownAmong(related, collections.flatMap(keysIn));
  return recognisePosts({
    collections,
    known,
    now,
    newUid: deps.newId,
    by: deps.processes.self,
    accepted: acceptWithdrawals === true ? 'all' : acceptWithdrawals || NOTHING,
    isGlance,
  });
}

const NOTHING: ReadonlySet<string> = new Set();

function keysIn({ posts, broken }: Collection): readonly PostKeys[] {
  return [...posts, ...broken].map(({ keys }) => keys);
}

/** These sources, and those that share a newsletter with one of them: a post may move among them. */
function sourcesBeside({ newsletters }: RememberDeps, names: ReadonlySet<string>): readonly string[] {
  const lists = [...newsletters.values()].map(({ sources }) => sources.map(({ name }) => name));
  return [...new Set([...names, ...lists.filter((list) => list.some((name) => names.has(name))).flat()])];
}
