/** What everybody may read: past issues as they were sent, without token and name, and posts by category (RFC 9110). */
import { createHash } from 'node:crypto';
import type { AppContext } from '../app-context.js';
import { composePosts } from '../compose/compose-digest.js';
import { NO_ARRANGEMENT } from '../domain/arrangement.js';
import type { DigestPost } from '../domain/digest.js';
import { fillSegments } from '../domain/edition.js';
import type { Issue } from '../domain/issue.js';
import { messagesFor } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CategoryLink, Choice, FeedEntry, HomeView } from '../domain/page.js';
import type { EditionSummary } from '../domain/ports/storage.js';
import type { KnownPost } from '../domain/post.js';
import { type ArchivePosts, openArchivePosts } from './archive-posts.js';
import { choicesFor, frequencyOf, languageFor, type Page, pathsOf, publicSideOf } from './public-site.js';

const ISSUES_A_PAGE = 20;
const POSTS_A_PAGE = 10;
const TITLES_SHOWN = 4;
const FEED_ENTRIES = 20;

export interface ArchiveDeps extends AppContext {
  readonly archivePosts: ArchivePosts;
}

export function withArchive(deps: AppContext): ArchiveDeps {
  return { ...deps, archivePosts: openArchivePosts(deps) };
}

/** The newsletters there are. */
export async function showHome(deps: ArchiveDeps): Promise<Page | undefined> {
  const paths = pathsOf(publicSideOf(deps));
  const [first] = deps.newsletters.values();
  if (!first) return undefined;
  const newsletters: HomeView['newsletters'] = [...deps.newsletters.values()].map((newsletter) => ({
    title: newsletter.title,
    frequency: frequencyOf(deps, newsletter),
    signUp: paths.signUp(newsletter.id),
    archive: paths.archive(newsletter.id),
  }));
  return { newsletter: first, language: first.language, view: { kind: 'home', newsletters } };
}

/** A newsletter's issues, newest first; `undefined`: no such newsletter or page. */
export async function showArchive(deps: ArchiveDeps, id: string, page = 1): Promise<Page | undefined> {
  const newsletter = deps.newsletters.get(id);
  if (!newsletter) return undefined;
  const paths = pathsOf(publicSideOf(deps));
  const issues = await publishedIssues(deps, newsletter);
  const shown = pageOf(issues, page, ISSUES_A_PAGE);
  if (!shown) return undefined;
  const language = await languageFor(deps, newsletter);
  const withdrawn = await deps.archivePosts.gone(newsletter);
  return {
    newsletter,
    language,
    view: {
      kind: 'archive',
      issues: shown.rows.map((issue) => {
        const titles = issue.posts.filter(({ uid }) => !withdrawn.has(uid)).map(({ title }) => title);
        return {
          number: issue.number,
          date: issue.occurrence,
          titles: titles.slice(0, TITLES_SHOWN),
          more: Math.max(0, titles.length - TITLES_SHOWN),
          url: paths.issue(id, issue.number),
        };
      }),
      categories: await categoryLinks(deps, newsletter),
      older: shown.hasOlder ? paths.archive(id, page + 1) : null,
      newer: page > 1 ? paths.archive(id, page - 1) : null,
    },
  };
}

export type ArchivedIssue =
  /** The issue as it was sent, for anybody; it never changes. */
  | { readonly kind: 'frozen'; readonly html: string; readonly version: string }
  /** Some of its posts were withdrawn: what is left. */
  | { readonly kind: 'page'; readonly page: Page };

