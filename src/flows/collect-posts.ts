/** Reads a newsletter's sources and remembers what is new, changed, gone or broken in them. */
import type { SourceState } from '../domain/collecting.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CollectionChanges, Source, Store } from '../domain/ports.js';
import type { BrokenPost, Collection, PostKeys } from '../domain/post.js';
import { recognisePosts } from '../select/recognise-posts.js';
import type { House } from './house.js';

export interface CollectOptions {
  /** A person said that posts missing from their source are really gone. */
  readonly acceptWithdrawals?: boolean;
  readonly signal?: AbortSignal;
}

export interface CollectReport {
  /** What could not be read in this collection. */
  readonly broken: readonly BrokenPost[];
  /** Sources that failed as a whole, where the newsletter goes on without them. */
  readonly failed: readonly { readonly source: string; readonly error: GazetteError }[];
}

/**
 * Collects every source of a newsletter into a store.
 * @throws GazetteError `source.failed`, `source.shrunk` unless the newsletter says `onSourceFailure: send-without`
 */
export async function collectPosts(
  house: House,
  store: Store,
  newsletter: Newsletter,
  options: CollectOptions = {},
): Promise<CollectReport> {
  const broken: BrokenPost[] = [];
  const failed: { source: string; error: GazetteError }[] = [];
  for (const { name } of newsletter.sources) {
    try {
      broken.push(...(await collectSource(house, store, sourceNamed(house, name), options)));
    } catch (error) {
      const isOfSource = error instanceof GazetteError && error.code.startsWith('source.');
      if (!isOfSource || newsletter.onSourceFailure.kind !== 'send-without') throw error;
      house.log.warn('source.failed', { source: name, reason: error.message });
      failed.push({ source: name, error });
    }
  }
  return { broken, failed };
}

/** Reads one source, and keeps how it went. Throws `source.failed` or `source.shrunk`. */
export async function collectSource(
  house: House,
  store: Store,
  source: Source,
  options: CollectOptions,
): Promise<readonly BrokenPost[]> {
  const triedAt = house.clock.now().getTime();
  try {
    const broken = await readSource(house, store, source, options);
    await keepState(store, source.name, () => ({ triedAt, collectedAt: triedAt, failures: 0 }));
    return broken;
  } catch (error) {
    if (error instanceof GazetteError && error.code.startsWith('source.')) {
      const reason = error.message;
      await keepState(store, source.name, (before) => ({
        ...before,
        triedAt,
        failures: (before?.failures ?? 0) + 1,
        reason,
      }));
    }
    throw error;
  }
}

/** Under which key a store keeps how the readings of a source went. */
export function sourceStateKey(name: string): string {
  return `source ${name}`;
}

function keepState(store: Store, name: string, after: (before: SourceState | undefined) => SourceState): Promise<void> {
  return store.shared.change(sourceStateKey(name), (before) => ({
    after: after(before as SourceState | undefined),
    result: undefined,
  }));
}

async function readSource(
  house: House,
  store: Store,
  source: Source,
  options: CollectOptions,
): Promise<readonly BrokenPost[]> {
  const collection = await source.collect(options.signal);
  const changes = await rememberCollection(house, store, collection, options);
  const { seen, withdrawn } = changes;
  house.log.info('source.collected', {
    source: source.name,
    posts: collection.posts.length,
    changed: seen.length,
    withdrawn: withdrawn.length,
    broken: collection.broken.length,
  });
  return collection.broken;
}

/** How often other collections may come in between before this one gives up. */
const MOST_TRIES = 20;

/** Recognises and saves as one step: two processes that read a new post at once must not take it for two. */
export async function rememberCollection(
  house: House,
  store: Store,
  collection: Collection,
  options: CollectOptions = {},
): Promise<CollectionChanges> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const changes = await recognise(house, store, collection, options);
    if ((await store.posts.save(changes)) === 'saved') return changes;
  }
  throw new GazetteError('store.locked', 'Other processes collect posts all the time.');
}

async function recognise(
  house: House,
  store: Store,
  collection: Collection,
  options: CollectOptions,
): Promise<CollectionChanges> {
  const { source } = collection;
  // Only a whole listing says what is gone or moved, and needs to be held against everything there ever was.
  const known = collection.complete
    ? await store.posts.known([source])
    : await store.posts.knownAmong(source, keysIn(collection));
  const recognised = recognisePosts({
    collection,
    known,
    now: house.clock.now(),
    newUid: house.newId,
    acceptWithdrawals: options.acceptWithdrawals ?? false,
  });
  if (recognised.kind === 'changes') return recognised.changes;
  const { missing, of } = recognised;
  throw new GazetteError('source.shrunk', `Source “${source}” lost ${missing} of its ${of} unsent posts at once.`);
}

function keysIn({ posts, broken }: Collection): readonly PostKeys[] {
  return [...posts, ...broken].map(({ keys }) => keys);
}

export function sourceNamed(house: House, name: string): Source {
  const source = house.sources.get(name);
  if (source) return source;
  throw new GazetteError('source.failed', `There is no source “${name}”.`, {
    hint: 'Name it in content/sources.yaml.',
  });
}
