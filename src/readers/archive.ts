/** The public archive: past issues as they were sent, without tokens and names, and posts by category. */
import type { PublicPaths } from '../audience/public-paths.js';
import { fillSegments } from '../domain/edition.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { ArchiveView, CategoryLink, HomeView } from '../domain/page.js';
import type { ArchiveStore, Part } from '../domain/ports/archive.js';
import { archivedHtml } from './archived-html.js';
import type { Newsletters } from './newsletters.js';
import type { Page } from './page.js';
import type { ShownPosts } from './shown-posts.js';

export interface ArchiveDeps {
  readonly paths: PublicPaths;
  readonly newsletters: Newsletters;
  readonly archive: Pick<ArchiveStore, 'issues' | 'issue' | 'fullestEdition' | 'posts' | 'readable' | 'gone'>;
  readonly shownPosts: ShownPosts;
}

export type ArchivedIssue =
  /** The issue as it was sent, as a page; it never changes. */
  | { readonly kind: 'frozen'; readonly html: string; readonly language: string }
  /** Some of its posts were withdrawn: the others. */
  | { readonly kind: 'page'; readonly page: Page };

const ISSUES_A_PAGE = 20;
const POSTS_A_PAGE = 10;
const TITLES_SHOWN = 4;

export function openArchive({ paths, newsletters, archive, shownPosts }: ArchiveDeps) {
  /** All newsletters; `undefined` when there are none. */
  function showHome(now: Date): Page | undefined {
    const [first] = newsletters.all;
    if (!first) return undefined;
    const views: HomeView['newsletters'] = newsletters.all.map((newsletter) => ({
      title: newsletter.title,
      frequency: newsletters.frequency(newsletter, now),
      signUp: paths.signUp(newsletter.id),
      archive: paths.archive(newsletter.id),
    }));
    return { newsletter: first, language: first.language, view: { kind: 'home', newsletters: views } };
  }

  /** Issues stay where they were sent from when their newsletter is renamed or removed. */
  const newsletterOf = (id: string) => newsletters.archived(id, archive);

  /** A newsletter's issues, newest first; `undefined`: no such newsletter or page. */
  async function showArchive(id: string, page: number, now: Date): Promise<Page | undefined> {
    const newsletter = await newsletterOf(id);
    const shown = newsletter && pageOf(await archive.issues(id, partOf(page, ISSUES_A_PAGE)), page, ISSUES_A_PAGE);
    if (!shown) return undefined;
    const gone = await archive.gone(uidsOf(...shown.rows), now);
    const { language } = newsletter;
    return {
      newsletter,
      language,
      view: {
        kind: 'archive',
        issues: shown.rows.map((issue) => issueRow(issue, gone)),
        categories: await categoryLinks(newsletter),
        older: shown.hasOlder ? paths.archive(id, page + 1) : null,
        newer: page > 1 ? paths.archive(id, page - 1) : null,
      },
    };
  }

  function issueRow(issue: Issue, gone: ReadonlySet<string>): ArchiveView['issues'][number] {
    const titles = issue.posts.filter(({ uid }) => !gone.has(uid)).map(({ title }) => title);
    return {
      number: issue.number,
      date: issue.occurrence,
      titles: titles.slice(0, TITLES_SHOWN),
      more: Math.max(0, titles.length - TITLES_SHOWN),
      url: paths.issue(issue.newsletter, issue.number),
    };
  }

  /** One issue; `undefined` when no issue of that number was sent. */
  async function showIssue(id: string, number: number, now: Date): Promise<ArchivedIssue | undefined> {
    const newsletter = await newsletterOf(id);
    const issue = newsletter && (await archive.issue(id, number));
    if (!newsletter || !issue) return undefined;
    if ((await archive.gone(uidsOf(issue), now)).size > 0)
      return { kind: 'page', page: await remainingPage(newsletter, issue, now) };
    const edition = await archive.fullestEdition(issue.id, newsletter.language);
    if (!edition) return undefined;
    const anyReader = paths.absolute(paths.anyReader);
    const html = fillSegments(edition.mail.html, {
      name: '',
      address: (await newsletters.messages(newsletter, edition.language)).say('page.archive.anyReader'),
      unsubscribeUrl: anyReader,
      preferencesUrl: anyReader,
      webUrl: paths.absolute(paths.issue(id, number)),
    });
    return { kind: 'frozen', html: archivedHtml(html), language: edition.language };
  }

  /** The posts of an issue that can still be shown. */
  async function remainingPage(newsletter: Newsletter, issue: Issue, now: Date): Promise<Page> {
    const posts = await archive.readable(uidsOf(issue), now);
    return {
      newsletter,
      language: newsletter.language,
      view: {
        kind: 'posts',
        title: issue.title,
        categories: [],
        issue: { number: issue.number, date: issue.occurrence },
        posts: await shownPosts(newsletter, posts),
        older: null,
        newer: null,
        feed: null,
      },
    };
  }

  /** A category's posts, newest first; `undefined`: no such category or page. */
  async function showCategory(id: string, key: string, page: number, now: Date): Promise<Page | undefined> {
    const newsletter = newsletters.find(id);
    if (!newsletter) return undefined;
    const categories = await categoryLinks(newsletter, key);
    const own = categories.find(({ isHere }) => isHere);
    const posts = own && (await archive.posts(id, key, now, partOf(page, POSTS_A_PAGE)));
    const shown = posts && pageOf(posts, page, POSTS_A_PAGE);
    if (!shown) return undefined;
    return {
      newsletter,
      language: newsletter.language,
      view: {
        kind: 'posts',
        title: own.title,
        categories,
        issue: null,
        posts: await shownPosts(newsletter, shown.rows),
        older: shown.hasOlder ? paths.category(id, key, page + 1) : null,
        newer: page > 1 ? paths.category(id, key, page - 1) : null,
        feed: paths.categoryFeed(id, key),
      },
    };
  }

  async function categoryLinks(newsletter: Newsletter, here?: string): Promise<readonly CategoryLink[]> {
    const choices = await newsletters.categoryChoices(newsletter, undefined, newsletter.language);
    return choices.map(({ key, title }) => ({
      title,
      url: paths.category(newsletter.id, key),
      isHere: key === here,
    }));
  }

  return { showHome, showArchive, showIssue, showCategory };
}

/** One row more than a page has tells whether there is another. */
function partOf(page: number, size: number): Part {
  return { skip: (page - 1) * size, limit: size + 1 };
}

/** `undefined` for a page past the end; the first page exists even when it is empty. */
function pageOf<Row>(rows: readonly Row[], page: number, size: number) {
  return rows.length === 0 && page > 1 ? undefined : { rows: rows.slice(0, size), hasOlder: rows.length > size };
}

function uidsOf(...issues: readonly Issue[]): readonly string[] {
  return issues.flatMap(({ posts }) => posts.map(({ uid }) => uid));
}