/** One issue; `undefined` when there is none of that number that was sent. */
export async function showIssue(deps: ArchiveDeps, id: string, number: number): Promise<ArchivedIssue | undefined> {
  const newsletter = deps.newsletters.get(id);
  const issue = newsletter && (await deps.store.ledger.issue(id, number));
  if (!newsletter || !issue || !(await isPublished(deps, issue))) return undefined;
  const withdrawn = await deps.archivePosts.gone(newsletter);
  if (issue.posts.some(({ uid }) => withdrawn.has(uid)))
    return { kind: 'page', page: await remainingPage(deps, newsletter, issue, withdrawn) };
  const summary = fullest(await deps.store.ledger.editions(issue.id), newsletter.language);
  if (!summary) return undefined;
  const edition = await deps.store.ledger.edition(summary.id);
  const paths = pathsOf(publicSideOf(deps));
  const who = paths.absolute(paths.who);
  const words = await messagesFor(deps.messagesIn, newsletter, edition.language);
  const html = fillSegments(edition.mail.html, {
    name: '',
    address: words.say('page.archive.anyReader'),
    unsubscribeUrl: who,
    preferencesUrl: who,
    webUrl: paths.absolute(paths.issue(id, number)),
  });
  return { kind: 'frozen', html, version: createHash('sha256').update(html).digest('hex').slice(0, 32) };
}

/** A category's posts, newest first; `undefined`: no such category or page. */
export async function showCategory(deps: ArchiveDeps, id: string, key: string, page = 1): Promise<Page | undefined> {
  const newsletter = deps.newsletters.get(id);
  const title = newsletter && (await titleOfCategory(deps, newsletter, key));
  if (!newsletter || title === undefined) return undefined;
  const posts = await deps.archivePosts.inCategory(newsletter, key);
  const shown = pageOf(posts, page, POSTS_A_PAGE);
  if (!shown) return undefined;
  const paths = pathsOf(publicSideOf(deps));
  return {
    newsletter,
    language: await languageFor(deps, newsletter),
    view: {
      kind: 'posts',
      title,
      categories: await categoryLinks(deps, newsletter, key),
      issue: null,
      posts: await shownPosts(deps, newsletter, shown.rows),
      older: shown.hasOlder ? paths.category(id, key, page + 1) : null,
      newer: page > 1 ? paths.category(id, key, page - 1) : null,
      feed: paths.categoryFeed(id, key),
    },
  };
}

/** The feed of a newsletter's issues, or of a category's posts; `undefined`: there is no such thing. */
export async function readFeed(deps: ArchiveDeps, id: string, key?: string): Promise<string | undefined> {
  const newsletter = deps.newsletters.get(id);
  if (!newsletter) return undefined;
  const side = publicSideOf(deps);
  const paths = pathsOf(side);
  if (key === undefined) {
    const entries = await issueEntries(deps, newsletter);
    const url = paths.absolute(paths.feed(id));
    return side.pages.feed({
      newsletter,
      title: newsletter.title,
      url,
      page: paths.absolute(paths.archive(id)),
      entries,
    });
  }
  const title = await titleOfCategory(deps, newsletter, key);
  if (title === undefined) return undefined;
  const posts = (await deps.archivePosts.inCategory(newsletter, key)).slice(0, FEED_ENTRIES);
  const page = paths.absolute(paths.category(id, key));
  const entries = (await shownPosts(deps, newsletter, posts)).flatMap((post): FeedEntry[] =>
    post.url === undefined
      ? []
      : [{ url: post.url, title: post.title, at: post.publishedAt, authors: post.authors, excerpt: post.excerpt }],
  );
  const url = paths.absolute(paths.categoryFeed(id, key));
  return side.pages.feed({ newsletter, title: `${newsletter.title}: ${title}`, url, page, entries });
}

