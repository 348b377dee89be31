/** The feeds of the archive: a newsletter's issues, or the posts of a category (RFC 4287). */
import type { PublicPaths } from '../audience/public-paths.js';
import type { Html } from '../domain/html.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { FeedEntry } from '../domain/page.js';
import type { ArchiveStore } from '../domain/ports/archive.js';
import type { Pages } from '../domain/ports/content.js';
import type { Newsletters } from './newsletters.js';
import type { ShownPosts } from './shown-posts.js';

export interface ArchiveFeedsDeps {
  readonly paths: PublicPaths;
  readonly pages: Pick<Pages, 'feed'>;
  readonly newsletters: Newsletters;
  readonly archive: Pick<ArchiveStore, 'issues' | 'posts' | 'gone'>;
  readonly shownPosts: ShownPosts;
}

/** The entries of a feed. */
const NEWEST = { limit: 20, skip: 0 };

export function openArchiveFeeds({ paths, pages, newsletters, archive, shownPosts }: ArchiveFeedsDeps) {
  /** The feed of a newsletter's issues, or of a category's posts; `undefined` when there is no such newsletter or category. */
  async function readFeed(id: string, key: string | undefined, now: Date): Promise<string | undefined> {
    const newsletter = key === undefined ? await newsletters.archived(id, archive) : newsletters.find(id);
    if (!newsletter) return undefined;
    return key === undefined ? issuesFeed(newsletter, now) : categoryFeed(newsletter, key, now);
  }

  async function issuesFeed(newsletter: Newsletter, now: Date): Promise<string> {
    const { id, title } = newsletter;
    const messages = await newsletters.messages(newsletter, newsletter.language);
    const issues = await archive.issues(id, NEWEST);
    const uids = issues.flatMap(({ posts }) => posts.map(({ uid }) => uid));
    const gone = await archive.gone(uids, now);
    const entries = issues.map((issue) => ({
      url: paths.absolute(paths.issue(id, issue.number)),
      title: messages.say('page.archive.issue', { newsletter: title, number: issue.number }),
      at: issue.occurrence,
      authors: [],
      excerpt: listOf(issue.posts.filter(({ uid }) => !gone.has(uid)).map((post) => post.title)),
    }));
    return pages.feed({
      newsletter,
      title,
      url: paths.absolute(paths.feed(id)),
      page: paths.absolute(paths.archive(id)),
      entries,
    });
  }

  async function categoryFeed(newsletter: Newsletter, key: string, now: Date): Promise<string | undefined> {
    const choices = await newsletters.categoryChoices(newsletter, undefined, newsletter.language);
    const category = choices.find((each) => each.key === key);
    if (!category) return undefined;
    const posts = await archive.posts(newsletter.id, key, now, NEWEST);
    const entries = (await shownPosts(newsletter, posts)).flatMap((post): FeedEntry[] =>
      post.url === undefined
        ? []
        : [{ url: post.url, title: post.title, at: post.publishedAt, authors: post.authors, excerpt: post.excerpt }],
    );
    return pages.feed({
      newsletter,
      title: `${newsletter.title}: ${category.title}`,
      url: paths.absolute(paths.categoryFeed(newsletter.id, key)),
      page: paths.absolute(paths.category(newsletter.id, key)),
      entries,
    });
  }

  return { readFeed };
}

function listOf(titles: readonly string[]): Html {
  const items = titles.map((value) => element('li', [{ type: 'text', value }]));
  return [element('ul', items)];
}

function element(tagName: string, children: Html): Html[number] {
  return { type: 'element', tagName, properties: {}, children };
}
