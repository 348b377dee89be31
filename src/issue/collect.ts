/** Reads a newsletter's sources and remembers what is new, changed, gone or broken in them. */
import type { SourceState, Suspicion } from '../domain/collecting.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Source } from '../domain/ports/content.js';
import type { Clock, Log, Processes } from '../domain/ports/host.js';
import type { CollectionChanges } from '../domain/ports/posts.js';
import type { Store } from '../domain/ports/storage.js';
import type { BrokenPost, Collection, PostKeys, SourceNote } from '../domain/post.js';
import { recognisePosts } from '../select/recognise-posts.js';

export interface CollectDeps {
  readonly store: Pick<Store, 'posts' | 'shared'>;
  readonly sources: ReadonlyMap<string, Source>;
  /** Which sources are read together: a post may move among those of one newsletter. */
  readonly newsletters: ReadonlyMap<string, Pick<Newsletter, 'sources' | 'baseline' | 'maxAgeMs'>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly processes: Pick<Processes, 'self'>;
  readonly log: Log;
  newId(): string;
}

export interface CollectOptions {
  /** A person said that posts missing from their source are really gone: all of them, or these. */
  readonly acceptWithdrawals?: boolean | ReadonlySet<string>;
  /** Nobody acts on this look, so it does not count towards the looks that must agree before posts are withdrawn. */
  readonly isGlance?: boolean;
  /** How far back a source pages at its first collection; absent: as far as its newsletters look back. */
  readonly since?: Date;
  readonly signal?: AbortSignal;
}

export interface CollectReport {
  /** What could not be read in this collection. */
  readonly broken: readonly BrokenPost[];
  /** What an editor should know of the sources beyond single posts. */
  readonly notes: readonly NoteOnSource[];
  /** Sources that failed as a whole, where the newsletter goes on without them. */
  readonly failed: readonly { readonly source: string; readonly error: GazetteError }[];
  /** Sources whose listing is not believed yet: what it lacks is neither sent nor withdrawn. */
  readonly suspicions: readonly SourceSuspicion[];
}

export type NoteOnSource = SourceNote & { readonly source: string };

/** A note, for people. */
export function sourceNoteText(note: NoteOnSource): string {
  if (note.kind === 'reading') return `${note.source}: ${note.text}`;
  const { kind, count, example } = note;
  const are = count === 1 ? 'is' : 'are';
  const files = count === 1 ? `The file ${example}` : `${count} files, such as ${example},`;
  return kind === 'undated'
    ? `${files} ${count === 1 ? 'has no date and is no post' : 'have no date and are no posts'}.`
    : `${files} ${are} in a format that is not read.`;
}

export interface SourceSuspicion extends Suspicion {
  readonly source: string;
}

/** What is missing, and what becomes of it, for people. */
export function suspicionText({ source, missing, of }: SourceSuspicion): string {
  return `“${source}” does not list ${missing.length} of the ${of} posts that could be sent. They are neither sent nor given up until the next two looks agree.`;
}

/**
 * Collects every source of a newsletter into a store.
 * @throws GazetteError `source.failed` unless the newsletter says `onSourceFailure: send-without`; the others are remembered
 */
export async function collectPosts(
  deps: CollectDeps,
  newsletter: Newsletter,
  options: CollectOptions = {},
): Promise<CollectReport> {
  const names = newsletter.sources.map(({ name }) => name);
  const report = await collectSources(deps, names, options);
  const [first] = report.failed;
  if (first && newsletter.onSourceFailure.kind !== 'send-without') throw first.error;
  return report;
}

/** Reads one source, and keeps how it went. Throws `source.failed`. */
export async function collectSource(
  deps: CollectDeps,
  source: Source,
  options: CollectOptions,
): Promise<CollectReport> {
  const report = await collectSources(deps, [source.name], options);
  const [first] = report.failed;
  if (first) throw first.error;
  return report;
}

/** Reads these sources, and those of which one has to know what they list now; keeps how each reading went. */
async function collectSources(
  deps: CollectDeps,
  names: readonly string[],
  options: CollectOptions,
): Promise<CollectReport> {
  const now = deps.clock.now();
  const triedAt = now.getTime();
  const keeping = new Map<string, unknown>();
  const read = new Map<string, Collection>();
  const failed = new Map<string, GazetteError>();
  const readOne = async (name: string) => {
    try {
      const source = sourceNamed(deps, name);
      const kept = await deps.store.shared.read(keptKey(name));
      const keep = (value: unknown) => void keeping.set(name, value);
      const since = options.since ?? sinceFor(deps, name, now);
      const request = { now, kept, keep, ...(since && { since }), ...(options.signal && { signal: options.signal }) };
      read.set(name, await source.collect(request));
    } catch (error) {
      if (!isOfSource(error)) throw error;
      failed.set(name, error);
      deps.log.warn('source.failed', { source: name, reason: error.message });
      await keepState(deps.store, name, (before) => {
        const failures = (before?.failures ?? 0) + 1;
        const { notBefore: _, ...rest } = before ?? {};
        const notBefore = error.retryAt?.getTime();
        return { ...rest, triedAt, failures, reason: error.message, ...(notBefore !== undefined && { notBefore }) };
      });
    }
  };
  for (const name of names) await readOne(name);
  const changes = read.size === 0 ? [] : await remember(deps, read, options, readOne);
  for (const [name, { waitMs, notes }] of read) {
    for (const note of notes ?? [])
      if (note.kind === 'reading') deps.log.warn('source.noted', { source: name, note: note.text });
    await keepState(deps.store, name, () => ({
      ...{ triedAt, collectedAt: triedAt, failures: 0 },
      ...(waitMs !== undefined && { waitMs }),
    }));
  }
  for (const [name, value] of keeping) {
    await deps.store.shared.change(keptKey(name), () => ({ after: value, result: undefined }));
  }
  for (const each of changes) logCollected(deps, each, read.get(each.source));
  return {
    broken: names.flatMap((name) => read.get(name)?.broken ?? []),
    notes: names.flatMap((source) => (read.get(source)?.notes ?? []).map((note) => ({ ...note, source }))),
    failed: names.flatMap((source) => {
      const error = failed.get(source);
      return error ? [{ source, error }] : [];
    }),
    suspicions: changes.flatMap(({ source, look }) =>
      look?.suspicion && names.includes(source) ? [{ source, ...look.suspicion }] : [],
    ),
  };
}

