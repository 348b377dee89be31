/** Marks posts that another program has mailed before, so that no issue mails them again (rule: first-issue). */
import type { Newsletter } from '../domain/newsletter.js';
import type { MailedPost, ReadMailed } from '../domain/ports/content.js';
import type { KnownKey } from '../domain/ports/posts.js';
import type { Store } from '../domain/ports/storage.js';
import type { PostKeys } from '../domain/post.js';
import { type CollectDeps, collectPosts } from './collect.js';

export interface MarkMailedDeps extends CollectDeps {
  readonly store: Pick<Store, 'posts' | 'looks' | 'shared' | 'ledger'>;
  readonly readMailed: ReadMailed;
}

export interface MarkMailedRequest {
  readonly newsletter: Newsletter;
  /** An export, or a list of addresses. */
  readonly content: Uint8Array;
  /** Where its posts are published, when the file does not say so. */
  readonly site?: string;
  /** Count only. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

export interface MailedReport {
  /** Posts the file says were mailed. */
  readonly mailed: number;
  /** Of them, those that no issue will mail again from now on. */
  readonly marked: number;
  /** Of them, those that were marked or carried by an issue before. */
  readonly already: number;
  /** Of them, those that no source lists: their address or their place in the file. */
  readonly unknown: readonly string[];
}

/** Collects first, so that every post is known. Throws `import.unreadable`, and `source.failed` as collecting does. */
export async function markMailed(deps: MarkMailedDeps, request: MarkMailedRequest, now: Date): Promise<MailedReport> {
  const { newsletter, content, site, dryRun = false, signal } = request;
  const mailed = await deps.readMailed(content, site);
  await collectPosts(deps, newsletter, now, { isGlance: true, ...(signal && { signal }) });
  const sources = newsletter.sources.map(({ name }) => name);
  const { keys } = await deps.store.posts.knownAmong(sources, mailed.flatMap(keysOf));
  const owners = ownersOf(keys);
  const found = mailed.map((post) => new Set(keysOf(post).flatMap((key) => owners.get(key.url ?? key.id ?? '') ?? [])));
  const uids = [...new Set(found.flatMap((each) => [...each]))];
  const { marked, already } = await deps.store.ledger.markMailed(newsletter.id, uids, dryRun);
  const unknown = mailed.flatMap((post, index) => (found[index]?.size === 0 ? [post.url ?? post.where] : []));
  if (!dryRun) deps.log.info('history.imported', { newsletter: newsletter.id, marked, unknown: unknown.length });
  return { mailed: mailed.length, marked, already, unknown };
}

/** An address is also known with and without a slash at its end, by http and by https, and without what follows a question mark. */
function keysOf({ url, id }: MailedPost): readonly PostKeys[] {
  const keys: PostKeys[] = id === undefined || id === '' ? [] : [{ id }];
  if (url === undefined) return keys;
  const bare = url.replace(/[?#].*$/s, '');
  for (const each of new Set([url, bare])) {
    const other = each.endsWith('/') ? each.slice(0, -1) : `${each}/`;
    for (const spelling of [each, other])
      keys.push(
        { url: spelling },
        { url: spelling.replace(/^https?:/, (scheme) => (scheme === 'http:' ? 'https:' : 'http:')) },
      );
  }
  return keys;
}

function ownersOf(keys: readonly KnownKey[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const { value, uid } of keys) owners.set(value, [...(owners.get(value) ?? []), uid]);
  return owners;
}
