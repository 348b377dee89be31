/** A person with everything they get, read by their number; people who are asked for at once are read together, as every page of a reader begins with it. */
import { sql } from 'kysely';
import type { Person } from '../domain/ports/audience.js';
import type { SuppressionReason } from '../domain/subscriber.js';
import type { Database, Queries } from './database.js';
import { type ReadAll, readTogether } from './read-together.js';
import { type SubscriberColumns, subscriberFrom, subscriptionFrom } from './readers.js';
import { compileOnce } from './statement.js';
import type { FrequencyChangesTable, SubscriptionsTable } from './tables.js';

/** `undefined` when there is none, or they were erased. */
export type ReadPerson = (subscriber: number) => Promise<Person | undefined>;

/** A subscription with a change of frequency: a person has as many rows as there are pairs of them. */
interface PersonRow extends SubscriberColumns, Nullable<Omit<SubscriptionsTable, 'subscriber'>> {
  readonly address_key: string;
  readonly suppressed: SuppressionReason | null;
  readonly left_newsletter: string | null;
  readonly new_newsletter: string | null;
  readonly stage: FrequencyChangesTable['stage'] | null;
  readonly still_there: number | null;
}
type Nullable<Columns> = { readonly [name in keyof Columns]: Columns[name] | null };

export function openReadPerson(database: Database): ReadPerson {
  return readTogether(database.engine === 'postgres' ? byList(database) : oneByOne(database));
}

/** One statement for all of them. */
function byList(database: Database): ReadAll<number, Person> {
  const { db } = database;
  const read = compileOnce<{ readonly subscribers: readonly number[] }, PersonRow>(database, (value) =>
    personRows(db).where('subscribers.id', '=', sql<number>`any(${value('subscribers')}::int[])`),
  );
  return async (subscribers) => {
    const rowsOf = new Map<number, PersonRow[]>();
    for (const row of (await read(db, { subscribers })).rows) {
      const before = rowsOf.get(row.subscriber);
      if (before) before.push(row);
      else rowsOf.set(row.subscriber, [row]);
    }
    return new Map([...rowsOf].map(([subscriber, rows]) => [subscriber, personFrom(rows)]));
  };
}

/** One statement after another: where none is a round trip that is the fastest. */
function oneByOne(database: Database): ReadAll<number, Person> {
  const { db } = database;
  const read = compileOnce<{ readonly subscriber: number }, PersonRow>(database, (value) =>
    personRows(db).where('subscribers.id', '=', value('subscriber')),
  );
  // Waits for the connection: what another transaction has not committed is not shown.
  return (subscribers) =>
    db.connection().execute(async (connection) => {
      const found = new Map<number, Person>();
      for (const subscriber of subscribers) {
        const { rows } = await read(connection, { subscriber });
        if (rows.length > 0) found.set(subscriber, personFrom(rows));
      }
      return found;
    });
}

function personRows(db: Queries) {
  return db
    .selectFrom('subscribers')
    .leftJoin('suppressions', 'suppressions.address_key', 'subscribers.address_key')
    .leftJoin('subscriptions', 'subscriptions.subscriber', 'subscribers.id')
    .leftJoin('switches', (join) =>
      join
        .onRef('switches.subscriber', '=', 'subscribers.id')
        // The readers have changed, even if the issue they came with is cancelled later.
        .on((where) => where.or([where('switches.stage', '<>', 'arrived'), where('switches.still_there', '=', 1)])),
    )
    .select(['subscribers.id as subscriber', 'address', 'subscribers.address_key', 'name', 'language'])
    .select('suppressions.reason as suppressed')
    .select(['subscriptions.newsletter', 'state', 'subscriptions.wishes', 'paused_until'])
    .select(['subscriptions.consent_source', 'subscriptions.consent_at'])
    .select(['left_newsletter', 'switches.newsletter as new_newsletter', 'stage', 'still_there'])
    .where('erased', '=', 0)
    .orderBy('subscriptions.newsletter');
}

/** @param rows of one person, at least one */
function personFrom(rows: readonly PersonRow[]): Person {
  const first = rows[0] as PersonRow;
  const subscriptions = byKey(rows, ({ newsletter }) => newsletter);
  const changes = byKey(rows, ({ new_newsletter }) => new_newsletter);
  return {
    subscriber: subscriberFrom(first),
    addressKey: first.address_key,
    subscriptions: subscriptions.map((row) => subscriptionFrom(row as SubscriptionsTable)),
    frequencyChanges: changes.map((row) => ({
      from: row.left_newsletter ?? '',
      to: row.new_newsletter ?? '',
      isWaiting: row.stage === 'waiting',
      stays: row.still_there === 1,
    })),
    ...(first.suppressed !== null && { suppressed: first.suppressed }),
  };
}

/** The first row of each key; rows without one are left out. */
function byKey(rows: readonly PersonRow[], key: (row: PersonRow) => string | null): readonly PersonRow[] {
  const first = new Map<string, PersonRow>();
  for (const row of rows) {
    const name = key(row);
    if (name !== null && !first.has(name)) first.set(name, row);
  }
  return [...first.values()];
}
