/**
 * Ends subscriptions. Mailbox providers send many clicks at one moment: what comes in while one transaction runs is written
 * together by the next, and no reader is answered before their own unsubscription is kept.
 */
import { sql } from 'kysely';
import { type Database, type Trx, transact } from './database.js';
import { dropWaiting } from './frequency-changes.js';
import { compileOnce, type Statement } from './statement.js';

/** Resolves once it is kept; false when there was no subscription that could end. */
export type EndSubscription = (newsletter: string, subscriber: number) => Promise<boolean>;

interface Waiting {
  readonly newsletter: string;
  readonly subscriber: number;
  resolve(ended: boolean): void;
  reject(error: unknown): void;
}

/** How many readers one statement takes: a few sizes, each compiled once; the last is fewer than any database allows. */
const SIZES = [1, 8, 64, 500] as const;
const MOST_AT_ONCE = SIZES[3];

export function openEndSubscription(database: Database): EndSubscription {
  const endAll = openEndAll(database);
  const waiting: Waiting[] = [];
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST_AT_ONCE);
      try {
        const ended = await transact(database, (trx) => endAll(trx, batch));
        for (const each of batch) each.resolve(ended.delete(keyOf(each)));
      } catch (error) {
        for (const each of batch) each.reject(error);
      }
    }
    isRunning = false;
  };
  return (newsletter, subscriber) =>
    new Promise((resolve, reject) => {
      waiting.push({ newsletter, subscriber, resolve, reject });
      if (!isRunning) void run();
    });
}

function keyOf({ newsletter, subscriber }: Pick<Waiting, 'newsletter' | 'subscriber'>): string {
  return `${subscriber} ${newsletter}`;
}

type EndValues = { readonly newsletter: string } & { readonly [slot: `r${number}`]: number };
type EndStatement<Row> = Statement<EndValues, Row>;

/** Ends them in one transaction; gives the keys of those that had not ended before. */
function openEndAll(database: Database) {
  const statements = new Map<number, ReturnType<typeof compileEnd>>();
  const statementsFor = (size: number) => {
    const known = statements.get(size) ?? compileEnd(database, size);
    statements.set(size, known);
    return known;
  };
  return async (trx: Trx, batch: readonly Waiting[]): Promise<Set<string>> => {
    const ended = new Set<string>();
    for (const newsletter of new Set(batch.map((each) => each.newsletter))) {
      const subscribers = batch.filter((each) => each.newsletter === newsletter).map((each) => each.subscriber);
      const size = SIZES.find((each) => each >= subscribers.length) ?? MOST_AT_ONCE;
      // Slots that are left over name the first reader once more.
      const slots = Array.from({ length: size }, (_, nth) => [`r${nth}`, subscribers[nth] ?? subscribers[0]]);
      const values = { newsletter, ...Object.fromEntries(slots) };
      const { end, drop } = statementsFor(size);
      const { rows } = await end(trx, values);
      await drop(trx, values);
      for (const { subscriber } of rows) ended.add(keyOf({ newsletter, subscriber }));
    }
    return ended;
  };
}

function compileEnd(database: Database, size: number) {
  const { db } = database;
  const slots = (value: (name: `r${number}`) => number) => Array.from({ length: size }, (_, nth) => value(`r${nth}`));
  const end: EndStatement<{ subscriber: number }> = compileOnce(database, (value) =>
    db
      .updateTable('subscriptions')
      .set({ state: sql`'unsubscribed'` })
      .where('newsletter', '=', value('newsletter'))
      .where('subscriber', 'in', slots(value))
      .where('state', '<>', sql<'unsubscribed'>`'unsubscribed'`)
      .returning('subscriber'),
  );
  const drop: EndStatement<unknown> = compileOnce(database, (value) =>
    dropWaiting(db, value('newsletter'), slots(value)),
  );
  return { end, drop };
}
