/** Readers whom no mail reaches: listed, and ended with everything that proves it kept. */
import { sql } from 'kysely';
import type { TidyableReader } from '../domain/ports/feedback-store.js';
import { changeSubscription } from './change-readers.js';
import type { Queries, Trx } from './database.js';
import { dropWaiting } from './frequency-changes.js';
import { PAGE_ROWS, pagesOf } from './pages.js';

const CAME_BACK = ['hard-bounce', 'soft-bounces', 'complaint'] as const;

export async function* listTidyable(db: Queries, pendingBefore: Date): AsyncIterable<TidyableReader> {
  const rows = db
    .selectFrom('subscriptions')
    .innerJoin('subscribers', 'subscribers.id', 'subscriptions.subscriber')
    .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
    .select(['newsletter', 'subscriber', 'address', 'reason', 'suppressed_at', 'consent_at', 'state'])
    .where('subscribers.erased', '=', 0)
    .where('state', '<>', 'unsubscribed')
    .where((eb) =>
      eb.or([
        eb('reason', 'in', CAME_BACK),
        eb.and([eb('state', '=', 'pending'), eb('consent_at', '<', pendingBefore.getTime())]),
      ]),
    )
    .orderBy('subscriber')
    .orderBy('newsletter')
    .limit(PAGE_ROWS);
  const page = (after: Awaited<ReturnType<typeof rows.execute>>[number] | undefined) =>
    after === undefined
      ? rows.execute()
      : rows
          .where(
            sql<boolean>`(subscriber > ${after.subscriber} or (subscriber = ${after.subscriber} and newsletter > ${after.newsletter}))`,
          )
          .execute();
  for await (const { newsletter, subscriber, address, reason, suppressed_at, consent_at } of pagesOf(page)) {
    const why = CAME_BACK.find((each) => each === reason) ?? 'unconfirmed';
    const since = new Date(why === 'unconfirmed' ? consent_at : (suppressed_at ?? consent_at));
    yield { newsletter, subscriber, address, why, since };
  }
}

export async function tidyReaders(trx: Trx, readers: readonly TidyableReader[]): Promise<number> {
  let ended = 0;
  for (const { newsletter, subscriber } of readers) {
    if (await changeSubscription(trx, newsletter, subscriber, { state: 'unsubscribed' })) ended += 1;
    await dropWaiting(trx, newsletter, [subscriber]).execute();
  }
  return ended;
}
