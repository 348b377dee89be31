/** The issues that everybody may read, and the posts in them. */
import { composePosts } from '../compose/compose-digest.js';
import { NO_ARRANGEMENT } from '../domain/arrangement.js';
import type { DigestPost } from '../domain/digest.js';
import type { Issue } from '../domain/issue.js';
import { isSameLanguage } from '../domain/language.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { EditionSummary, FrozenEdition, Ledger } from '../domain/ports/ledger.js';
import type { PostStore } from '../domain/ports/posts.js';
import type { KnownPost } from '../domain/post.js';

export interface PublishedIssuesDeps {
  readonly ledger: Pick<Ledger, 'issue' | 'issues' | 'hasBegun' | 'editions' | 'edition'>;
  readonly posts: Pick<PostStore, 'bodies'>;
}

export type PublishedIssues = ReturnType<typeof openPublishedIssues>;

export function openPublishedIssues({ ledger, posts }: PublishedIssuesDeps) {
  /** Newest first. */
  async function list(newsletter: string): Promise<readonly Issue[]> {
    const published: Issue[] = [];
    for (const issue of await ledger.issues(newsletter)) if (await isPublished(issue)) published.push(issue);
    return published.sort((one, other) => other.number - one.number);
  }

  /** `undefined` when no issue of that number was sent. */
  async function find(newsletter: string, number: number): Promise<Issue | undefined> {
    const issue = await ledger.issue(newsletter, number);
    return issue && (await isPublished(issue)) ? issue : undefined;
  }

  /** An issue is published with its first message, and stays published if the rest is cancelled. */
  async function isPublished({ id, state, released }: Issue): Promise<boolean> {
    if (state === 'done') return true;
    if (state === 'cancelled') return !released;
    return (state === 'sending' || state === 'paused') && ledger.hasBegun(id);
  }

  /** The edition with the most posts; of several, the one in that language. */
  async function fullestEdition({ id }: Issue, language: string): Promise<FrozenEdition | undefined> {
    const rank = (each: EditionSummary) => each.posts.length * 2 + (isSameLanguage(each.language, language) ? 1 : 0);
    const [fullest] = [...(await ledger.editions(id))].sort((one, other) => rank(other) - rank(one));
    return fullest && ledger.edition(fullest.id);
  }

  /** Posts as a page or a feed shows them. */
  async function shown(newsletter: Newsletter, chosen: readonly KnownPost[]): Promise<readonly DigestPost[]> {
    const kept = await posts.bodies(chosen.map(({ uid }) => uid));
    const bodies = new Map([...kept].flatMap(([uid, { body }]) => (body ? [[uid, body]] : [])));
    return composePosts({ newsletter, chosen, bodies, arrangement: NO_ARRANGEMENT }, { images: true, links: 0 });
  }

  return { list, find, fullestEdition, shown };
}
