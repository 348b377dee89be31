/** Who may be written to: subscribers, their subscriptions, and the addresses no mail may go to. */
import { preferencesKey } from '../domain/category.js';
import type { AudienceStore, SubscriberRow } from '../domain/ports/audience.js';
import type { ReaderGroup } from '../domain/ports/ledger.js';
import type { ReaderNow } from '../domain/subscriber.js';
import { addSubscriptions } from './add-subscriptions.js';
import { changeAddress, changeSubscription, eraseSubscriber } from './change-readers.js';
import { type Database, type Queries, transact } from './database.js';
import { openEndSubscription } from './end-subscriptions.js';
import { cancelFrequencyChange, startFrequencyChange } from './frequency-changes.js';
import { importReaders } from './import-readers.js';
import { importSuppressions } from './import-suppressions.js';
import { PAGE_ROWS, pagesOf } from './pages.js';
import { openReadPerson } from './people.js';
import { alreadySentFrom, countGroups } from './reader-groups.js';
import { READER_COLUMNS, readerFrom, subscriberFrom, subscriptionFrom } from './readers.js';
import { describePerson, listSuppressions, readSuppression, subscribePerson } from './self-service.js';
import { suppressAddress, unsuppressAddress } from './suppressions.js';

export function audienceStore(database: Database): AudienceStore {
  const { db } = database;
  return {
    groups: (newsletter, now) => countGroups(db, newsletter, now),
    find: (addressKey) => findSubscriber(db, addressKey),
    alreadySent: (newsletter, subscriber) => readAlreadySent(db, newsletter, subscriber),
    reader: (newsletter, subscriber) => readReader(db, newsletter, subscriber),
    add: (newsletter, rows) => transact(database, (trx) => addSubscriptions(trx, newsletter, rows)),
    importList: (newsletter, readers, terms) => importReaders(database, newsletter, readers, terms),
    list: (newsletter) => listSubscriptions(db, newsletter),
    suppress: async (addressKey, reason, now) => {
      await transact(database, (trx) => suppressAddress(trx, addressKey, reason, now));
    },
    suppressList: (addresses, terms) => importSuppressions(database, addresses, terms),
    unsuppress: (addressKey) => transact(database, (trx) => unsuppressAddress(trx, addressKey)),
    unsubscribe: openEndSubscription(database),
    setPreferences: (newsletter, subscriber, preferences) =>
      transact(database, (trx) =>
        changeSubscription(trx, newsletter, subscriber, { wishes: preferencesKey(preferences) }),
      ),
    pause: (newsletter, subscriber, until) =>
      transact(database, (trx) =>
        changeSubscription(trx, newsletter, subscriber, { paused_until: until?.getTime() ?? null }),
      ),
    changeAddress: (subscriber, to) => transact(database, (trx) => changeAddress(trx, subscriber, to)),
    erase: (subscriber, erasedKey, now) =>
      transact(database, (trx) => eraseSubscriber(trx, subscriber, erasedKey, now)),
    person: openReadPerson(database),
    subscribe: (newsletter, subscriber, terms) =>
      transact(database, (trx) => subscribePerson(trx, newsletter, subscriber, terms)),
    changeFrequency: (subscriber, terms) => transact(database, (trx) => startFrequencyChange(trx, subscriber, terms)),
    cancelFrequencyChange: (newsletter, subscriber) =>
      transact(database, (trx) => cancelFrequencyChange(trx, newsletter, subscriber)),
    describe: (subscriber, as) => transact(database, (trx) => describePerson(trx, subscriber, as)),
    suppression: (addressKey) => readSuppression(db, addressKey),
    suppressions: () => listSuppressions(db),
  };
}

async function readAlreadySent(
  db: Queries,
  newsletter: string,
  subscriber: number,
): Promise<ReaderGroup['alreadySent']> {
  const row = await db
    .selectFrom('switches')
    .select(['left_out', 'left_posts'])
    .where('newsletter', '=', newsletter)
    .where('subscriber', '=', subscriber)
    .executeTakeFirst();
  return row && alreadySentFrom(row);
}

async function findSubscriber(db: Queries, addressKey: string) {
  const row = await db
    .selectFrom('subscribers')
    .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
    .select(['subscribers.id as subscriber', 'address', 'name', 'language', 'suppressions.reason as suppressed'])
    .where('subscribers.address_key', '=', addressKey)
    .executeTakeFirst();
  if (!row) return undefined;
  const subscriptions = await db
    .selectFrom('subscriptions')
    .selectAll()
    .where('subscriber', '=', row.subscriber)
    .orderBy('newsletter')
    .execute();
  return {
    subscriber: subscriberFrom(row),
    subscriptions: subscriptions.map(subscriptionFrom),
    ...(row.suppressed !== null && { suppressed: row.suppressed }),
  };
}

async function readReader(db: Queries, newsletter: string, subscriber: number): Promise<ReaderNow | undefined> {
  const row = await db
    .selectFrom('subscriptions')
    .innerJoin('subscribers', 'subscribers.id', 'subscriptions.subscriber')
    .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
    .select(READER_COLUMNS)
    .where('subscriptions.newsletter', '=', newsletter)
    .where('subscriptions.subscriber', '=', subscriber)
    .executeTakeFirst();
  return row && readerFrom(row);
}

async function* listSubscriptions(db: Queries, newsletter: string | undefined): AsyncIterable<SubscriberRow> {
  const rows = db
    .selectFrom('subscriptions')
    .innerJoin('subscribers', 'subscribers.id', 'subscriptions.subscriber')
    .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
    .selectAll('subscriptions')
    .select(['subscribers.address', 'subscribers.name', 'subscribers.language', 'suppressions.reason as suppressed'])
    .where('subscribers.erased', '=', 0)
    .$if(newsletter !== undefined, (query) => query.where('subscriptions.newsletter', '=', newsletter ?? ''))
    .orderBy('subscriptions.newsletter')
    .orderBy('subscriptions.subscriber')
    .limit(PAGE_ROWS);
  const page = (after: Awaited<ReturnType<typeof rows.execute>>[number] | undefined) =>
    rows
      .$if(after !== undefined && newsletter !== undefined, (query) =>
        query
          .where('subscriptions.subscriber', '>', after?.subscriber ?? 0)
          // Postgres may begin with either table, and reads the other from its start unless it is told where to begin.
          .where('subscribers.id', '>', after?.subscriber ?? 0),
      )
      .$if(after !== undefined && newsletter === undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple('subscriptions.newsletter', 'subscriptions.subscriber'),
            '>',
            tuple(after?.newsletter ?? '', after?.subscriber ?? 0),
          ),
        ),
      )
      .execute();
  for await (const row of pagesOf(page)) {
    yield {
      subscriber: subscriberFrom(row),
      subscription: subscriptionFrom(row),
      ...(row.suppressed !== null && { suppressed: row.suppressed }),
    };
  }
}
