/**
 * A consistent copy of a store in a SQLite file of its own, with a mark inside: a process that opens it can tell that another
 * store may still be sending the same issues.
 */

import { copyByPages, copyFromFile, EVERYTHING } from './copy-tables.js';
import type { Database } from './database.js';
import { migrate } from './migrate.js';
import { sharedState } from './shared-state.js';
import { openNewSqliteConnection, sqliteDatabase } from './sqlite.js';

const MARK = 'copy';

/** Throws `store.exists` where the file is there already; it is never written over. */
export async function backup(origin: Database, file: string, now: Date): Promise<void> {
  const connection = openNewSqliteConnection(file);
  const copy = sqliteDatabase(connection, file);
  try {
    await migrate(copy.db.withTables(), copy.engine);
    // First the mark: a copy that was cut short must not pass for an original.
    await sharedState(copy).change(MARK, () => ({ after: { at: now.getTime() }, result: undefined }));
    if (origin.file === undefined) await copyByPages(origin, copy, EVERYTHING);
    else copyFromFile(connection, origin.file, EVERYTHING);
  } finally {
    await copy.db.destroy();
  }
}

/** When this store was copied from another; `undefined` for an original, or a copy that was adopted. */
export async function readCopiedAt(database: Database): Promise<Date | undefined> {
  const mark = (await sharedState(database).read(MARK)) as { readonly at: number } | undefined;
  return mark && new Date(mark.at);
}

/** Makes a copy an original. */
export function adopt(database: Database): Promise<void> {
  return sharedState(database).change(MARK, () => ({ after: undefined, result: undefined }));
}
