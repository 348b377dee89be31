/** What is known on the desk of each source: read whole when it has to be, and one file alone when that tells everything. */
import { relative, sep } from 'node:path';
import type { AppContext } from '../app-context.js';
import { GazetteError } from '../domain/errors.js';
import type { Source } from '../domain/ports/content.js';
import type { BrokenPost, PostHead } from '../domain/post.js';
import { collectSource, rememberView, type SourceSuspicion } from '../issue/collect.js';

export interface SourceReadings {
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
  readonly suspicions: readonly SourceSuspicion[];
}

interface WholeReading extends Reading {
  /** What was last read of each file, by its path. */
  readonly heads: Map<string, PostHead>;
}

/** More files than this at once are sooner read all together. */
const MOST_ALONE = 20;

/** Over the store the posts are remembered in. */
export function openSourceReadings(deps: AppContext): SourceReadings {
  const readings = new Map<string, WholeReading>();

  async function headsOf(source: string): Promise<Map<string, PostHead>> {
    const { posts } = await deps.store.posts.known([source]);
    return new Map(posts.flatMap(({ post, withdrawnAt }) => (withdrawnAt ? [] : [[post.keys.path ?? '', post]])));
  }

  async function readWhole(source: Source): Promise<void> {
    const { name } = source;
    try {
      const { broken, suspicions } = await collectSource(deps, source, { isGlance: true });
      readings.set(name, { broken, suspicions, heads: await headsOf(name) });
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      readings.set(name, { broken: [], suspicions: [], heads: await headsOf(name), failure: error });
    }
  }

  /** Alone where that tells everything: no post came, went, moved, got another key or took over another's file. */
  async function readAgain(source: Source, folder: string, paths: readonly string[]): Promise<void> {
    const reading = readings.get(source.name);
    if (!reading || reading.failure !== undefined || paths.length > MOST_ALONE) return readWhole(source);
    const healed = new Set<string>();
    const titles = new Set<string>();
    for (const path of paths) {
      const within = relative(folder, path).split(sep).join('/');
      const head = reading.heads.get(within);
      const collection = head && (await source.reread?.(path));
      const [post] = collection?.posts ?? [];
      if (!collection || !post || !isPlainlySame(head, post) || titles.has(post.title)) return readWhole(source);
      titles.add(post.title);
      await rememberView(deps, collection);
      reading.heads.set(within, post);
      healed.add(within);
    }
    const broken = reading.broken.filter(({ keys }) => !healed.has(keys.path ?? ''));
    readings.set(source.name, { ...reading, broken });
  }

  return { of: (source) => readings.get(source), readWhole, readAgain };
}

/** Whether the post of a file is the one it was, whatever the other files hold: as `matchPosts` would say of all of them. */
function isPlainlySame(before: PostHead, post: PostHead): boolean {
  if (JSON.stringify(before.keys) !== JSON.stringify(post.keys)) return false;
  return before.keys.id !== undefined || before.title === post.title || before.bodyHash === post.bodyHash;
}
