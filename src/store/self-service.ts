/** What a person says of themselves, by their own number: who they are, and that they want to read again. */
import { type CategoryPreferences, preferencesKey } from '../domain/category.js';
import type { SuppressedAddress } from '../domain/ports/audience.js';
import type { Consent } from '../domain/subscriber.js';
import type { Queries, Trx } from './database.js';
import { PAGE_ROWS, pagesOf } from './pages.js';

export async function subscribePerson(
  trx: Trx,
  newsletter: string,
  subscriber: number,
  { preferences, consent }: { readonly preferences: CategoryPreferences; readonly consent: Consent },
): Promise<boolean> {
  const person = await trx
    .selectFrom('subscribers')
    .select('id')
    .where('id', '=', subscriber)
    .where('erased', '=', 0)
    .executeTakeFirst();
  if (!person) return false;
  const row = {
    state: 'active',
    wishes: preferencesKey(preferences),
    consent_source: consent.source,
    consent_at: consent.at.getTime(),
  } as const;
  await trx
    .insertInto('subscriptions')
    .values({ newsletter, subscriber, paused_until: null, ...row })
    .onConflict((conflict) => conflict.columns(['newsletter', 'subscriber']).doUpdateSet(row))
    .execute();
  return true;
}

export async function describePerson(
  trx: Trx,
  subscriber: number,
  { name, language }: { readonly name: string; readonly language: string | undefined },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('subscribers')
    .set({ name, language: language ?? null })
    .where('id', '=', subscriber)
    .where('erased', '=', 0)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function readSuppression(db: Queries, addressKey: string) {
  const row = await db
    .selectFrom('suppressions')
    .select('reason')
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  return row?.reason;
}

export async function* listSuppressions(db: Queries): AsyncIterable<SuppressedAddress> {
  const rows = db.selectFrom('suppressions').selectAll().orderBy('address_key').limit(PAGE_ROWS);
  const page = (after: Awaited<ReturnType<typeof rows.execute>>[number] | undefined) =>
    after === undefined ? rows.execute() : rows.where('address_key', '>', after.address_key).execute();
  for await (const row of pagesOf(page)) {
    yield { addressKey: row.address_key, reason: row.reason, at: new Date(row.suppressed_at) };
  }
}
