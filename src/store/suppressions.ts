/** Addresses no mail may go to, and why. */
import type { SuppressionReason } from '../domain/subscriber.js';
import type { Queries } from './database.js';

/** Suppresses an address; the first reason is kept. */
export async function suppressAddress(
  db: Queries,
  addressKey: string,
  reason: SuppressionReason,
  now: Date,
): Promise<void> {
  await db
    .insertInto('suppressions')
    .values({ address_key: addressKey, reason, suppressed_at: now.getTime() })
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .execute();
}

/** False when it was not suppressed. */
export async function unsuppressAddress(db: Queries, addressKey: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('suppressions')
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
