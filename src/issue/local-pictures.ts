/** The pictures of an issue that are files on this host: an editor sees them before they are on the web. */
import type { LocalPicture, ReplacePictures, Source } from '../domain/ports/content.js';
import type { PostHead } from '../domain/post.js';

/** So much of a page is pictures at most: what does not fit keeps its address. */
const MOST_BYTES = 25_000_000;

export interface LocalPicturesDeps {
  readonly sources: ReadonlyMap<string, Pick<Source, 'picture'>>;
  readonly replacePictures: ReplacePictures;
}

/** The file of a picture that one of these posts shows; `undefined` when it is on the web only. */
export async function findLocalPicture(
  sources: LocalPicturesDeps['sources'],
  address: string,
  posts: readonly PostHead[],
): Promise<LocalPicture | undefined> {
  for (const name of new Set(posts.map(({ source }) => source))) {
    const ofSource = posts.filter(({ source }) => source === name);
    // Whether a picture is a file makes no mail: a source that fails here does not end a look at the issue.
    const found = await sources
      .get(name)
      ?.picture?.(address, ofSource)
      .catch(() => undefined);
    if (found) return found;
  }
  return undefined;
}

/** A mail with the pictures of these posts in it, as far as they are files on this host. For looking at only (rule: local-pictures). */
export function withLocalPictures(
  { sources, replacePictures }: LocalPicturesDeps,
  html: string,
  posts: readonly PostHead[],
): Promise<string> {
  let bytesLeft = MOST_BYTES;
  return replacePictures(html, async (address) => {
    const found = await findLocalPicture(sources, address, posts);
    if (!found || found.bytes.length > bytesLeft) return undefined;
    bytesLeft -= found.bytes.length;
    return `data:${found.type};base64,${Buffer.from(found.bytes).toString('base64')}`;
  });
}
