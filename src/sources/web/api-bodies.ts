/** Reads bodies through an API, many at once; one that cannot be read does not keep the others from being read. */
import type { BodyReading, PostHead } from '../../domain/post.js';
import { unfinished } from '../post-reading.js';
import { chunks, idsByType } from './api-paths.js';
import type { ListingApi, ReadBodies, ReadBody } from './listing-api.js';

const BODIES_AT_ONCE = 20;

/** One answer for each post, in their order. */
export async function readBodies(
  api: ListingApi,
  posts: readonly PostHead[],
  signal?: AbortSignal,
): Promise<readonly BodyReading[]> {
  const read = new Map<string, ReadBody>();
  for (const [type, ids] of idsByType(posts.flatMap(({ keys }) => keys.path ?? [])))
    for (const chunk of chunks(ids, BODIES_AT_ONCE))
      for (const [path, body] of Object.entries(await readChunk(api, type, chunk, signal))) read.set(path, body);
  return posts.map((post) => readingOf(post, read.get(post.keys.path ?? '')));
}

/** Where parsing several does not end, each is parsed alone. */
async function readChunk(
  api: ListingApi,
  type: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<ReadBodies> {
  const end = await api.bodies(type, ids, signal);
  if (end.kind === 'done') return end.result as ReadBodies;
  const [only] = ids;
  if (ids.length === 1) return { [`${type}/${only}`]: { kind: 'broken', message: unfinished(end) } };
  const read: { [path: string]: ReadBody } = {};
  for (const id of ids) Object.assign(read, await readChunk(api, type, [id], signal));
  return read;
}

function readingOf({ bodyHash, place }: PostHead, read: ReadBody | undefined): BodyReading {
  if (read?.kind === 'broken') return { kind: 'broken', where: place, message: read.message };
  if (read?.version === bodyHash) return { kind: 'body', body: read.body };
  return {
    kind: 'unread',
    where: place,
    message: 'The post was edited or removed after it was listed. It is read again at the next collection.',
  };
}
