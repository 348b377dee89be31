/** The posts behind the archive's pages: who looks at a page costs no reading of every post ever seen (RFC 9110). */

import type { AppContext } from '../app-context.js';
import { sectionsOf } from '../domain/category.js';
import type { Newsletter } from '../domain/newsletter.js';
import { type KnownPost, publishabilityAt } from '../domain/post.js';
import { isTaken, originalsByUrl } from '../select/select-posts.js';

export interface ArchivePosts {
  /** Names of the posts that no page may show any more: withdrawn, expired, or drafts again. */
  gone(newsletter: Newsletter): Promise<ReadonlySet<string>>;
  /** Posts anybody may read, newest first. */
  readable(newsletter: Newsletter): Promise<readonly KnownPost[]>;
  /** Of those, the ones of a category that the newsletter takes, each URL once. */
  inCategory(newsletter: Newsletter, key: string): Promise<readonly KnownPost[]>;
}

/** Reads the posts again when a collection or an issue has brought something. */
export function openArchivePosts({ store, clock }: AppContext): ArchivePosts {
  const kept = new Map<string, { readonly head: string; readonly posts: Promise<readonly KnownPost[]> }>();

  const postsOf = async ({ id, sources }: Newsletter): Promise<readonly KnownPost[]> => {
    const { head } = await store.ledger.history(id);
    const before = kept.get(id);
    if (before?.head === head) return before.posts;
    const posts = store.posts
      .known(sources.map(({ name }) => name))
      .then((known) =>
        [...known.posts].sort((one, other) => other.post.publishedAt.getTime() - one.post.publishedAt.getTime()),
      );
    kept.set(id, { head, posts });
    posts.catch(() => kept.delete(id));
    return posts;
  };

  const readable = async (newsletter: Newsletter): Promise<readonly KnownPost[]> => {
    const now = clock.now();
    return (await postsOf(newsletter)).filter(
      ({ withdrawnAt, broken, post }) => !withdrawnAt && !broken && publishabilityAt(post, now) === 'publishable',
    );
  };

  return {
    async gone(newsletter) {
      const now = clock.now();
      const isGone = ({ withdrawnAt, post }: KnownPost) =>
        withdrawnAt !== undefined || ['draft', 'expired'].includes(publishabilityAt(post, now));
      return new Set((await postsOf(newsletter)).filter(isGone).map(({ uid }) => uid));
    },
    readable,
    async inCategory(newsletter, key) {
      const taken = (await readable(newsletter)).filter((known) => isTaken(known, newsletter));
      const originals = originalsByUrl(taken, newsletter);
      return taken.filter(
        ({ uid, post }) =>
          sectionsOf(post.categories, newsletter.categories).includes(key) &&
          (post.url === undefined || originals.get(post.url)?.uid === uid),
      );
    },
  };
}
