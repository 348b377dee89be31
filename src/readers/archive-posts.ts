/** The posts behind the archive's pages, kept in memory: a request does not read every post of the store. */
import { sectionsOf } from '../domain/category.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { PostStore } from '../domain/ports/posts.js';
import { type KnownPost, publishabilityAt } from '../domain/post.js';
import { isTaken, originalsByUrl } from '../select/select-posts.js';

export interface ArchivePostsDeps {
  readonly posts: Pick<PostStore, 'known'>;
  readonly ledger: Pick<Ledger, 'history'>;
}

export type ArchivePosts = ReturnType<typeof openArchivePosts>;

/** Reads the posts again after a collection or an issue has changed something. */
export function openArchivePosts({ posts, ledger }: ArchivePostsDeps) {
  const kept = new Map<string, { readonly head: string; readonly posts: Promise<readonly KnownPost[]> }>();

  async function postsOf({ id, sources }: Newsletter): Promise<readonly KnownPost[]> {
    const { head } = await ledger.history(id);
    const before = kept.get(id);
    if (before?.head === head) return before.posts;
    const read = posts.known(sources.map(({ name }) => name)).then(({ posts: known }) => newestFirst(known));
    kept.set(id, { head, posts: read });
    read.catch(() => kept.delete(id));
    return read;
  }

  /** The uids of posts that no page may show any more: withdrawn, expired, or drafts again. */
  async function gone(newsletter: Newsletter, now: Date): Promise<ReadonlySet<string>> {
    const isGone = ({ withdrawnAt, post }: KnownPost) =>
      withdrawnAt !== undefined || ['draft', 'expired'].includes(publishabilityAt(post, now));
    return new Set((await postsOf(newsletter)).filter(isGone).map(({ uid }) => uid));
  }

  /** The public posts, newest first. */
  async function readable(newsletter: Newsletter, now: Date): Promise<readonly KnownPost[]> {
    return (await postsOf(newsletter)).filter(
      ({ withdrawnAt, broken, post }) => !withdrawnAt && !broken && publishabilityAt(post, now) === 'publishable',
    );
  }

  /** Of these, the posts the newsletter takes that are in a category, each URL once. */
  async function inCategory(newsletter: Newsletter, key: string, now: Date): Promise<readonly KnownPost[]> {
    const taken = (await readable(newsletter, now)).filter((known) => isTaken(known, newsletter));
    const originals = originalsByUrl(taken, newsletter);
    return taken.filter(
      ({ uid, post }) =>
        sectionsOf(post.categories, newsletter.categories).includes(key) &&
        (post.url === undefined || originals.get(post.url)?.uid === uid),
    );
  }

  return { gone, readable, inCategory };
}

function newestFirst(known: readonly KnownPost[]): readonly KnownPost[] {
  return [...known].sort((one, other) => other.post.publishedAt.getTime() - one.post.publishedAt.getTime());
}
