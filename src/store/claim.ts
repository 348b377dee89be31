/** Leases: taking planned deliveries for one owner, and giving them back (rule: states). */
import { sql } from 'kysely';
import type { DeliveryRef } from '../domain/delivery.js';
import type { ClaimRequest } from '../domain/ports/deliveries.js';
import { type Database, type Queries, transact } from './database.js';
import { endDeliveries, held, isOver, literal, lockIssue, UNHELD } from './deliveries.js';
import { compileOnce } from './statement.js';

interface ClaimValues {
  readonly issue: number;
  readonly owner: string;
  readonly limit: number;
  readonly now: number;
  readonly leaseUntil: number;
}

/** Claims in the order of due dates, then subscribers: fresh rows before those that are tried again. */
export function claimer(database: Database): (request: ClaimRequest) => Promise<readonly DeliveryRef[]> {
  const giveBack = compileOnce<{ issue: number; now: number }, unknown>(database, (value) =>
    database.db
      .updateTable('deliveries')
      .set({ state: 'planned', ...UNHELD })
      .where('issue', '=', value('issue'))
      .where('subscriber', 'in', held(database.db, value('issue'), 'claimed').where('lease_until', '<=', value('now')))
      .where('state', '=', literal('claimed')),
  );
  const take = compileOnce<ClaimValues, { subscriber: number; due_at: number }>(database, (value) =>
    database.db
      .with(
        (cte) => cte('picked').materialized(),
        (db) =>
          db
            .selectFrom('deliveries')
            .select(['issue', 'subscriber'])
            .where('issue', '=', value('issue'))
            .where('state', '=', literal('planned'))
            .where('due_at', '<=', value('now'))
            .orderBy('due_at')
            .orderBy('subscriber')
            .limit(value('limit'))
            .$if(database.locksRows, (query) => query.forUpdate().skipLocked()),
      )
      .updateTable('deliveries')
      .from('picked')
      .set({ state: 'claimed', owner: value('owner'), lease_until: value('leaseUntil') })
      .whereRef('deliveries.issue', '=', 'picked.issue')
      .whereRef('deliveries.subscriber', '=', 'picked.subscriber')
      .returning(['deliveries.subscriber', 'deliveries.due_at']),
  );
  return ({ issue, owner, limit, leaseMs, now }) =>
    transact(database, async (trx) => {
      await giveBack(trx, { issue, now: now.getTime() });
      const leaseUntil = now.getTime() + leaseMs;
      const { rows } = await take(trx, { issue, owner, limit, now: now.getTime(), leaseUntil });
      // RETURNING gives rows in the order of its own (rule: fairness).
      const ordered = [...rows].sort((one, other) => one.due_at - other.due_at || one.subscriber - other.subscriber);
      return ordered.map(({ subscriber }) => ({ issue, subscriber }));
    });
}

/** Gives back what an owner claimed and did not begin; gives how many. */
export async function releaseClaims(db: Queries, issue: number, owner: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ state: sql`'planned'`, ...UNHELD })
    .where('issue', '=', issue)
    .where('subscriber', 'in', held(db, issue, 'claimed').where('owner', '=', owner))
    .where('state', '=', literal('claimed'))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Plans deliveries again that an owner had begun and did not send; once the issue is cancelled, they end with it. */
export function giveBackUnsent(
  database: Database,
  issue: number,
  owner: string,
  subscribers: readonly number[],
  now: Date,
): Promise<void> {
  return transact(database, async (trx) => {
    const { state } = await lockIssue(database, trx, issue);
    await trx
      .updateTable('deliveries')
      .set({ state: sql`'planned'`, ...UNHELD, begun_at: null, attempts: sql<number>`attempts - 1` })
      .where('issue', '=', issue)
      .where('subscriber', 'in', subscribers)
      .where('state', '=', literal('attempted'))
      .where('owner', '=', owner)
      .execute();
    if (isOver(state)) await endDeliveries(trx, { issue, state: 'planned', deferredOnly: false }, 'cancelled', now);
  });
}
