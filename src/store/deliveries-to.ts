/** The ledger as one reader may see it: what became of every issue for them. */
import type { ReaderDelivery } from '../domain/ports/deliveries.js';
import type { Queries } from './database.js';
import { replyFrom } from './deliveries.js';

/** Asks by issue, for that is how the largest table is ordered. */
export async function readDeliveriesTo(db: Queries, subscriber: number): Promise<readonly ReaderDelivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('issues', 'issues.id', 'deliveries.issue')
    .select(['newsletter', 'number', 'deliveries.state', 'reason', 'settled_at'])
    .select(['reply_code', 'reply_enhanced', 'reply_text'])
    .where('deliveries.issue', 'in', db.selectFrom('issues').select('id'))
    .where('deliveries.subscriber', '=', subscriber)
    .orderBy('deliveries.issue')
    .execute();
  return rows.map((row) => {
    const reply = replyFrom(row);
    return {
      newsletter: row.newsletter,
      number: row.number,
      state: row.state,
      ...(row.reason !== null && { reason: row.reason }),
      ...(reply && { reply }),
      ...(row.settled_at !== null && { settledAt: new Date(row.settled_at) }),
    };
  });
}
