/** The public archive: every question is answered by key or by page. */
import { sql } from 'kysely';
import { MAY_HAVE_ARRIVED } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import { isSameLanguage } from '../domain/language.js';
import type { ArchiveStore, Part } from '../domain/ports/archive.js';
import type { KnownPost } from '../domain/post.js';
import { updateArchive } from './archive-index.js';
import type { Database, Queries } from './database.js';
import { readEdition } from './editions.js';
import { issueFrom, readHead, readIssue } from './issues.js';
import { runsOf } from './pages.js';
import { type PieceReader, pieceReader } from './pieces.js';
import { knownPostFrom } from './post-rows.js';

const KEYS_AT_ONCE = 500;
/** Deliveries are attempted in the order of their key, so the first of them tell whether any was. */
const FIRST_DELIVERIES = 500;
/** Editions with the same posts differ in their language. */
const MOST_ALIKE = 100;
/** Which of a newsletter's issues may still change their state. */
const LATEST_ISSUES = 8;

export function archiveStore(database: Database): ArchiveStore {
  const { db } = database;
  const pieces = pieceReader(db);
  return {
    issues: (newsletter, part) => readPublished(db, newsletter, part),
    async issue(newsletter, number) {
      const issue = await readIssue(db, newsletter, number);
      return issue && (await isPublished(db, issue)) ? issue : undefined;
    },
    fullestEdition: (issue, language) => readFullestEdition(db, pieces, issue, language),
    posts: (newsletter, section, now, part) => readSection(db, { newsletter, section, now, part }),
    readable: (uids, now) => readReadable(db, uids, now),
    gone: (uids, now) => readGone(db, uids, now),
    state: (newsletter) => readState(db, newsletter),
    update: (placing) => updateArchive(database, placing),
  };
}

async function readPublished(db: Queries, newsletter: string, { limit, skip }: Part): Promise<readonly Issue[]> {
  const unseen = await readUnseen(db, newsletter);
  const page = await db
    .selectFrom('issues')
    .select('id')
    .where('newsletter', '=', newsletter)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['done', 'sending', 'paused']),
        eb.and([eb('state', '=', 'cancelled'), eb('released', '=', 0)]),
      ]),
    )
    .$if(unseen.length > 0, (query) => query.where('id', 'not in', unseen))
    .orderBy('number', 'desc')
    .limit(limit)
    .offset(skip)
    .execute();
  if (page.length === 0) return [];
  const ids = page.map(({ id }) => id);
  const rows = await db.selectFrom('issues').selectAll().where('id', 'in', ids).execute();
  return rows.map(issueFrom).sort((one, other) => other.number - one.number);
}

/** Issues that are being sent, or are paused, of which no message has left. */
async function readUnseen(db: Queries, newsletter: string): Promise<readonly number[]> {
  const unfinished = await db
    .selectFrom('issues')
    .select('id')
    .where('newsletter', '=', newsletter)
    .where(sql<boolean>`state in ('sending', 'paused')`)
    .execute();
  const unseen: number[] = [];
  for (const { id } of unfinished) if (!(await hasFirstMessage(db, id))) unseen.push(id);
  return unseen;
}

/** Published with its first message; it stays published if the rest is cancelled. */
async function isPublished(db: Queries, { id, state, released }: Pick<Issue, 'id' | 'state' | 'released'>) {
  if (state === 'done') return true;
  if (state === 'cancelled') return !released;
  return (state === 'sending' || state === 'paused') && hasFirstMessage(db, id);
}

async function hasFirstMessage(db: Queries, issue: number): Promise<boolean> {
  const first = db
    .selectFrom('deliveries')
    .select(['state', 'doubts'])
    .where('issue', '=', issue)
    .orderBy('subscriber')
    .limit(FIRST_DELIVERIES)
    .as('first');
  const row = await db
    .selectFrom(first)
    .select('state')
    .where((eb) => eb.or([eb('state', 'in', MAY_HAVE_ARRIVED), eb('doubts', '>', 0)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function readFullestEdition(db: Queries, pieces: PieceReader, issue: number, language: string) {
  const ofIssue = db.selectFrom('editions').where('issue', '=', issue);
  const fullest = await ofIssue.select(['id', 'post_count']).orderBy('post_count', 'desc').limit(1).executeTakeFirst();
  if (!fullest) return undefined;
  const alike = await ofIssue
    .select(['id', 'language'])
    .where('post_count', '=', fullest.post_count)
    .orderBy('language')
    .orderBy('id')
    .limit(MOST_ALIKE)
    .execute();
  const own = alike.find((each) => isSameLanguage(each.language, language));
  return readEdition(db, pieces, (own ?? alike[0] ?? fullest).id);
}

interface SectionAsked {
  readonly newsletter: string;
  readonly section: string;
  readonly now: Date;
  readonly part: Part;
}

async function readSection(db: Queries, { newsletter, section, now, part }: SectionAsked) {
  const rows = await db
    .selectFrom('archive_posts')
    .select('uid')
    .where('newsletter', '=', newsletter)
    .where('section', '=', section)
    .where('published_at', '<=', now.getTime())
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now.getTime())]))
    .orderBy('published_at', 'desc')
    .orderBy('uid', 'desc')
    .limit(part.limit)
    .offset(part.skip)
    .execute();
  return readPosts(
    db,
    rows.map(({ uid }) => uid),
  );
}

/** In the order of the pages: newest first. */
async function readPosts(db: Queries, uids: readonly string[]): Promise<readonly KnownPost[]> {
  const posts: KnownPost[] = [];
  for (const run of runsOf(uids, KEYS_AT_ONCE)) {
    const rows = await db.selectFrom('posts').selectAll().where('uid', 'in', run).execute();
    posts.push(...rows.map(knownPostFrom));
  }
  const at = ({ post }: KnownPost) => post.publishedAt.getTime();
  return posts.sort((one, other) => at(other) - at(one) || (one.uid < other.uid ? 1 : -1));
}

async function readReadable(db: Queries, uids: readonly string[], now: Date): Promise<readonly KnownPost[]> {
  const gone = await readGone(db, uids, now);
  const left = await readPosts(
    db,
    uids.filter((uid) => !gone.has(uid)),
  );
  return left.filter(({ withdrawnAt, broken, post }) => !withdrawnAt && !broken && post.publishedAt <= now);
}

async function readGone(db: Queries, uids: readonly string[], now: Date): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  for (const run of runsOf([...new Set(uids)], KEYS_AT_ONCE)) {
    const rows = await db
      .selectFrom('archive_gone')
      .select('uid')
      .where('uid', 'in', run)
      .where('gone_at', '<=', now.getTime())
      .execute();
    for (const { uid } of rows) gone.add(uid);
  }
  return gone;
}

async function readState(db: Queries, newsletter: string) {
  const head = await readHead(db, newsletter);
  const latest = await db
    .selectFrom('issues')
    .select(['id', 'state', 'released'])
    .where('newsletter', '=', newsletter)
    .orderBy('number', 'desc')
    .limit(LATEST_ISSUES)
    .execute();
  const published: boolean[] = [];
  for (const { id, state, released } of latest)
    published.push(await isPublished(db, { id, state, released: released === 1 }));
  const stale = await sql`select 1 from archive_stale limit 1`.execute(db);
  return { version: JSON.stringify([head, published]), isStale: stale.rows.length > 0 };
}
