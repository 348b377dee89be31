/** What the draft workspace last read of each source: the whole source, or a single saved file where that is enough. */
import { relative, sep } from 'node:path';
import type { GazetteError } from '../domain/errors.js';
import { machineFault } from '../domain/machine-fault.js';
import type { Source } from '../domain/ports/content.js';
import type { Clock } from '../domain/ports/host.js';
import type { BrokenPost, PostHead } from '../domain/post.js';
import { type CollectDeps, collectSource, type NoteOnSource, type SourceSuspicion } from '../issue/collect.js';
import { rememberView } from '../issue/remember.js';

export interface SourceReadings {
  /** `undefined` before the source was read. */
  of(source: string): Reading | undefined;
  /** Reads a source. If it fails, that is remembered and the posts already known stay. */
  readWhole(source: Source): Promise<void>;
  /** Reads the files that changed below the source's folder. */
  readAgain(source: Source, folder: string, paths: readonly string[]): Promise<void>;
}

export interface Reading {
  readonly broken: readonly BrokenPost[];
  readonly failure?: GazetteError;
  readonly notes: readonly NoteOnSource[];
  readonly suspicions: readonly SourceSuspicion[];
}

interface WholeReading extends Reading {
  /** The post last read from each file, by path. */
  readonly heads: Map<string, PostHead>;
}

/** With more changed files than this, reading the whole source is faster. */
const MAX_SINGLE_FILES = 20;

/** @param collecting over the store that keeps the posts */
export function openSourceReadings(collecting: CollectDeps, clock: Pick<Clock, 'now'>): SourceReadings {
  const readings = new Map<string, WholeReading>();

  async function headsOf(source: string): Promise<Map<string, PostHead>> {
    const { posts } = await collecting.store.posts.known([source]);
    return new Map(posts.flatMap(({ post, withdrawnAt }) => (withdrawnAt ? [] : [[post.keys.path ?? '', post]])));
  }

  async function readWhole(source: Source): Promise<void> {
    const { name } = source;
    try {
      const { broken, notes, suspicions } = await collectSource(collecting, source, clock.now(), { isGlance: true });
      readings.set(name, { broken, notes, suspicions, heads: await headsOf(name) });
    } catch (error) {
      const failure = machineFault(error);
      if (!failure) throw error;
      readings.set(name, { broken: [], notes: [], suspicions: [], heads: await headsOf(name), failure });
    }
  }

  /** Reads single files only if no post was added, removed, moved or given another key. */
  async function readAgain(source: Source, folder: string, paths: readonly string[]): Promise<void> {
    const reading = readings.get(source.name);
    if (!reading || reading.failure !== undefined || paths.length > MAX_SINGLE_FILES) return readWhole(source);
    const reread = new Set<string>();
    const titles = new Set<string>();
    for (const path of paths) {
      const within = relative(folder, path).split(sep).join('/');
      const head = reading.heads.get(within);
      const collection = head && (await source.reread?.(path));
      const [post] = collection?.posts ?? [];
      if (!collection || !post || !isSamePost(head, post) || titles.has(post.title)) return readWhole(source);
      titles.add(post.title);
      await rememberView(collecting, collection, clock.now());
      reading.heads.set(within, post);
      reread.add(within);
    }
    const broken = reading.broken.filter(({ keys }) => !reread.has(keys.path ?? ''));
    readings.set(source.name, { ...reading, broken });
  }

  return { of: (source) => readings.get(source), readWhole, readAgain };
}

/** Whether a file still holds the same post, whatever the other files hold: `matchPosts` would agree. */
function isSamePost(before: PostHead, post: PostHead): boolean {
  if (JSON.stringify(before.keys) !== JSON.stringify(post.keys)) return false;
  return before.keys.id !== undefined || before.title === post.title || before.bodyHash === post.bodyHash;
}
