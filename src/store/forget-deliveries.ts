/**
 * Retention: of issues that are over, what became of each reader gives way to how many they were. The sums are written before
 * the first row goes, so that they hold wherever this is interrupted.
 */
import type { IssueState } from '../domain/issue.js';
import { type Database, transact } from './database.js';
import { countDeliveries } from './deliveries.js';

/** Few enough that senders do not wait for long. */
const ROWS_AT_ONCE = 5_000;
const OVER: readonly IssueState[] = ['done', 'cancelled'];

/** Gives how many rows of how many issues went. */
export async function forgetDeliveries(
  database: Database,
  frozenBefore: Date,
): Promise<{ readonly issues: number; readonly deliveries: number }> {
  const old = await database.db
    .selectFrom('issues')
    .select('id')
    .where('frozen_at', '<', frozenBefore.getTime())
    .where('state', 'in', OVER)
    .orderBy('id')
    .execute();
  const forgotten = { issues: 0, deliveries: 0 };
  for (const { id } of old) {
    const deliveries = await forgetIssue(database, id);
    if (deliveries > 0) forgotten.issues += 1;
    forgotten.deliveries += deliveries;
  }
  return forgotten;
}

async function forgetIssue(database: Database, issue: number): Promise<number> {
  let deliveries = 0;
  for (;;) {
    const gone = await transact(database, async (trx) => {
      const rows = await trx
        .selectFrom('deliveries')
        .select('subscriber')
        .where('issue', '=', issue)
        .orderBy('subscriber')
        .limit(ROWS_AT_ONCE)
        .execute();
      const last = rows.at(-1)?.subscriber;
      if (last === undefined) return 0;
      const counts = JSON.stringify(await countDeliveries(trx, issue));
      await trx
        .insertInto('tallies')
        .values({ issue, counts })
        .onConflict((conflict) => conflict.column('issue').doNothing())
        .execute();
      await trx.deleteFrom('attempts').where('issue', '=', issue).where('subscriber', '<=', last).execute();
      await trx.deleteFrom('deliveries').where('issue', '=', issue).where('subscriber', '<=', last).execute();
      return rows.length;
    });
    deliveries += gone;
    if (gone < ROWS_AT_ONCE) return deliveries;
  }
}
