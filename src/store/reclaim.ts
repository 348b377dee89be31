/** Deliveries whose owner died, unknown outcomes, and resending by a person (rules: states, owner). */
import { type Selectable, sql } from 'kysely';
import { settleUnknown } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import { releaseClaims } from './claim.js';
import { type Database, type Queries, type Trx, transact } from './database.js';
import { held, isOver, issueRow, literal, lockIssue, UNHELD } from './deliveries.js';
import { activeReaders, skipReasonAt } from './readers.js';
import type { IssuesTable } from './tables.js';

const DIED = 'The program stopped before the server’s answer was written down.';

/** Frees a dead owner's rows: what it only claimed is planned again; of what it had begun the outcome is unknown. */
export function reclaim(
  database: Database,
  issue: number,
  owner: string,
  now: Date,
): Promise<{ readonly freed: number; readonly unknown: number }> {
  return transact(database, async (trx) => {
    // One at a time: of two that reclaim from the same owner, the second finds nothing.
    const row = await lockIssue(database, trx, issue);
    const freed = await releaseClaims(trx, issue, owner);
    await recordUnknown(trx, issue, owner, now);
    let unknown = 0;
    for (const before of await unknownOutcomesOf(trx, issue, owner)) {
      unknown += await settleAttempted(trx, row, owner, before, now);
    }
    return { freed, unknown };
  });
}

async function recordUnknown(trx: Trx, issue: number, owner: string, now: Date): Promise<void> {
  await trx
    .insertInto('attempts')
    .columns(['issue', 'subscriber', 'attempt', 'begun_at', 'ended_at', 'outcome', 'text'])
    .expression(
      trx
        .selectFrom('deliveries')
        .select(['issue', 'subscriber', 'attempts'])
        .select([
          sql<number>`coalesce(begun_at, ${sql.lit(now.getTime())})`.as('begun_at'),
          sql.lit(now.getTime()).as('ended_at'),
          sql.lit('unknown' as const).as('outcome'),
          sql.lit(DIED).as('text'),
        ])
        .where('issue', '=', issue)
        .where('subscriber', 'in', held(trx, issue, 'attempted').where('owner', '=', owner)),
    )
    .execute();
}

/** How many unknown outcomes the owner's attempted rows had before: at most a few different numbers. */
async function unknownOutcomesOf(trx: Trx, issue: number, owner: string): Promise<readonly number[]> {
  const rows = await trx
    .selectFrom('deliveries')
    .select('doubts')
    .distinct()
    .where('issue', '=', issue)
    .where('subscriber', 'in', held(trx, issue, 'attempted').where('owner', '=', owner))
    .execute();
  return rows.map((row) => row.doubts);
}

async function settleAttempted(
  trx: Trx,
  issue: Selectable<IssuesTable>,
  owner: string,
  before: number,
  now: Date,
): Promise<number> {
  const state = isOver(issue.state) ? 'unknown' : settleUnknown(issue.in_doubt, before + 1);
  const { numUpdatedRows } = await trx
    .updateTable('deliveries')
    .set({ ...UNHELD, state, doubts: before + 1, due_at: 0, reply_text: DIED, reply_code: null, reply_enhanced: null })
    .set({ settled_at: state === 'unknown' ? now.getTime() : null })
    .where('issue', '=', issue.id)
    .where('subscriber', 'in', held(trx, issue.id, 'attempted').where('owner', '=', owner))
    .where('state', '=', literal('attempted'))
    .where('doubts', '=', before)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Plans unknown rows again where the policy is to resend; those whose reader had left stay as they are. */
export function retryUnknown(database: Database, issue: number): Promise<number> {
  return transact(database, async (trx) => {
    const row = await issueRow(trx, issue);
    if (isOver(row.state) || settleUnknown(row.in_doubt, 1) !== 'planned') return 0;
    const { numUpdatedRows } = await trx
      .updateTable('deliveries')
      .set({ state: 'planned', due_at: 0, settled_at: null })
      .where('issue', '=', issue)
      .where('state', '=', literal('unknown'))
      .where('doubts', '=', 1)
      .where('reason', 'is', null)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  });
}

/** Deliveries in a state whose readers may get a mail now: to plan the others again would only lose what became of them. */
function sendableAgain(db: Queries, { id, newsletter }: IssueRef, only: 'rejected' | 'unknown', now: Date) {
  return db
    .selectFrom('deliveries')
    .where('issue', '=', id)
    .where('state', '=', literal(only))
    .where('edition', 'is not', null)
    .where(
      'deliveries.subscriber',
      'in',
      activeReaders(db, newsletter).select('subscribers.id').where(skipReasonAt(now), 'is', null),
    );
}

interface IssueRef {
  readonly id: number;
  readonly newsletter: string;
}

/** How many deliveries `resend` would plan. */
export async function countResendable(
  db: Queries,
  issue: IssueRef,
  only: 'rejected' | 'unknown',
  now: Date,
): Promise<number> {
  const row = await sendableAgain(db, issue, only, now)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/**
 * Plans deliveries again, by a person, whose readers may get a mail. Gives how many. Throws `issue.state` for an issue that was
 * cancelled.
 */
export function resend(database: Database, issue: number, only: 'rejected' | 'unknown', now: Date): Promise<number> {
  return transact(database, async (trx) => {
    const row = await issueRow(trx, issue);
    if (isOver(row.state)) {
      throw new GazetteError(
        'issue.state',
        `Issue ${row.number} of ${row.newsletter} was cancelled: nothing of it is sent again.`,
      );
    }
    const { numUpdatedRows } = await trx
      .updateTable('deliveries')
      .set({ state: 'planned', reason: null, due_at: 0, settled_at: null })
      .where('issue', '=', issue)
      .where(
        'subscriber',
        'in',
        sendableAgain(trx, { id: issue, newsletter: row.newsletter }, only, now).select('subscriber'),
      )
      .executeTakeFirst();
    return Number(numUpdatedRows);
  });
}
