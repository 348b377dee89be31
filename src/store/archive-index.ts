/** Keeps the places of posts in the archive: every changed post is noted as stale, and placed again a few hundred at a time. */
import type { Placing } from '../domain/ports/archive.js';
import type { KnownPost } from '../domain/post.js';
import { type Database, type Trx, transact } from './database.js';
import { runsOf } from './pages.js';
import { knownPostFrom } from './post-rows.js';

/** Few enough that other requests and senders do not wait for long. */
const POSTS_AT_ONCE = 200;

/** Notes that these posts have changed. */
export async function noteStale(trx: Trx, uids: readonly string[]): Promise<void> {
  for (const run of runsOf(uids, POSTS_AT_ONCE)) {
    await trx
      .insertInto('archive_stale')
      .values(run.map((uid) => ({ uid })))
      // Locks the row: an update that runs meanwhile leaves it for later instead of removing it.
      .onConflict((conflict) => conflict.column('uid').doUpdateSet((eb) => ({ uid: eb.ref('excluded.uid') })))
      .execute();
  }
}

/** Places some of the stale posts again. False when there was none left. */
export function updateArchive(database: Database, placing: Placing): Promise<boolean> {
  return transact(database, async (trx) => {
    await followSettings(trx, placing.settings);
    const stale = await trx
      .selectFrom('archive_stale')
      .select('uid')
      .limit(POSTS_AT_ONCE)
      .$if(database.locksRows, (query) => query.forUpdate().skipLocked())
      .execute();
    if (stale.length === 0) return false;
    await placeAgain(
      trx,
      stale.map(({ uid }) => uid),
      placing,
    );
    return true;
  });
}

/** Every post is placed again when the settings of a newsletter have changed. */
async function followSettings(trx: Trx, settings: Placing['settings']): Promise<void> {
  const known = await trx.selectFrom('archive_settings').selectAll().execute();
  const before = new Map(known.map((row) => [row.newsletter, row.settings]));
  const gone = [...before.keys()].filter((newsletter) => !settings.has(newsletter));
  const changed = [...settings].filter(([newsletter, text]) => before.get(newsletter) !== text);
  if (gone.length > 0) {
    await trx.deleteFrom('archive_settings').where('newsletter', 'in', gone).execute();
    await trx.deleteFrom('archive_posts').where('newsletter', 'in', gone).execute();
  }
  if (changed.length === 0) return;
  for (const [newsletter, text] of changed) {
    await trx
      .insertInto('archive_settings')
      .values({ newsletter, settings: text })
      .onConflict((conflict) => conflict.column('newsletter').doUpdateSet({ settings: text }))
      .execute();
  }
  await trx
    .insertInto('archive_stale')
    .columns(['uid'])
    .expression((eb) => eb.selectFrom('posts').select('uid').where(eb.lit(true)))
    .onConflict((conflict) => conflict.column('uid').doNothing())
    .execute();
}

async function placeAgain(trx: Trx, stale: readonly string[], { place }: Placing): Promise<void> {
  const posts = await withSameUrl(trx, stale);
  const uids = [...new Set([...stale, ...posts.map(({ uid }) => uid)])];
  for (const run of runsOf(uids, POSTS_AT_ONCE)) {
    await trx.deleteFrom('archive_posts').where('uid', 'in', run).execute();
    await trx.deleteFrom('archive_gone').where('uid', 'in', run).execute();
    await trx.deleteFrom('archive_stale').where('uid', 'in', run).execute();
  }
  const byUid = new Map(posts.map((known) => [known.uid, known.post]));
  const places = place(posts).flatMap(({ newsletter, section, uid }) => {
    const post = byUid.get(uid);
    if (!post) return [];
    const expires_at = post.expiresAt?.getTime() ?? null;
    return [{ newsletter, section, published_at: post.publishedAt.getTime(), uid, expires_at }];
  });
  for (const run of runsOf(places, POSTS_AT_ONCE)) await trx.insertInto('archive_posts').values(run).execute();
  const gone = posts.flatMap(goneRowOf);
  for (const run of runsOf(gone, POSTS_AT_ONCE)) await trx.insertInto('archive_gone').values(run).execute();
}

/** These posts and all that share a URL with one of them: only one of those is shown. */
async function withSameUrl(trx: Trx, uids: readonly string[]): Promise<readonly KnownPost[]> {
  const found = new Map<string, KnownPost>();
  const add = async (wanted: readonly string[]) => {
    for (const run of runsOf(
      wanted.filter((uid) => !found.has(uid)),
      POSTS_AT_ONCE,
    )) {
      const rows = await trx.selectFrom('posts').selectAll().where('uid', 'in', run).execute();
      for (const row of rows) found.set(row.uid, knownPostFrom(row));
    }
  };
  await add(uids);
  const urls = [...new Set([...found.values()].flatMap(({ post }) => post.keys.url ?? []))];
  const sources = (await trx.selectFrom('sources').select('name').execute()).map(({ name }) => name);
  for (const run of sources.length === 0 ? [] : runsOf(urls, POSTS_AT_ONCE)) {
    const rows = await trx
      .selectFrom('post_keys')
      .select('uid')
      .where('source', 'in', sources)
      .where('kind', '=', 'url')
      .where('value', 'in', run)
      .execute();
    await add(rows.map(({ uid }) => uid));
  }
  return [...found.values()];
}

/** From when on no page may show a post; nothing for one that stays. */
function goneRowOf({ uid, withdrawnAt, post }: KnownPost): { readonly uid: string; readonly gone_at: number }[] {
  if (withdrawnAt || post.draft) return [{ uid, gone_at: 0 }];
  return post.expiresAt ? [{ uid, gone_at: post.expiresAt.getTime() }] : [];
}
