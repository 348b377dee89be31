/** A person with everything they get, read by their number in one statement: every page of a reader begins with it. */
import type { Person } from '../domain/ports/audience.js';
import type { SuppressionReason } from '../domain/subscriber.js';
import type { Database } from './database.js';
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
  const { db } = database;
  // Not past the connection of a transaction: what is not committed is not shown.
  const { direct: _, ...waiting } = database;
  const read = compileOnce<{ readonly subscriber: number }, PersonRow>(waiting, (value) =>
    db
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
      .where('subscribers.id', '=', value('subscriber'))
      .where('erased', '=', 0)
      .orderBy('subscriptions.newsletter'),
  );
  return async (subscriber) => personFrom((await read(db, { subscriber })).rows);
}

function personFrom(rows: readonly PersonRow[]): Person | undefined {
  const [first] = rows;
  if (!first) return undefined;
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
