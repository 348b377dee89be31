/** What sources of files read of each file, so that it need not be read again. It is never copied: the files are still there. */
import type { FileLook } from '../domain/ports/content.js';
import type { LookStore } from '../domain/ports/storage.js';
import { type Database, transact } from './database.js';
import { runsOf } from './pages.js';

const ROWS_AT_ONCE = 200;

export function lookStore(database: Database): LookStore {
  return {
    of: (source) => ({
      read: () => readLooks(database, source),
      keep: (looks, gone) => keepLooks(database, source, looks, gone),
    }),
  };
}

async function readLooks({ db }: Database, source: string): Promise<ReadonlyMap<string, FileLook>> {
  const rows = await db
    .selectFrom('file_looks')
    .select(['path', 'version', 'hash', 'reading'])
    .where('source', '=', source)
    .execute();
  return new Map(
    rows.map(({ path, reading, ...look }) => [path, { ...look, reading: JSON.parse(reading) as unknown }]),
  );
}

async function keepLooks(
  database: Database,
  source: string,
  looks: ReadonlyMap<string, FileLook>,
  gone: readonly string[],
): Promise<void> {
  await transact(database, async (trx) => {
    for (const run of runsOf([...looks], ROWS_AT_ONCE)) {
      await trx
        .insertInto('file_looks')
        .values(run.map(([path, look]) => ({ source, path, ...look, reading: JSON.stringify(look.reading) })))
        .onConflict((conflict) =>
          conflict.columns(['source', 'path']).doUpdateSet((eb) => ({
            version: eb.ref('excluded.version'),
            hash: eb.ref('excluded.hash'),
            reading: eb.ref('excluded.reading'),
          })),
        )
        .execute();
    }
    for (const run of runsOf(gone, ROWS_AT_ONCE)) {
      await trx.deleteFrom('file_looks').where('source', '=', source).where('path', 'in', run).execute();
    }
  });
}
