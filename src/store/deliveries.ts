/** Deliveries read in bulk, and moved in bulk where no wire is involved (rule: states). */
import { type Selectable, sql } from 'kysely';
import {
  byState,
  type DeliveryCounts,
  type DeliveryState,
  MAY_HAVE_ARRIVED,
  OPEN_STATES,
  type SkipReason,
} from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import type { IssueState } from '../domain/issue.js';
import type { DeliveryRow } from '../domain/ports/deliveries.js';
import type { Reply } from '../domain/reply.js';
import type { Database, Queries, Trx } from './database.js';
import { PAGE_ROWS, pagesOf } from './pages.js';
import type { DeliveriesTable, IssuesTable } from './tables.js';

/** A state written into the statement itself: only then do the partial indexes serve it. */
export function literal(state: DeliveryState) {
  return sql<DeliveryState>`${sql.lit(state)}`;
}

/**
 * Of a planned row: its reader’s own server put it off (rule: whose-fault). What comes back for a broken connection or our own fault
 * is due at once and no deferral of the reader’s; a delivery planned again after an unknown outcome, or by a person, is due at once.
 */
const IS_DEFERRED = sql<boolean>`deferrals > 0 and due_at > 0`;

/** The columns of a row without an owner. */
export const UNHELD = { owner: null, lease_until: null } as const;

/**
 * The subscribers whose rows somebody holds. It is read from an index alone: asked for whole rows, SQLite takes the
 * index for no better than walking through the whole issue.
 */
export function held(db: Queries, issue: number, state: 'claimed' | 'attempted') {
  return db
    .selectFrom('deliveries')
    .select('subscriber')
    .where('issue', '=', issue)
    .where('state', '=', literal(state));
}

/** States of an issue whose deliveries go nowhere any more. */
export function isOver(state: IssueState): boolean {
  return state === 'cancelled';
}

export async function issueRow(db: Queries, issue: number): Promise<Selectable<IssuesTable>> {
  const row = await db.selectFrom('issues').selectAll().where('id', '=', issue).executeTakeFirst();
  if (!row) throw new GazetteError('issue.missing', `The ledger holds no issue with the id ${issue}.`);
  return row;
}

/** The same, and keeps it as it is until the transaction ends: what a delivery comes to depends on whether its issue was cancelled. */
export async function lockIssue({ locksRows }: Database, trx: Trx, issue: number): Promise<Selectable<IssuesTable>> {
  if (locksRows) await trx.selectFrom('issues').select('id').where('id', '=', issue).forUpdate().execute();
  return issueRow(trx, issue);
}

/**
 * Ends deliveries that will not be tried again: skipped with the reason, or unknown where the outcome of an earlier try is unknown,
 * for a reader who may have the mail was not skipped (rule: sum). Gives how many were skipped.
 */
