/** Addresses no mail may go to, and why. */
import { LIFTED_BY_CONFIRMING, type SuppressionReason } from '../domain/subscriber.js';
import type { Queries } from './database.js';

/** Suppresses an address; the first reason is kept. Gives 0 when it was suppressed already. */
export async function suppressAddress(
  db: Queries,
  addressKey: string,
  reason: SuppressionReason,
  at: Date,
): Promise<number> {
  return suppressAddresses(db, [{ addressKey, at }], reason);
}

/** What a reader says weighs more than what came back: it takes the place of a bounce, and is never lifted. */
export async function suppressForComplaint(db: Queries, addressKey: string, at: Date): Promise<number> {
  const suppressed = await suppressAddress(db, addressKey, 'complaint', at);
  await db
    .updateTable('suppressions')
    .set({ reason: 'complaint' })
    .where('address_key', '=', addressKey)
    .where('reason', 'in', LIFTED_BY_CONFIRMING)
    .execute();
  return suppressed;
}

/** The reader proves by confirming that their mailbox takes mail again. */
export async function liftBounces(db: Queries, addressKey: string): Promise<void> {
  await db
    .deleteFrom('suppressions')
    .where('address_key', '=', addressKey)
    .where('reason', 'in', LIFTED_BY_CONFIRMING)
    .execute();
}

/** Suppresses addresses for one reason; of each address the first reason is kept. */
export async function suppressAddresses(
  db: Queries,
  addresses: readonly { readonly addressKey: string; readonly at: Date }[],
  reason: SuppressionReason,
): Promise<number> {
  if (addresses.length === 0) return 0;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('suppressions')
    .values(addresses.map(({ addressKey, at }) => ({ address_key: addressKey, reason, suppressed_at: at.getTime() })))
    .onConflict((conflict) => conflict.column('address_key').doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

/** False when it was not suppressed. */
export async function unsuppressAddress(db: Queries, addressKey: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('suppressions')
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
