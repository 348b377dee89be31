/** Addresses no mail may go to, and why. */
import type { SuppressionReason } from '../domain/subscriber.js';
import type { Queries } from './database.js';

/** Suppresses an address; the first reason is kept. */
export function suppressAddress(db: Queries, addressKey: string, reason: SuppressionReason, at: Date): Promise<void> {
  return suppressAddresses(db, [{ addressKey, at }], reason);
}

/** Suppresses addresses for one reason; of each address the first reason is kept. */
export async function suppressAddresses(
  db: Queries,
  addresses: readonly { readonly addressKey: string; readonly at: Date }[],
  reason: SuppressionReason,
): Promise<void> {
  if (addresses.length === 0) return;
  await db
    .insertInto('suppressions')
    .values(addresses.map(({ addressKey, at }) => ({ address_key: addressKey, reason, suppressed_at: at.getTime() })))
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