export async function endDeliveries(
  trx: Trx,
  where: { readonly issue: number; readonly state: DeliveryState; readonly deferredOnly: boolean },
  reason: SkipReason,
  now: Date,
): Promise<number> {
  const rows = trx
    .updateTable('deliveries')
    .where('issue', '=', where.issue)
    .where('state', '=', literal(where.state))
    .$if(where.deferredOnly, (query) => query.where(IS_DEFERRED));
  const ended = { ...UNHELD, reason, settled_at: now.getTime() };
  await rows
    .where('doubts', '>', 0)
    .set({ ...ended, state: 'unknown' })
    .execute();
  const { numUpdatedRows } = await rows.set({ ...ended, state: 'skipped' }).executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Whether a message of the issue reached somebody, or may have. One that the server refused did not. */
export async function hasBegun(db: Queries, issue: number): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('subscriber')
    .where('issue', '=', issue)
    .where((where) => where.or([where('state', 'in', MAY_HAVE_ARRIVED), where('doubts', '>', 0)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** At a freeze, what the newsletter's earlier issues still had to try again comes too late (rule: overdue). */
export async function settleDeferred(trx: Trx, newsletter: string, except: number, now: Date): Promise<void> {
  const earlier = await trx
    .selectFrom('issues')
    .select('id')
    .where('newsletter', '=', newsletter)
    .where('id', '<>', except)
    // Of these nothing is planned any more; years of them would be walked through at every freeze.
    .where('state', 'not in', ['done', 'cancelled'])
    .execute();
  for (const { id } of earlier) {
    await endDeliveries(trx, { issue: id, state: 'planned', deferredOnly: true }, 'overdue', now);
    await closeIssue(trx, id);
  }
}

/** An issue that was being sent is done when none of its deliveries is open. */
async function closeIssue(trx: Trx, issue: number): Promise<void> {
  const open = (state: DeliveryState) =>
    trx.selectFrom('deliveries').select('subscriber').where('issue', '=', issue).where('state', '=', literal(state));
  await trx
    .updateTable('issues')
    .set({ state: 'done' })
    .where('id', '=', issue)
    .where('state', '=', 'sending')
    .where(({ not, exists, and }) => and(OPEN_STATES.map((state) => not(exists(open(state))))))
    .execute();
}

export async function countAcceptedSince(db: Queries, issue: number, since: Date): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('issue', '=', issue)
    .where('state', '=', literal('accepted'))
    .where('settled_at', '>', since.getTime())
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function countUnknown(db: Queries, issue: number): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('issue', '=', issue)
    .where('state', '=', literal('unknown'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function countDeliveries(db: Queries, issue: number): Promise<DeliveryCounts> {
  const tally = await db.selectFrom('tallies').select('counts').where('issue', '=', issue).executeTakeFirst();
  // A tally written before a state was added has no count for it.
  if (tally) return { ...byState(() => 0), ...(JSON.parse(tally.counts) as DeliveryCounts) };
  const isDeferred = sql<number>`case when state = 'planned' and ${IS_DEFERRED} then 1 else 0 end`;
  const groups = await db
    .selectFrom('deliveries')
    .select((eb) => ['state', 'reason', isDeferred.as('deferred'), eb.fn.countAll<number>().as('count')])
    .where('issue', '=', issue)
    .groupBy(['state', 'reason', isDeferred])
    .orderBy('reason')
    .execute();
  const all = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('issue', '=', issue)
    .executeTakeFirstOrThrow();
  const states = byState(() => 0);
  const skippedBy: { [reason in SkipReason]?: number } = {};
  let deferred = 0;
  for (const group of groups) {
    states[group.state] += group.count;
    if (group.deferred === 1) deferred += group.count;
    if (group.state === 'skipped' && group.reason !== null) skippedBy[group.reason] = group.count;
  }
  return { ...states, deferred, skippedBy, all: all.count };
}

/** When the earliest delivery that was tried before is due; `undefined` when there is none. */
export async function readNextDue(db: Queries, issue: number): Promise<Date | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select('due_at')
    .where('issue', '=', issue)
    .where('state', '=', literal('planned'))
    .where('due_at', '>', 0)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return row && new Date(row.due_at);
}

/** Owners of claimed and attempted rows; with a moment, only those whose every lease ended by then (rule: owner). */
export async function readOwners(db: Queries, issue: number, leasesEndedBy?: Date): Promise<readonly string[]> {
  const ofState = (state: 'claimed' | 'attempted') =>
    held(db, issue, state)
      .clearSelect()
      .select((eb) => ['owner', eb.fn.max('lease_until').as('lease_until')])
      .groupBy('owner');
  const rows = await ofState('claimed').unionAll(ofState('attempted')).execute();
  const leases = new Map<string, number>();
  for (const { owner, lease_until } of rows) {
    if (owner !== null) leases.set(owner, Math.max(lease_until ?? 0, leases.get(owner) ?? 0));
  }
  const latest = leasesEndedBy?.getTime() ?? Number.POSITIVE_INFINITY;
  return [...leases].flatMap(([owner, until]) => (until <= latest ? [owner] : [])).sort();
}

export async function* listDeliveries(
  db: Queries,
  issue: number,
  only?: readonly (DeliveryState | 'deferred')[],
): AsyncIterable<DeliveryRow> {
  const rows = db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber')
    .leftJoin('editions', 'editions.id', 'deliveries.edition')
    .selectAll('deliveries')
    .select(['subscribers.address', 'editions.key as edition_key'])
    .where('deliveries.issue', '=', issue)
    .$if(only !== undefined, (query) =>
      query.where((eb) =>
        eb.or(
          (only ?? []).map((state) =>
            state === 'deferred'
              ? eb.and([eb('deliveries.state', '=', 'planned'), IS_DEFERRED])
              : eb('deliveries.state', '=', state),
          ),
        ),
      ),
    )
    .orderBy('deliveries.subscriber')
    .limit(PAGE_ROWS);
  const page = (after: Awaited<ReturnType<typeof rows.execute>>[number] | undefined) =>
    rows
      .where('deliveries.subscriber', '>', after?.subscriber ?? -1)
      // Postgres may begin with either table, and reads the other from its start unless it is told where to begin.
      .where('subscribers.id', '>', after?.subscriber ?? -1)
      .execute();
  for await (const row of pagesOf(page)) {
    const reply = replyFrom(row);
    yield {
      subscriber: row.subscriber,
      address: row.address,
      ...(row.edition_key !== null && { edition: row.edition_key }),
      state: row.state,
      ...(row.reason !== null && { reason: row.reason }),
      attempts: row.attempts,
      unknownOutcomes: row.doubts,
      ...(reply && { reply }),
      ...(row.settled_at !== null && { settledAt: new Date(row.settled_at) }),
    };
  }
}

export function replyFrom(
  row: Pick<DeliveriesTable, 'reply_code' | 'reply_enhanced' | 'reply_text'>,
): Reply | undefined {
  if (row.reply_text === null) return undefined;
  return {
    ...(row.reply_code !== null && { code: row.reply_code }),
    ...(row.reply_enhanced !== null && { enhanced: row.reply_enhanced }),
    text: row.reply_text,
  };
}
