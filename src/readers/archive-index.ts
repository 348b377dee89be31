/** Keeps ready which posts the archive shows and where: a page reads its own rows and no others (rule: strangers-cost-little). */
import { sectionsOf } from '../domain/category.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { ArchiveStore, Placing, PostPlace } from '../domain/ports/archive.js';
import type { Log } from '../domain/ports/host.js';
import type { KnownPost } from '../domain/post.js';
import { pageOfPost } from '../domain/same-page.js';
import { isTaken, originalsByUrl } from '../select/select-posts.js';

export interface ArchiveIndexDeps {
  readonly archive: Pick<ArchiveStore, 'state' | 'update'>;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly log: Log;
}

export function openArchiveIndex({ archive, newsletters, log }: ArchiveIndexDeps) {
  const all = [...newsletters.values()];
  const placing: Placing = {
    settings: new Map(all.map((newsletter) => [newsletter.id, settingsOf(newsletter)])),
    place: (posts) => all.flatMap((newsletter) => placesIn(newsletter, posts)),
  };
  let updating: Promise<void> | undefined;
  let hasFollowedSettings = false;

  async function update(): Promise<void> {
    try {
      while (await archive.update(placing)) await new Promise((next) => setImmediate(next));
      hasFollowedSettings = true;
    } catch (error) {
      // The archive is shown as it was.
      log.warn('archive.not-updated', { error });
    } finally {
      updating = undefined;
    }
  }

  /** Places the posts that have changed. Gives a text that changes with whatever the archive of a newsletter shows. */
  async function version(newsletter: string): Promise<string> {
    const before = await archive.state(newsletter);
    if (hasFollowedSettings && !before.isStale) return before.version;
    updating ??= update();
    await updating;
    return (await archive.state(newsletter)).version;
  }

  return { version };
}

/** What the places of posts depend on. */
function settingsOf({ sources, categories }: Newsletter): string {
  const sections = categories.map(({ key, also }) => [key, also]);
  return JSON.stringify([sources.map(({ name, only, except }) => [name, only, except]), sections]);
}

/** Each URL is shown once. */
function placesIn(newsletter: Newsletter, posts: readonly KnownPost[]): readonly PostPlace[] {
  const taken = posts.filter(
    (known) => !known.withdrawnAt && !known.broken && !known.post.draft && isTaken(known, newsletter),
  );
  const originals = originalsByUrl(taken, newsletter);
  return taken
    .filter(({ post }) => (originals.get(pageOfPost(post))?.post.source ?? post.source) === post.source)
    .flatMap(({ uid, post }) =>
      sectionsOf(post.categories, newsletter.categories).map((section) => ({
        newsletter: newsletter.id,
        section,
        uid,
      })),
    );
}
