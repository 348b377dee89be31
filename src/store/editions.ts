/** Frozen editions: rendered once, read by every sender (rule: edition-key). */
import { type Edition, fillSegments, type MergeValues, type RenderedMail } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { IssuePost } from '../domain/issue.js';
import type { EditionSummary, FrozenEdition } from '../domain/ports/ledger.js';
import type { Queries, Trx } from './database.js';

const NO_VALUES: MergeValues = { name: '', address: '', unsubscribeUrl: '', preferencesUrl: '', webUrl: '' };

/** Writes an edition and gives its id. */
export async function insertEdition(trx: Trx, issue: number, edition: Edition): Promise<number> {
  const row = await trx
    .insertInto('editions')
    .values({
      issue,
      key: edition.key,
      language: edition.language,
      direction: edition.direction,
      sections: JSON.stringify(edition.sections.flatMap(({ key, also = [] }) => [key, ...also])),
      posts: JSON.stringify(postsOf(edition)),
      mail: JSON.stringify(edition.mail),
      post_count: postsOf(edition).length,
      html_bytes: new TextEncoder().encode(fillSegments(edition.mail.html, NO_VALUES)).length,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

function postsOf(edition: Edition): readonly IssuePost[] {
  return edition.sections.flatMap((section) =>
    section.posts.map((post) => ({
      uid: post.uid,
      id: post.id,
      title: post.title,
      ...(post.url !== undefined && { url: post.url }),
      section: section.key,
    })),
  );
}

export async function readEditions(db: Queries, issue: number): Promise<readonly EditionSummary[]> {
  const rows = await db
    .selectFrom('editions')
    .select(['id', 'key', 'language', 'sections', 'posts', 'html_bytes'])
    .where('issue', '=', issue)
    .orderBy('id')
    .execute();
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
    posts: JSON.parse(row.posts) as IssuePost[],
    htmlBytes: row.html_bytes,
    readers: counts.get(row.id) ?? 0,
  }));
}

export async function readEdition(db: Queries, id: number): Promise<FrozenEdition> {
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
    mail: JSON.parse(row.mail) as RenderedMail,
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
