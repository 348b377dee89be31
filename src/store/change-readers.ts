/** What readers change about themselves. Every delivery that has not begun follows them (rule: as-they-are-now). */
import type { NewAddress } from '../domain/ports/audience.js';
import type { Trx } from './database.js';
import { suppressAddress } from './suppressions.js';
import type { SubscriptionsTable } from './tables.js';

/** Changes one subscription that has not ended; false when there is none. */
export async function changeSubscription(
  trx: Trx,
  newsletter: string,
  subscriber: number,
  to: Partial<Pick<SubscriptionsTable, 'state' | 'wishes' | 'paused_until'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('subscriptions')
    .set(to)
    .where('newsletter', '=', newsletter)
    .where('subscriber', '=', subscriber)
    .where('state', '<>', 'unsubscribed')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A suppression stays with the address it was made for. */
export async function changeAddress(
  trx: Trx,
  subscriber: number,
  { address, addressKey }: NewAddress,
): Promise<'changed' | 'taken' | 'missing'> {
  const owner = await trx
    .selectFrom('subscribers')
    .select('id')
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  if (owner && owner.id !== subscriber) return 'taken';
  const before = await trx
    .selectFrom('subscribers')
    .select('address_key')
    .where('id', '=', subscriber)
    .where('erased', '=', 0)
    .executeTakeFirst();
  if (!before) return 'missing';
  await trx.updateTable('subscribers').set({ address, address_key: addressKey }).where('id', '=', subscriber).execute();
  // The proof of consent goes with the person, so that it can be shown, and erased with them.
  await trx
    .updateTable('sign_ups')
    .set({ address_key: addressKey })
    .where('address_key', '=', before.address_key)
    .where('confirmed_at', 'is not', null)
    .execute();
  return 'changed';
}

export async function eraseSubscriber(trx: Trx, subscriber: number, erasedKey: string, now: Date): Promise<boolean> {
  const known = await trx
    .selectFrom('subscribers')
    .select('address_key')
    .where('id', '=', subscriber)
    .where('erased', '=', 0)
    .executeTakeFirst();
  if (!known) return false;
  await trx.deleteFrom('suppressions').where('address_key', '=', known.address_key).execute();
  await suppressAddress(trx, erasedKey, 'erased', now);
  await trx
    .updateTable('subscribers')
    .set({ address: '', address_key: `erased:${subscriber}`, name: '', language: null, erased: 1 })
    .where('id', '=', subscriber)
    .execute();
  await trx
    .updateTable('subscriptions')
    .set({ state: 'unsubscribed', wishes: '', paused_until: null, consent_source: '' })
    .where('subscriber', '=', subscriber)
    .execute();
  await trx.deleteFrom('switches').where('subscriber', '=', subscriber).execute();
  await blankReplies(trx, subscriber);
  return true;
}

/** Servers quote the address they refuse. */
async function blankReplies(trx: Trx, subscriber: number): Promise<void> {
  const issues = trx.selectFrom('issues').select('id');
  await trx
    .updateTable('deliveries')
    .set({ reply_text: '' })
    .where('issue', 'in', issues)
    .where('subscriber', '=', subscriber)
    .where('reply_text', 'is not', null)
    .execute();
  await trx
    .updateTable('attempts')
    .set({ text: '' })
    .where('issue', 'in', issues)
    .where('subscriber', '=', subscriber)
    .execute();
  await trx.updateTable('feedback').set({ text: '', domain: '' }).where('subscriber', '=', subscriber).execute();
}