async function issueEntries(deps: ArchiveDeps, newsletter: Newsletter): Promise<readonly FeedEntry[]> {
  const paths = pathsOf(publicSideOf(deps));
  const words = await messagesFor(deps.messagesIn, newsletter, newsletter.language);
  const withdrawn = await deps.archivePosts.gone(newsletter);
  return (await publishedIssues(deps, newsletter)).slice(0, FEED_ENTRIES).map((issue) => ({
    url: paths.absolute(paths.issue(newsletter.id, issue.number)),
    title: words.say('page.archive.issue', { newsletter: newsletter.title, number: issue.number }),
    at: issue.occurrence,
    authors: [],
    excerpt: [
      {
        type: 'element',
        tagName: 'ul',
        properties: {},
        children: issue.posts
          .filter(({ uid }) => !withdrawn.has(uid))
          .map(({ title }) => ({
            type: 'element',
            tagName: 'li',
            properties: {},
            children: [{ type: 'text', value: title }],
          })),
      },
    ],
  }));
}

/** An issue is published with its first message, and stays so when the rest of it is cancelled. */
async function isPublished({ store }: AppContext, { id, state, released }: Issue): Promise<boolean> {
  if (state === 'done') return true;
  if (state === 'cancelled') return !released;
  return (state === 'sending' || state === 'paused') && store.ledger.hasBegun(id);
}

async function publishedIssues(deps: AppContext, { id }: Newsletter): Promise<readonly Issue[]> {
  const published: Issue[] = [];
  for (const issue of await deps.store.ledger.issues(id)) {
    if (await isPublished(deps, issue)) published.push(issue);
  }
  return published.sort((one, other) => other.number - one.number);
}

/** The edition with the most posts; of several, the one in the newsletter's language. */
function fullest(editions: readonly EditionSummary[], language: string): EditionSummary | undefined {
  const rank = (each: EditionSummary) => each.posts.length * 2 + (each.language === language ? 1 : 0);
  return [...editions].sort((one, other) => rank(other) - rank(one))[0];
}

async function shownPosts(
  deps: ArchiveDeps,
  newsletter: Newsletter,
  chosen: readonly KnownPost[],
): Promise<readonly DigestPost[]> {
  const bodies = await deps.store.posts.bodies(chosen.map(({ uid }) => uid));
  return composePosts({ newsletter, chosen, bodies, arrangement: NO_ARRANGEMENT }, { images: true, links: 0 });
}

async function remainingPage(
  deps: ArchiveDeps,
  newsletter: Newsletter,
  issue: Issue,
  withdrawn: ReadonlySet<string>,
): Promise<Page> {
  const left = new Set(issue.posts.map(({ uid }) => uid).filter((uid) => !withdrawn.has(uid)));
  const posts = (await deps.archivePosts.readable(newsletter)).filter(({ uid }) => left.has(uid));
  return {
    newsletter,
    language: await languageFor(deps, newsletter),
    view: {
      kind: 'posts',
      title: issue.title,
      categories: [],
      issue: { number: issue.number, date: issue.occurrence },
      posts: await shownPosts(deps, newsletter, posts),
      older: null,
      newer: null,
      feed: null,
    },
  };
}

async function titleOfCategory(deps: ArchiveDeps, newsletter: Newsletter, key: string): Promise<string | undefined> {
  return (await categoriesOf(deps, newsletter)).find((each) => each.key === key)?.title;
}

async function categoryLinks(
  deps: ArchiveDeps,
  newsletter: Newsletter,
  here?: string,
): Promise<readonly CategoryLink[]> {
  const paths = pathsOf(publicSideOf(deps));
  const categories = await categoriesOf(deps, newsletter);
  return categories.map(({ key, title }) => ({ title, url: paths.category(newsletter.id, key), isHere: key === here }));
}

async function categoriesOf(deps: ArchiveDeps, newsletter: Newsletter): Promise<readonly Choice[]> {
  return choicesFor(deps, newsletter, undefined, await languageFor(deps, newsletter));
}

/** `undefined` for a page past the end; the first page is there even when it is empty. */
function pageOf<Row>(rows: readonly Row[], page: number, size: number) {
  const shown = rows.slice((page - 1) * size, page * size);
  return shown.length === 0 && page > 1 ? undefined : { rows: shown, hasOlder: rows.length > page * size };
}
