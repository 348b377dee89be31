/** Frozen editions: rendered once, read by every sender (rule: edition-key). */
import { type Edition, fillSegments, type MergeValues, type Piece, type Segments } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue, IssuePost } from '../domain/issue.js';
import type { EditionSummary, FrozenEdition } from '../domain/ports/ledger.js';
import type { Queries, Trx } from './database.js';
import { type PieceReader, pieceWriter } from './pieces.js';

const NO_VALUES: MergeValues = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };
const EDITIONS_AT_ONCE = 100;

export interface EditionWriter {
  /** Writes editions one after another. */
  write(editions: Iterable<Edition> | AsyncIterable<Edition>): Promise<void>;
  /** Of an edition that was written. */
  idOf(key: string): number;
}

/** Writes the editions of an issue, and what they share once. */
export function editionWriter(trx: Trx, issue: Issue): EditionWriter {
  const ids = new Map<string, number>();
  const pieces = pieceWriter(trx, issue.id);
  const places = new Map(issue.posts.map(({ uid }, place) => [uid, place]));

  async function insert(rows: readonly ReturnType<typeof rowFrom>[]): Promise<void> {
    if (rows.length === 0) return;
    const written = await trx.insertInto('editions').values(rows).returning(['id', 'key']).execute();
    for (const { id, key } of written) ids.set(key, id);
  }

  return {
    async write(editions) {
      let rows: ReturnType<typeof rowFrom>[] = [];
      for await (const edition of editions) {
        rows.push(rowFrom(issue.id, edition, places, await pieces.keep(edition.mail)));
        if (rows.length < EDITIONS_AT_ONCE) continue;
        await insert(rows);
        rows = [];
      }
      await insert(rows);
    },
    idOf(key) {
      const id = ids.get(key);
      if (id !== undefined) return id;
      throw new GazetteError('store.failed', `A route leads to the edition ${key}, which is not there.`);
    },
  };
}

function rowFrom(issue: number, edition: Edition, places: ReadonlyMap<string, number>, mail: string) {
  return {
    issue,
    key: edition.key,
    language: edition.language,
    direction: edition.direction,
    sections: JSON.stringify(edition.sections.flatMap(({ key, also = [] }) => [key, ...also])),
    posts: JSON.stringify(keptPosts(edition, places)),
    mail,
    post_count: edition.sections.reduce((sum, { posts }) => sum + posts.length, 0),
    html_bytes: bytesOf(edition.mail.html),
  };
}

const measured = new WeakMap<Piece, number>();

function bytesOf(segments: Segments): number {
  return segments.reduce((sum, segment) => {
    if (typeof segment !== 'object' || segment.kind !== 'piece')
      return sum + Buffer.byteLength(fillSegments([segment], NO_VALUES));
    const bytes = measured.get(segment) ?? bytesOf(segment.segments);
    measured.set(segment, bytes);
    return sum + bytes;
  }, 0);
}

/** For each section its key and the places of its posts among those of the issue; written out where the issue does not name one. */
type KeptPosts = readonly (readonly [string, ...number[]])[] | readonly IssuePost[];

function keptPosts({ sections }: Edition, places: ReadonlyMap<string, number>): KeptPosts {
  const byPlace = sections.map(
    ({ key, posts }) => [key, ...posts.flatMap(({ uid }) => places.get(uid) ?? [])] as [string, ...number[]],
  );
  if (byPlace.every(({ length }, index) => length - 1 === sections[index]?.posts.length)) return byPlace;
  return sections.flatMap(({ key, posts }) =>
    posts.map(({ uid, id, title, url }) => ({ uid, id, title, ...(url !== undefined && { url }), section: key })),
  );
}

/** The posts of an edition, from what it keeps and the posts of its issue. */
export function postsFrom(kept: string, issuePosts: readonly IssuePost[]): readonly IssuePost[] {
  const posts = JSON.parse(kept) as KeptPosts;
  if (!isByPlace(posts)) return posts;
  return posts.flatMap(([section, ...places]) =>
    places.flatMap((place) => {
      const post = issuePosts[place];
      if (!post || post.section === section) return post ?? [];
      return [{ ...post, section }];
    }),
  );
}

function isByPlace(posts: KeptPosts): posts is readonly (readonly [string, ...number[]])[] {
  return Array.isArray(posts[0]);
}

export async function readEditions(db: Queries, issue: number): Promise<readonly EditionSummary[]> {
  const rows = await db
    .selectFrom('editions')
    .select(['id', 'key', 'language', 'sections', 'posts', 'html_bytes'])
    .where('issue', '=', issue)
    .orderBy('id')
    .execute();
  const { posts: ofIssue } = await db
    .selectFrom('issues')
    .select('posts')
    .where('id', '=', issue)
    .executeTakeFirstOrThrow();
  const issuePosts = JSON.parse(ofIssue) as IssuePost[];
  const readers = await db
    .selectFrom('deliveries')
    .select((eb) => ['edition', eb.fn.countAll<number>().as('count')])
    .where('issue', '=', issue)
    .groupBy('edition')
    .execute();
  const counts = new Map(readers.map((row) => [row.edition, row.count]));
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    language: row.language,
    sections: JSON.parse(row.sections) as string[],
    posts: postsFrom(row.posts, issuePosts),
    htmlBytes: row.html_bytes,
    readers: counts.get(row.id) ?? 0,
  }));
}

export async function readEdition(db: Queries, pieces: PieceReader, id: number): Promise<FrozenEdition> {
  const row = await db
    .selectFrom('editions')
    .innerJoin('issues', 'issues.id', 'editions.issue')
    .select(['editions.key', 'editions.language', 'editions.sections', 'editions.mail'])
    .select(['issues.id as issue', 'issues.uid', 'issues.newsletter', 'issues.number', 'issues.title'])
    .select(['issues.sender_name', 'issues.sender_address', 'issues.reply_to'])
    .where('editions.id', '=', id)
    .executeTakeFirst();
  if (!row) throw new GazetteError('issue.missing', `The ledger holds no edition ${id}.`);
  return {
    id,
    key: row.key,
    language: row.language,
    sections: JSON.parse(row.sections) as string[],
    mail: await pieces.mailFrom(row.mail),
    issue: {
      id: row.issue,
      uid: row.uid,
      newsletter: row.newsletter,
      number: row.number,
      title: row.title,
      sender: { name: row.sender_name, address: row.sender_address },
      ...(row.reply_to !== null && { replyTo: row.reply_to }),
    },
  };
}
