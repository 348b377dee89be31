/**
 * Ends subscriptions. Mailbox providers send many clicks at one moment: what comes in while one transaction runs is written
 * together by the next, and nobody is answered before their own end is kept.
 */
import { type Database, type Trx, transact } from './database.js';
import { dropWaiting } from './switches.js';

/** Resolves once it is kept; false when there was no subscription that could end. */
export type EndSubscription = (newsletter: string, subscriber: number) => Promise<boolean>;

interface Waiting {
  readonly newsletter: string;
  readonly subscriber: number;
  resolve(ended: boolean): void;
  reject(error: unknown): void;
}

/** Fewer values than any database takes in one statement. */
const MOST_AT_ONCE = 500;

export function openEndSubscription(database: Database): EndSubscription {
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

async function endAll(trx: Trx, batch: readonly Waiting[]): Promise<Set<string>> {
  const ended = new Set<string>();
  for (const newsletter of new Set(batch.map((each) => each.newsletter))) {
    const subscribers = batch.filter((each) => each.newsletter === newsletter).map((each) => each.subscriber);
    const rows = await trx
      .updateTable('subscriptions')
      .set({ state: 'unsubscribed' })
      .where('newsletter', '=', newsletter)
      .where('subscriber', 'in', subscribers)
      .where('state', '<>', 'unsubscribed')
      .returning('subscriber')
      .execute();
    await dropWaiting(trx, newsletter, subscribers);
    for (const { subscriber } of rows) ended.add(keyOf({ newsletter, subscriber }));
  }
  return ended;
}
