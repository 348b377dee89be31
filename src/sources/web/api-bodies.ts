/** Reads bodies, many at once; one that cannot be read does not keep the others from being read. */
import type { JobEnd } from '../../domain/ports/host.js';
import type { BodyReading, PostHead } from '../../domain/post.js';
import { unfinished } from '../post-reading.js';
import { chunks, idsByType } from './api-paths.js';
import type { ListingApi, ReadBodies, ReadBody } from './listing-api.js';

const BODIES_AT_ONCE = 20;

/** Asks an API. One answer for each post, in their order. */
export async function readBodies(
  api: ListingApi,
  posts: readonly PostHead[],
  signal?: AbortSignal,
): Promise<readonly BodyReading[]> {
  const read = new Map<string, ReadBody>();
  for (const [type, ids] of idsByType(posts.flatMap(({ keys }) => keys.path ?? []))) {
    const bodies = await readInParts((some) => api.bodies(type, some, signal), type, ids);
    for (const [path, body] of Object.entries(bodies)) read.set(path, body);
  }
  return posts.map((post) => readingOf(post, read.get(post.keys.path ?? '')));
}

/**
 * Where parsing several does not end, each is parsed alone.
 * @param parse gives `ReadBodies` of some ids @param type the ids are of; absent: they are paths
 */
export async function readInParts(
  parse: (ids: readonly string[]) => Promise<JobEnd>,
  type: string | undefined,
  ids: readonly string[],
): Promise<ReadBodies> {
  const read: { [path: string]: ReadBody } = {};
  for (const chunk of chunks(ids, BODIES_AT_ONCE)) {
    const end = await parse(chunk);
    if (end.kind === 'done') Object.assign(read, end.result as ReadBodies);
    else if (chunk.length > 1) for (const id of chunk) Object.assign(read, await readInParts(parse, type, [id]));
    else
      read[type === undefined ? `${chunk[0]}` : `${type}/${chunk[0]}`] = { kind: 'broken', message: unfinished(end) };
  }
  return read;
}

/** What came of reading the body of a listed post. */
export function readingOf({ bodyHash, place }: PostHead, read: ReadBody | undefined): BodyReading {
  if (read?.kind === 'broken') return { kind: 'broken', where: place, message: read.message };
  if (read?.version === bodyHash) return { kind: 'body', body: read.body };
  const message = 'The post was edited or removed after it was listed. It is read again at the next collection.';
  return { kind: 'unread', where: place, message };
}
