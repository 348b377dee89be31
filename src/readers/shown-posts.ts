/** Posts as a page or a feed shows them. */
import { composePosts } from '../compose/compose-digest.js';
import { NO_ARRANGEMENT } from '../domain/arrangement.js';
import type { DigestPost } from '../domain/digest.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { PostStore } from '../domain/ports/posts.js';
import type { KnownPost } from '../domain/post.js';

export type ShownPosts = ReturnType<typeof openShownPosts>;

export function openShownPosts(posts: Pick<PostStore, 'bodies'>) {
  return async (newsletter: Newsletter, chosen: readonly KnownPost[]): Promise<readonly DigestPost[]> => {
    const kept = await posts.bodies(chosen.map(({ uid }) => uid));
    const bodies = new Map([...kept].flatMap(([uid, { body }]) => (body ? [[uid, body]] : [])));
    return composePosts({ newsletter, chosen, bodies, arrangement: NO_ARRANGEMENT });
  };
}
