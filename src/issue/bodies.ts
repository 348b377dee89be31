/** The bodies of the posts an issue may carry: kept in the store, or read from their source when they are asked for the first time. */
import { GazetteError } from '../domain/errors.js';
import type { Html } from '../domain/html.js';
import type { Source } from '../domain/ports/content.js';
import type { KeptBody, PostStore } from '../domain/ports/posts.js';
import { type BodyReading, type BrokenPlace, bodyKeyOf, type KnownPost } from '../domain/post.js';

export interface BodiesDeps {
  readonly store: { readonly posts: Pick<PostStore, 'bodies' | 'keepBodies'> };
  readonly sources: ReadonlyMap<string, Source>;
}

/** Every post that was asked for is in one of them, by uid. */
export interface ReadBodies {
  readonly bodies: ReadonlyMap<string, Html>;
  readonly broken: ReadonlyMap<string, BrokenPlace>;
}

/** Reads the bodies of these posts. A source that fails makes its posts broken for this time. */
export async function readBodies(deps: BodiesDeps, posts: readonly KnownPost[]): Promise<ReadBodies> {
  const bodies = new Map<string, Html>();
  const broken = new Map<string, BrokenPlace>();
  const kept = await deps.store.posts.bodies(posts.map(({ uid }) => uid));
  const unread: KnownPost[] = [];
  for (const known of posts) {
    const body = kept.get(known.uid);
    if (body?.key !== bodyKeyOf(known.post)) unread.push(known);
    else if (body.broken) broken.set(known.uid, body.broken);
    else bodies.set(known.uid, body.body ?? []);
  }
  const fresh = new Map<string, KeptBody>();
  for (const [{ uid, post }, reading] of await readFromSources(deps.sources, unread)) {
    const key = bodyKeyOf(post);
    if (reading.kind === 'body') {
      bodies.set(uid, reading.body);
      fresh.set(uid, { key, body: reading.body });
    } else {
      const { kind, ...place } = reading;
      broken.set(uid, place);
      if (kind === 'broken') fresh.set(uid, { key, broken: place });
    }
  }
  if (fresh.size > 0) await keep(deps, fresh);
  return { bodies, broken };
}

/** What was read is kept to save time; a database that cannot be written must not prevent a look at the issue. */
async function keep({ store }: BodiesDeps, fresh: ReadonlyMap<string, KeptBody>): Promise<void> {
  try {
    await store.posts.keepBodies(fresh);
  } catch (error) {
    if (!(error instanceof GazetteError)) throw error;
  }
}

async function readFromSources(
  sources: BodiesDeps['sources'],
  posts: readonly KnownPost[],
): Promise<readonly (readonly [KnownPost, BodyReading])[]> {
  const readings: (readonly [KnownPost, BodyReading])[] = [];
  for (const name of new Set(posts.map(({ post }) => post.source))) {
    const mine = posts.filter(({ post }) => post.source === name);
    const answers = await answersOf(sources.get(name), mine);
    mine.forEach((known, index) => {
      readings.push([
        known,
        answers[index] ?? unreadPost(known, 'Its source does not give the text of the post any more.'),
      ]);
    });
  }
  return readings;
}

async function answersOf(source: Source | undefined, posts: readonly KnownPost[]): Promise<readonly BodyReading[]> {
  try {
    return (await source?.bodies?.(posts.map(({ post }) => post))) ?? [];
  } catch (error) {
    if (!(error instanceof GazetteError && error.code.startsWith('source.'))) throw error;
    return posts.map((known) => unreadPost(known, error.message));
  }
}

function unreadPost({ post: { place } }: KnownPost, message: string): BodyReading {
  return { kind: 'unread', where: place, message };
}
