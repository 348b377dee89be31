/** Issues as rows and as nouns, and what a newsletter remembers of them (rule: one-record). */
import { type Selectable, sql } from 'kysely';
import type { Issue, IssuePost, IssueState, NewIssue, SkippedOccurrence, UsedArrangement } from '../domain/issue.js';
import type { NewsletterHistory, NewsletterMemory } from '../domain/ports/ledger.js';
import type { Database, Queries, Trx } from './database.js';
import { readPostOutcomes } from './post-outcomes.js';
import type { IssuesTable } from './tables.js';

export async function readMemory(db: Queries, newsletter: string): Promise<NewsletterMemory> {
  // The head is read first: a record written after this line makes the freeze stale, never wrong.
  const history = await readHistory(db, newsletter);
  return { ...history, outcomes: await readPostOutcomes(db, newsletter) };
}

export async function readHistory(db: Queries, newsletter: string): Promise<NewsletterHistory> {
  const head = await readHead(db, newsletter);
  const issues = db.selectFrom('issues').where('newsletter', '=', newsletter);
  const first = await issues.select('since').orderBy('number').limit(1).executeTakeFirst();
  const previous = await issues
    .select(['until', 'occurrence'])
    .where('released', '=', 0)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const made = await issues.select((eb) => eb.fn.max<number | null>('number').as('number')).executeTakeFirst();
  const scheduled = await issues
    .select((eb) => eb.fn.max<number | null>('occurrence').as('last'))
    .where('manual', '=', 0)
    .executeTakeFirst();
  const skipped = await db
    .selectFrom('skips')
    .select((eb) => [
      eb.fn.min<number | null>('occurrence').as('first'),
      eb.fn.max<number | null>('occurrence').as('last'),
    ])
    .where('newsletter', '=', newsletter)
    .executeTakeFirst();
  return {
    head,
    lastNumber: made?.number ?? 0,
    ...(previous && {
      previousCutoff: new Date(previous.until),
      previousOccurrence: new Date(previous.occurrence),
    }),
    ...(first && { baseline: new Date(first.since) }),
    ...latest('firstSkipped', [skipped?.first]),
    ...latest('lastScheduled', [scheduled?.last, skipped?.last]),
  };
}

/** The latest of these moments under a name; nothing where there is none. */
function latest<Name extends string>(
  name: Name,
  moments: readonly (number | null | undefined)[],
): { readonly [name in Name]?: Date } {
  const known = moments.filter((moment) => moment !== null && moment !== undefined);
  return known.length === 0 ? {} : ({ [name]: new Date(Math.max(...known)) } as { readonly [name in Name]?: Date });
}

/** The row for all newsletters: it counts the collections that brought something. */
const EVERY_NEWSLETTER = '*';

/** How many collections have brought something. */
export async function readVersion(db: Queries): Promise<number> {
  const row = await db.selectFrom('newsletters').select('head').where('id', '=', EVERY_NEWSLETTER).executeTakeFirst();
  return row?.head ?? 0;
}

export async function readHead(db: Queries, newsletter: string): Promise<string> {
  const rows = await db
    .selectFrom('newsletters')
    .selectAll()
    .where('id', 'in', [EVERY_NEWSLETTER, newsletter])
    .execute();
  return headFrom(rows, newsletter);
}

function headFrom(rows: readonly { readonly id: string; readonly head: number }[], newsletter: string): string {
  const headOf = (id: string) => rows.find((row) => row.id === id)?.head ?? 0;
  return `${headOf(EVERY_NEWSLETTER)}.${headOf(newsletter)}`;
}

/** Makes every other writer of this newsletter's memory wait until the transaction ends; gives the head. */
export async function lockHead(database: Database, trx: Trx, newsletter: string): Promise<string> {
  // Always in this order: no deadlocks.
  const rows = [];
  for (const id of [EVERY_NEWSLETTER, newsletter]) rows.push(await lockRow(database, trx, id));
  return headFrom(rows, newsletter);
}

async function lockRow({ locksRows }: Database, trx: Trx, id: string) {
  await trx
    .insertInto('newsletters')
    .values({ id, head: 0 })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return trx
    .selectFrom('newsletters')
    .selectAll()
    .where('id', '=', id)
    .$if(locksRows, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

/** Changes the head: decisions on the earlier one become stale. */
export async function advanceHead(trx: Trx, newsletter: string): Promise<void> {
  await trx.updateTable('newsletters').set({ head: sql`head + 1` }).where('id', '=', newsletter).execute();
}

/**
 * Says that a collection brings something: every selection made before it is stale. Gives the version before it and
 * the latest cut-off any newsletter has used. No freeze can come between this and the end of the transaction, so what becomes news after that
 * moment is before no cut-off that has passed it by, whatever the clock says.
 */
export async function advanceEveryHead(
  database: Database,
  trx: Trx,
): Promise<{ readonly version: number; readonly cutoff: number }> {
  const { head: version } = await lockRow(database, trx, EVERY_NEWSLETTER);
  await advanceHead(trx, EVERY_NEWSLETTER);
  const row = await trx
    .selectFrom('issues')
    .select((eb) => eb.fn.max<number | null>('until').as('cutoff'))
    .executeTakeFirst();
  return { version, cutoff: row?.cutoff ?? Number.NEGATIVE_INFINITY };
}

export async function readIssuesIn(db: Queries, states: readonly IssueState[]): Promise<readonly Issue[]> {
  const rows = await db.selectFrom('issues').selectAll().where('state', 'in', states).orderBy('id').execute();
  return rows.map(issueFrom);
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

export async function readIssueArrangedBy(
  db: Queries,
  newsletter: string,
  { stem, version }: UsedArrangement,
): Promise<Issue | undefined> {
  const row = await db
    .selectFrom('issues')
    .selectAll()
    .where('newsletter', '=', newsletter)
    .where('arrangement', '=', stem)
    .where('arrangement_version', '=', version)
    .where('released', '=', 0)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && issueFrom(row);
}

export async function insertIssue(trx: Trx, issue: NewIssue): Promise<Issue> {
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

export function issueFrom(row: Selectable<IssuesTable>): Issue {
  return {
    id: row.id,
    uid: row.uid,
    newsletter: row.newsletter,
    number: row.number,
    occurrence: new Date(row.occurrence),
    manual: row.manual === 1,
    window: { since: new Date(row.since), until: new Date(row.until) },
    state: row.state,
    released: row.released === 1,
    frozenAt: new Date(row.frozen_at),
    title: row.title,
    sender: { name: row.sender_name, address: row.sender_address },
    ...(row.reply_to !== null && { replyTo: row.reply_to }),
    onUnknownOutcome: row.in_doubt,
    posts: JSON.parse(row.posts) as IssuePost[],
    carriedOver: row.held_over,
    ...(row.arrangement !== null && {
      arrangement: { stem: row.arrangement, version: row.arrangement_version ?? '' },
    }),
  };
}

function issueRowFrom(issue: NewIssue): Omit<Selectable<IssuesTable>, 'id'> {
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
    in_doubt: issue.onUnknownOutcome,
    posts: JSON.stringify(issue.posts),
    held_over: issue.carriedOver,
    released: 0,
    arrangement: issue.arrangement?.stem ?? null,
    arrangement_version: issue.arrangement?.version ?? null,
  };
}
