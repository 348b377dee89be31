/** Issues as rows and as nouns, and what a newsletter remembers of them (laws §3). */
import { type Selectable, sql } from 'kysely';
import type { Issue, IssuePost, IssueState, SkippedOccurrence } from '../domain/issue.js';
import type { NewsletterMemory } from '../domain/ports.js';
import type { Database, Queries, Trx } from './database.js';
import { readFates } from './fates.js';
import type { IssuesTable } from './tables.js';

export async function readMemory(db: Queries, newsletter: string): Promise<NewsletterMemory> {
  // The head is read first: a record written after this line makes the freeze stale, never wrong.
  const head = await readHead(db, newsletter);
  const issues = await db
    .selectFrom('issues')
    .select(['number', 'occurrence', 'since', 'until', 'released'])
    .where('newsletter', '=', newsletter)
    .orderBy('number')
    .execute();
  const skipped = await db
    .selectFrom('skips')
    .select((eb) => eb.fn.max<number | null>('occurrence').as('latest'))
    .where('newsletter', '=', newsletter)
    .executeTakeFirst();
  const occurrences = [...issues.map((issue) => issue.occurrence), skipped?.latest ?? Number.NEGATIVE_INFINITY];
  const lastOccurrence = occurrences.reduce((last, one) => Math.max(last, one));
  const previous = issues.findLast((issue) => issue.released === 0);
  const first = issues[0];
  return {
    head: String(head),
    lastNumber: issues.at(-1)?.number ?? 0,
    ...(previous && { previousCutoff: new Date(previous.until) }),
    ...(first && { baseline: new Date(first.since) }),
    fates: await readFates(db, newsletter),
    ...(Number.isFinite(lastOccurrence) && { lastOccurrence: new Date(lastOccurrence) }),
  };
}

async function readHead(db: Queries, newsletter: string): Promise<number> {
  const row = await db.selectFrom('newsletters').select('head').where('id', '=', newsletter).executeTakeFirst();
  return row?.head ?? 0;
}

/** Makes every other writer of this newsletter's memory wait until the transaction ends; gives the head. */
export async function lockHead(database: Database, trx: Trx, newsletter: string): Promise<string> {
  await trx
    .insertInto('newsletters')
    .values({ id: newsletter, head: 0 })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const row = await trx
    .selectFrom('newsletters')
    .select('head')
    .where('id', '=', newsletter)
    .$if(database.locksRows, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
  return String(row.head);
}

/** Says that the memory has changed: whatever was decided on the earlier head is stale. */
export async function advanceHead(trx: Trx, newsletter: string): Promise<void> {
  await trx.updateTable('newsletters').set({ head: sql`head + 1` }).where('id', '=', newsletter).execute();
}

export async function readIssues(db: Queries, newsletter: string | undefined): Promise<readonly Issue[]> {
  const rows = await db
    .selectFrom('issues')
    .selectAll()
    .$if(newsletter !== undefined, (query) => query.where('newsletter', '=', newsletter ?? ''))
    .orderBy('newsletter')
    .orderBy('number')
    .execute();
  return rows.map(issueFrom);
}

export async function readIssue(db: Queries, newsletter: string, number: number): Promise<Issue | undefined> {
  const row = await db
    .selectFrom('issues')
    .selectAll()
    .where('newsletter', '=', newsletter)
    .where('number', '=', number)
    .executeTakeFirst();
  return row && issueFrom(row);
}

export async function readIssueAt(db: Queries, newsletter: string, occurrence: Date): Promise<Issue | undefined> {
  const row = await db
    .selectFrom('issues')
    .selectAll()
    .where('newsletter', '=', newsletter)
    .where('occurrence', '=', occurrence.getTime())
    .executeTakeFirst();
  return row && issueFrom(row);
}

export async function insertIssue(trx: Trx, issue: Omit<Issue, 'id' | 'state'>): Promise<Issue> {
  const row = await trx.insertInto('issues').values(issueRowFrom(issue)).returningAll().executeTakeFirstOrThrow();
  return issueFrom(row);
}

/** Compare and set: false when the issue was in none of the states named. */
export async function changeState(
  db: Queries,
  issue: number,
  from: readonly IssueState[],
  to: IssueState,
): Promise<boolean> {
  if (from.length === 0) return false;
  const changed = await db
    .updateTable('issues')
    .set({ state: to })
    .where('id', '=', issue)
    .where('state', 'in', from)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

export async function readSkips(db: Queries, newsletter: string): Promise<readonly SkippedOccurrence[]> {
  const rows = await db
    .selectFrom('skips')
    .selectAll()
    .where('newsletter', '=', newsletter)
    .orderBy('occurrence')
    .execute();
  return rows.map((row) => ({
    newsletter: row.newsletter,
    occurrence: new Date(row.occurrence),
    cutoff: new Date(row.cutoff),
    outcome: row.outcome,
    recordedAt: new Date(row.recorded_at),
  }));
}

function issueFrom(row: Selectable<IssuesTable>): Issue {
  return {
    id: row.id,
    uid: row.uid,
    newsletter: row.newsletter,
    number: row.number,
    occurrence: new Date(row.occurrence),
    manual: row.manual === 1,
    window: { since: new Date(row.since), until: new Date(row.until) },
    state: row.state,
    frozenAt: new Date(row.frozen_at),
    title: row.title,
    sender: { name: row.sender_name, address: row.sender_address },
    ...(row.reply_to !== null && { replyTo: row.reply_to }),
    inDoubt: row.in_doubt,
    posts: JSON.parse(row.posts) as IssuePost[],
    heldOver: row.held_over,
  };
}

function issueRowFrom(issue: Omit<Issue, 'id' | 'state'>): Omit<Selectable<IssuesTable>, 'id'> {
  return {
    uid: issue.uid,
    newsletter: issue.newsletter,
    number: issue.number,
    occurrence: issue.occurrence.getTime(),
    manual: issue.manual ? 1 : 0,
    since: issue.window.since.getTime(),
    until: issue.window.until.getTime(),
    state: 'frozen',
    frozen_at: issue.frozenAt.getTime(),
    title: issue.title,
    sender_name: issue.sender.name,
    sender_address: issue.sender.address,
    reply_to: issue.replyTo ?? null,
    in_doubt: issue.inDoubt,
    posts: JSON.stringify(issue.posts),
    held_over: issue.heldOver,
    released: 0,
  };
}
