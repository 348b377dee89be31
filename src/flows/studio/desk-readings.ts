/** What is known on the desk of each source: read whole when it has to be, and one file alone when that tells everything. */
import { relative, sep } from 'node:path';
import { GazetteError } from '../../domain/errors.js';
import type { Source, Store } from '../../domain/ports.js';
import type { BrokenPost } from '../../domain/post.js';
import { collectSource, rememberCollection } from '../collect-posts.js';
import type { House } from '../house.js';

export interface DeskReadings {
  /** What was last read of a source; `undefined` before that. */
  of(source: string): Reading | undefined;
  /** A source that fails is shown as failing; the desk goes on with what is known of it. */
  readWhole(source: Source): Promise<void>;
  /** Reads the files that changed below the source's folder. */
  readAgain(source: Source, folder: string, paths: readonly string[]): Promise<void>;
}

export interface Reading {
  readonly broken: readonly BrokenPost[];
  readonly failure?: GazetteError;
}

interface KeyedReading extends Reading {
  /** The keys of each post by the path of its file, as JSON: while they stay, a file may be read alone. */
  readonly keys: ReadonlyMap<string, string>;
}

/** More files than this at once are sooner read all together. */
const MOST_ALONE = 20;

/** @param scratch where the posts are remembered */
export function openDeskReadings(house: House, scratch: Store): DeskReadings {
  const readings = new Map<string, KeyedReading>();

  async function keysOf(source: string): Promise<ReadonlyMap<string, string>> {
    const { posts } = await scratch.posts.known([source]);
    return new Map(posts.map(({ post }) => [post.keys.path ?? '', JSON.stringify(post.keys)]));
  }

  async function readWhole(source: Source): Promise<void> {
    const { name } = source;
    try {
      const broken = await collectSource(house, scratch, source, {});
      readings.set(name, { broken, keys: await keysOf(name) });
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      readings.set(name, { broken: [], keys: await keysOf(name), failure: error });
    }
  }

  /** Alone where that tells everything: no post came, went, moved or got another key. */
  async function readAgain(source: Source, folder: string, paths: readonly string[]): Promise<void> {
    const reading = readings.get(source.name);
    if (!reading || reading.failure !== undefined || paths.length > MOST_ALONE) return readWhole(source);
    const healed = new Set<string>();
    for (const path of paths) {
      const within = relative(folder, path).split(sep).join('/');
      const keys = reading.keys.get(within);
      const collection = keys === undefined ? undefined : await source.reread?.(path);
      const [post] = collection?.posts ?? [];
      if (!collection || !post || JSON.stringify(post.keys) !== keys) return readWhole(source);
      await rememberCollection(house, scratch, collection);
      healed.add(within);
    }
    const broken = reading.broken.filter(({ keys }) => !healed.has(keys.path ?? ''));
    readings.set(source.name, { ...reading, broken });
  }

  return { of: (source) => readings.get(source), readWhole, readAgain };
}
