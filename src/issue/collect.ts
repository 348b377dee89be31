/** Reads a newsletter's sources and remembers what is new, changed, gone or broken in them. */
import type { Suspicion } from '../domain/collecting.js';
import type { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Source } from '../domain/ports/content.js';
import type { Log } from '../domain/ports/host.js';
import type { CollectionChanges } from '../domain/ports/posts.js';
import type { BrokenPost, Collection, SourceNote } from '../domain/post.js';
import { keepStates, type Readings, type ReadOptions, type ReadSourcesDeps, readSources } from './read-sources.js';
import { changesWithTime, type RememberDeps, type RememberOptions, remember } from './remember.js';

export interface CollectDeps extends ReadSourcesDeps, RememberDeps {
  readonly store: ReadSourcesDeps['store'];
  readonly newsletters: ReadSourcesDeps['newsletters'];
  readonly log: Log;
}

export interface CollectOptions extends RememberOptions {
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
  now: Date,
  options: CollectOptions = {},
): Promise<CollectReport> {
  return rememberPosts(deps, newsletter, await readPosts(deps, newsletter, now, options), options);
}

/** Reads every source of a newsletter. */
export function readPosts(
  deps: ReadSourcesDeps,
  newsletter: Newsletter,
  now: Date,
  options: CollectOptions,
): Promise<Readings> {
  return readSources(deps, namesOf(newsletter), now, readOptions(options));
}

/** Remembers what was read of a newsletter's sources. Throws as `collectPosts` does. */
export async function rememberPosts(
  deps: CollectDeps,
  newsletter: Newsletter,
  readings: Readings,
  options: CollectOptions,
): Promise<CollectReport> {
  return unlessStopped(newsletter, await rememberReadings(deps, namesOf(newsletter), readings, options));
}

/** What there is to report of readings that change nothing; `undefined`: they do. Throws as `collectPosts` does. */
export async function reportUnchanged(
  deps: Pick<CollectDeps, 'store'>,
  newsletter: Newsletter,
  readings: Readings,
): Promise<CollectReport | undefined> {
  if (![...readings.read.values()].every(changesNothing)) return undefined;
  const changes = await changesWithTime(deps, readings);
  if (changes.some(({ seen }) => seen.length > 0)) return undefined;
  return unlessStopped(newsletter, reportOf(namesOf(newsletter), readings, changes));
}

/** The same listing as before, or a view with nothing new in it. */
function changesNothing({ isUnchanged, complete, posts, broken }: Collection): boolean {
  return isUnchanged || (!complete && posts.length + broken.length === 0);
}

/** Reads one source, and keeps how it went. Throws `source.failed`. */
export async function collectSource(
  deps: CollectDeps,
  source: Source,
  now: Date,
  options: CollectOptions,
): Promise<CollectReport> {
  const names = [source.name];
  const readings = await readSources(deps, names, now, readOptions(options));
  const report = await rememberReadings(deps, names, readings, options);
  const [first] = report.failed;
  if (first) throw first.error;
  return report;
}

function namesOf({ sources }: Newsletter): readonly string[] {
  return sources.map(({ name }) => name);
}

function readOptions({ acceptWithdrawals = false, since, signal }: CollectOptions): ReadOptions {
  return { isWhole: acceptWithdrawals !== false, since, signal };
}

function unlessStopped({ onSourceFailure }: Newsletter, report: CollectReport): CollectReport {
  const [first] = report.failed;
  if (first && onSourceFailure.kind !== 'send-without') throw first.error;
  return report;
}

/** Remembers what was read, and how the reading went. @param names of the sources that were asked for */
async function rememberReadings(
  deps: CollectDeps,
  names: readonly string[],
  readings: Readings,
  options: RememberOptions,
): Promise<CollectReport> {
  const changes = await remember(deps, readings, options);
  await keepStates(deps.store, readings);
  for (const each of changes) logCollected(deps, each, readings.read.get(each.source));
  return reportOf(names, readings, changes);
}

/** What an editor should know of a reading. */
function reportOf(
  names: readonly string[],
  { read, failed }: Readings,
  changes: readonly CollectionChanges[],
): CollectReport {
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

function logCollected({ log }: CollectDeps, changes: CollectionChanges, collection: Collection | undefined): void {
  const { source, seen, withdrawn, look } = changes;
  log.info('source.collected', {
    source,
    posts: collection?.posts.length ?? 0,
    changed: seen.length,
    withdrawn: withdrawn.length,
    broken: collection?.broken.length ?? 0,
  });
  for (const note of collection?.notes ?? [])
    if (note.kind === 'reading') log.warn('source.noted', { source, note: note.text });
  if (!look?.suspicion) return;
  const { missing, of, looks } = look.suspicion;
  log.warn('source.suspicious', { source, missing: missing.length, of, looks });
}
