/** Reads sources, and keeps how each reading went. What they list is remembered by remember.ts. */
import type { SourceState } from '../domain/collecting.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CollectRequest, Source } from '../domain/ports/content.js';
import type { Log } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { Collection } from '../domain/post.js';

export interface ReadSourcesDeps {
  readonly store: Pick<Store, 'posts' | 'looks' | 'shared'>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly newsletters: ReadonlyMap<string, Pick<Newsletter, 'sources' | 'baseline' | 'maxAgeMs'>>;
  readonly log: Pick<Log, 'warn'>;
}

/** What the sources gave, at one moment. */
export interface Readings {
  readonly now: Date;
  readonly read: ReadonlyMap<string, Collection>;
  readonly failed: ReadonlyMap<string, GazetteError>;
  /** What sources want to know at their next collection. */
  readonly keeping: ReadonlyMap<string, unknown>;
  /** Reads a source whole, even if nothing has changed in it: only its listing may tell whether a post of another is new. */
  readWhole(name: string): Promise<void>;
}

export interface ReadOptions {
  /** List everything, even if nothing has changed. */
  readonly isWhole?: boolean;
  /** How far back a source pages at its first collection; absent: as far as its newsletters look back. */
  readonly since?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads these sources; one that fails does not stop the others. */
export async function readSources(
  deps: ReadSourcesDeps,
  names: readonly string[],
  now: Date,
  { isWhole = false, since, signal }: ReadOptions,
): Promise<Readings> {
  const { store } = deps;
  const read = new Map<string, Collection>();
  const failed = new Map<string, GazetteError>();
  const keeping = new Map<string, unknown>();

  async function readOne(name: string, whole: boolean): Promise<void> {
    try {
      const before = whole ? undefined : (await store.posts.listings([name])).get(name);
      const from = since ?? sinceFor(deps, name, now);
      const request: CollectRequest = {
        now,
        kept: await store.shared.read(keptKey(name)),
        keep: (value) => void keeping.set(name, value),
        looks: store.looks.of(name),
        ...(before && { listing: before.listing }),
        ...(from && { since: from }),
        ...(signal && { signal }),
      };
      const collection = await sourceNamed(deps, name).collect(request);
      read.set(name, collection.isUnchanged && before ? { ...collection, ...before } : collection);
      for (const note of collection.notes ?? [])
        if (note.kind === 'reading') deps.log.warn('source.noted', { source: name, note: note.text });
    } catch (error) {
      if (!isOfSource(error)) throw error;
      failed.set(name, error);
      deps.log.warn('source.failed', { source: name, reason: error.message });
    }
  }

  for (const name of names) await readOne(name, isWhole);
  return { now, read, failed, keeping, readWhole: (name) => readOne(name, true) };
}

/** Keeps how the readings went; what a source wants to know next time must be true of the posts that are remembered. */
export async function keepStates(
  store: Pick<Store, 'shared'>,
  { now, read, failed, keeping }: Readings,
): Promise<void> {
  const triedAt = now.getTime();
  for (const [name, { message, retryAfterMs }] of failed) {
    const notBefore = retryAfterMs === undefined ? undefined : triedAt + retryAfterMs;
    await keepState(store, name, (before) => {
      const { notBefore: _, ...rest } = before ?? {};
      const failures = (before?.failures ?? 0) + 1;
      return { ...rest, triedAt, failures, reason: message, ...(notBefore !== undefined && { notBefore }) };
    });
  }
  for (const [name, { waitMs }] of read) {
    const wait = waitMs === undefined ? {} : { waitMs };
    await keepState(store, name, () => ({ triedAt, collectedAt: triedAt, failures: 0, ...wait }));
  }
  for (const [name, value] of keeping) {
    await store.shared.change(keptKey(name), () => ({ after: value, result: undefined }));
  }
}

/** Where the newsletters of a source begin to look: at their baseline, or at the oldest post that may still be sent. */
function sinceFor({ newsletters }: ReadSourcesDeps, name: string, now: Date): Date | undefined {
  const starts = [...newsletters.values()]
    .filter(({ sources }) => sources.some((source) => source.name === name))
    .map(({ baseline, maxAgeMs }) => baseline?.getTime() ?? now.getTime() - maxAgeMs);
  return starts.length === 0 ? undefined : new Date(Math.min(...starts));
}

function isOfSource(error: unknown): error is GazetteError {
  return error instanceof GazetteError && error.code.startsWith('source.');
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
  store: Pick<Store, 'shared'>,
  name: string,
  after: (before: SourceState | undefined) => SourceState,
): Promise<void> {
  return store.shared.change(sourceStateKey(name), (before) => ({
    after: after(before as SourceState | undefined),
    result: undefined,
  }));
}

export function sourceNamed(deps: Pick<ReadSourcesDeps, 'sources'>, name: string): Source {
  const source = deps.sources.get(name);
  if (source) return source;
  throw new GazetteError('source.failed', `There is no source “${name}”.`, {
    hint: 'Name it in content/sources.yaml.',
  });
}
