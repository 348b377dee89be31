/** The statements that write a staged list of readers. */
import { sql } from 'kysely';
import type { Trx } from './database.js';
import { CHANGES_READER, CHANGES_SUBSCRIPTION, RISES } from './import-conditions.js';

/** What was confirmed or ended by readers themselves stays as it is. */
export async function applyImport(trx: Trx, table: string, newsletter: string, now: Date): Promise<void> {
  const staged = sql`${sql.table(table)} as staged`;
  await sql`
    insert into suppressions (address_key, reason, suppressed_at)
    select address_key, suppressed, cast(${now.getTime()} as bigint) from ${staged} where suppressed is not null
    on conflict do nothing`.execute(trx);
  await sql`
    update subscribers set
      name = case when staged.name = '' then subscribers.name else staged.name end,
      language = coalesce(staged.language, subscribers.language)
    from ${staged}, subscriptions
    where subscribers.address_key = staged.address_key and ${CHANGES_READER}
      and subscriptions.newsletter = ${newsletter} and subscriptions.subscriber = subscribers.id
      and subscriptions.state <> 'unsubscribed'`.execute(trx);
  await sql`
    update subscriptions set
      wishes = staged.wishes,
      state = case when ${RISES} then staged.state else subscriptions.state end,
      consent_source = case when ${RISES} then staged.consent_source else subscriptions.consent_source end,
      consent_at = case when ${RISES} then staged.consent_at else subscriptions.consent_at end
    from ${staged}, subscribers
    where subscribers.address_key = staged.address_key
      and subscriptions.newsletter = ${newsletter} and subscriptions.subscriber = subscribers.id
      and subscriptions.state <> 'unsubscribed' and ${CHANGES_SUBSCRIPTION}`.execute(trx);
  await sql`
    insert into subscribers (address, address_key, name, language, erased)
    select staged.address, staged.address_key, staged.name, staged.language, 0 from ${staged}
    where not exists (select 1 from subscribers where subscribers.address_key = staged.address_key)
    order by staged.line
    on conflict (address_key) do nothing`.execute(trx);
  await sql`
    insert into subscriptions (newsletter, subscriber, state, wishes, paused_until, consent_source, consent_at)
    select ${newsletter}, subscribers.id, staged.state, staged.wishes, null, staged.consent_source, staged.consent_at
    from ${staged} join subscribers on subscribers.address_key = staged.address_key
    where not exists (
      select 1 from subscriptions
      where subscriptions.newsletter = ${newsletter} and subscriptions.subscriber = subscribers.id)
    order by subscribers.id
    on conflict do nothing`.execute(trx);
}
