/** The public archive: past issues as they were sent, without tokens and names, and posts by category. */
import { createHash } from 'node:crypto';
import type { PublicPaths } from '../audience/public-paths.js';
import { fillSegments } from '../domain/edition.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { ArchiveView, CategoryLink, HomeView } from '../domain/page.js';
import type { Clock } from '../domain/ports/host.js';
import type { ArchivePosts } from './archive-posts.js';
import type { Newsletters } from './newsletters.js';
import type { Page } from './page.js';
import type { PublishedIssues } from './published-issues.js';

export interface ArchiveDeps {
  readonly paths: PublicPaths;
  readonly newsletters: Newsletters;
  readonly archivePosts: ArchivePosts;
  readonly issues: PublishedIssues;
  readonly clock: Pick<Clock, 'now'>;
}

export type ArchivedIssue =
  /** The issue as it was sent; it never changes. */
  | { readonly kind: 'frozen'; readonly html: string; readonly version: string }
  /** Some of its posts were withdrawn: the others. */
  | { readonly kind: 'page'; readonly page: Page };

const ISSUES_A_PAGE = 20;
const POSTS_A_PAGE = 10;
const TITLES_SHOWN = 4;

export function openArchive({ paths, newsletters, archivePosts, issues, clock }: ArchiveDeps) {
  /** All newsletters; `undefined` when there are none. */
  function showHome(): Page | undefined {
    const now = clock.now();
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

  /** A newsletter's issues, newest first; `undefined`: no such newsletter or page. */
  async function showArchive(id: string, page: number): Promise<Page | undefined> {
    const newsletter = newsletters.find(id);
    const shown = newsletter && pageOf(await issues.list(id), page, ISSUES_A_PAGE);
    if (!shown) return undefined;
    const gone = await archivePosts.gone(newsletter, clock.now());
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
  async function showIssue(id: string, number: number): Promise<ArchivedIssue | undefined> {
    const newsletter = newsletters.find(id);
    const issue = newsletter && (await issues.find(id, number));
    if (!newsletter || !issue) return undefined;
    const now = clock.now();
    const gone = await archivePosts.gone(newsletter, now);
    if (issue.posts.some(({ uid }) => gone.has(uid)))
      return { kind: 'page', page: await remainingPage(newsletter, issue, gone, now) };
    const edition = await issues.fullestEdition(issue, newsletter.language);
    if (!edition) return undefined;
    const anyReader = paths.absolute(paths.anyReader);
    const html = fillSegments(edition.mail.html, {
      name: '',
      address: (await newsletters.messages(newsletter, edition.language)).say('page.archive.anyReader'),
      unsubscribeUrl: anyReader,
      preferencesUrl: anyReader,
      webUrl: paths.absolute(paths.issue(id, number)),
    });
    return { kind: 'frozen', html, version: createHash('sha256').update(html).digest('hex').slice(0, 32) };
  }

  /** The posts of an issue that can still be shown. */
  async function remainingPage(
    newsletter: Newsletter,
    issue: Issue,
    gone: ReadonlySet<string>,
    now: Date,
  ): Promise<Page> {
    const left = new Set(issue.posts.map(({ uid }) => uid).filter((uid) => !gone.has(uid)));
    const posts = (await archivePosts.readable(newsletter, now)).filter(({ uid }) => left.has(uid));
    return {
      newsletter,
      language: newsletter.language,
      view: {
        kind: 'posts',
        title: issue.title,
        categories: [],
        issue: { number: issue.number, date: issue.occurrence },
        posts: await issues.shown(newsletter, posts),
        older: null,
        newer: null,
        feed: null,
      },
    };
  }

  /** A category's posts, newest first; `undefined`: no such category or page. */
  async function showCategory(id: string, key: string, page: number): Promise<Page | undefined> {
    const newsletter = newsletters.find(id);
    if (!newsletter) return undefined;
    const categories = await categoryLinks(newsletter, key);
    const own = categories.find(({ isHere }) => isHere);
    const posts = own && (await archivePosts.inCategory(newsletter, key, clock.now()));
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
        posts: await issues.shown(newsletter, shown.rows),
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

/** `undefined` for a page past the end; the first page exists even when it is empty. */
function pageOf<Row>(rows: readonly Row[], page: number, size: number) {
  const shown = rows.slice((page - 1) * size, page * size);
  return shown.length === 0 && page > 1 ? undefined : { rows: shown, hasOlder: rows.length > page * size };
}