/** Where the newsletters of a source begin to look: at their baseline, or at the oldest post that may still be sent. */
function sinceFor({ newsletters }: CollectDeps, name: string, now: Date): Date | undefined {
  const starts = [...newsletters.values()]
    .filter(({ sources }) => sources.some((source) => source.name === name))
    .map(({ baseline, maxAgeMs }) => baseline?.getTime() ?? now.getTime() - maxAgeMs);
  return starts.length === 0 ? undefined : new Date(Math.min(...starts));
}

function isOfSource(error: unknown): error is GazetteError {
  return error instanceof GazetteError && error.code.startsWith('source.');
}

function logCollected({ log }: CollectDeps, changes: CollectionChanges, collection: Collection | undefined): void {
  const { source, seen, withdrawn, look } = changes;
  log.info('source.collected', {
    source,
    posts: collection?.posts.length ?? 0,
    changed: seen.length,
    withdrawn: withdrawn.length,
    broken: collection?.broken.length ?? 0,
  });
  if (!look?.suspicion) return;
  const { missing, of, looks } = look.suspicion;
  log.warn('source.suspicious', { source, missing: missing.length, of, looks });
}

/** Under which key a store keeps how the readings of a source went. */
export function sourceStateKey(name: string): string {
  return `source ${name}`;
}

/** Under which key a store keeps what a source wants to know at its next collection. */
function keptKey(name: string): string {
  return `kept by source ${name}`;
}

function keepState(
  store: CollectDeps['store'],
  name: string,
  after: (before: SourceState | undefined) => SourceState,
): Promise<void> {
  return store.shared.change(sourceStateKey(name), (before) => ({
    after: after(before as SourceState | undefined),
    result: undefined,
  }));
}

/** How often other collections may come in between before this one gives up. */
const MOST_TRIES = 20;

/** Remembers a view that says nothing of what else its source lists: a file that was saved. */
export async function rememberView(deps: CollectDeps, view: Collection): Promise<CollectionChanges> {
  const [changes] = await remember(deps, new Map([[view.source, view]]), {}, async () => undefined);
  return changes as CollectionChanges;
}

/**
 * Recognises and saves as one step: two processes that read a new post at once must not take it for two.
 * @param readMore reads another source into `read`, when only its listing tells whether a post is new
 */
async function remember(
  deps: CollectDeps,
  read: ReadonlyMap<string, Collection>,
  options: CollectOptions,
  readMore: (source: string) => Promise<void>,
): Promise<readonly CollectionChanges[]> {
  const asked = new Set(read.keys());
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { changes, unread } = await recognise(deps, [...read.values()], options);
    const more = [...unread].filter((source) => !asked.has(source));
    for (const source of more) {
      asked.add(source);
      await readMore(source);
    }
    if (more.some((source) => read.has(source))) continue;
    if ((await deps.store.posts.save(...changes)) === 'saved') return changes;
  }
  throw new GazetteError('store.locked', 'Other processes collect posts all the time.');
}

async function recognise(
  deps: CollectDeps,
  collections: readonly Collection[],
  { acceptWithdrawals = false, isGlance = false }: CollectOptions,
) {
  const related = sourcesBeside(deps, new Set(collections.map(({ source }) => source)));
  // Only a whole listing says what is gone or moved, and needs to be held against everything there ever was.
  const known = collections.some(({ complete }) => complete)
    ? await deps.store.posts.known(related)
    : await deps.store.posts.knownAmong(related, collections.flatMap(keysIn));
  return recognisePosts({
    collections,
    known,
    now: deps.clock.now(),
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
function sourcesBeside({ newsletters }: CollectDeps, names: ReadonlySet<string>): readonly string[] {
  const lists = [...newsletters.values()].map(({ sources }) => sources.map(({ name }) => name));
  return [...new Set([...names, ...lists.filter((list) => list.some((name) => names.has(name))).flat()])];
}

export function sourceNamed(deps: CollectDeps, name: string): Source {
  const source = deps.sources.get(name);
  if (source) return source;
  throw new GazetteError('source.failed', `There is no source “${name}”.`, {
    hint: 'Name it in content/sources.yaml.',
  });
}
