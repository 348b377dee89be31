/** Small values that every process on the store shares; who changes one holds it alone until the change is written. */
import type { SharedChange, SharedState } from '../domain/ports/storage.js';
import { type Database, type Trx, transact } from './database.js';

/** The stored form of a value that is not there. */
const ABSENT = 'null';

export function sharedState(database: Database): SharedState {
  const { db } = database;
  return {
    async read(key) {
      const row = await db.selectFrom('shared_state').select('value').where('key', '=', key).executeTakeFirst();
      return valueFrom(row?.value ?? ABSENT);
    },
    change: (key, change) => transact(database, (trx) => changeValue(database, trx, key, change)),
  };
}

/** Reads through to the original what was not changed here, and keeps every change here. */
export function sharedOver(original: SharedState, own: SharedState): SharedState {
  return {
    read: async (key) => (await own.read(key)) ?? original.read(key),
    async change(key, change) {
      const inherited = await original.read(key);
      return own.change(key, (before) => change(before ?? inherited));
    },
  };
}

async function changeValue<Result>(
  { locksRows }: Database,
  trx: Trx,
  key: string,
  change: (before: unknown) => SharedChange<Result>,
): Promise<Result> {
  // A row that is not there cannot be locked: two processes would both begin from nothing.
  await trx
    .insertInto('shared_state')
    .values({ key, value: ABSENT })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const { value } = await trx
    .selectFrom('shared_state')
    .select('value')
    .where('key', '=', key)
    .$if(locksRows, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
  const { after, result } = change(valueFrom(value));
  const text = JSON.stringify(after) ?? ABSENT;
  if (text !== value) await trx.updateTable('shared_state').set({ value: text }).where('key', '=', key).execute();
  return result;
}

function valueFrom(text: string): unknown {
  return JSON.parse(text) ?? undefined;
}
