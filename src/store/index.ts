/** Gazette’s memory: one store over SQLite (a file) or Postgres (a URL), with the same tables and the same code. */
import type { Store } from '../domain/ports/storage.js';
import { archiveStore } from './archive.js';
import { audienceStore } from './audience.js';
import { adopt, backup, readCopiedAt } from './backup.js';
import { type CopiedTable, copyByPages, copyFromFile, FOR_A_DRAFT, FOR_A_SCRATCH } from './copy-tables.js';
import type { Database } from './database.js';
import { feedbackStore } from './feedback.js';
import { lookStore } from './file-looks.js';
import { ledger } from './ledger.js';
import { migrate } from './migrate.js';
import { isPostgresUrl } from './postgres-url.js';
import { postStore, postsOver } from './posts.js';
import { sharedOver, sharedState } from './shared-state.js';
import { signUpStore } from './sign-ups.js';
import { openSqliteConnection, type SqliteOptions, sqliteDatabase } from './sqlite.js';

/** Opens the store a setting names: a `postgres://` URL, or else the path of a SQLite file, made when missing. */
export function openStore(target: string): Promise<Store> {
  return isPostgresUrl(target) ? openPostgresStore({ url: target }) : openSqliteStore({ path: target });
}

/** Opens a SQLite store; its folder must exist. `:memory:` is a store of this process alone. */
export async function openSqliteStore({ path, ...options }: SqliteOptions & { readonly path: string }): Promise<Store> {
  return storeOver(await migrated(sqliteDatabase(openSqliteConnection(path, options), path, options)));
}

/** Opens a Postgres store in the first schema of the connection's search path. */
export async function openPostgresStore({ url }: { readonly url: string }): Promise<Store> {
  // Loaded only by who has a Postgres.
  const { postgresDatabase } = await import('./postgres.js');
  return storeOver(await migrated(postgresDatabase(url)));
}

async function migrated(database: Database): Promise<Database> {
  try {
    await migrate(database.db.withTables(), database.engine);
    return database;
  } catch (error) {
    await database.db.destroy();
    throw error;
  }
}

function storeOver(database: Database): Store {
  return {
    posts: postStore(database),
    looks: lookStore(database),
    ledger: ledger(database),
    audience: audienceStore(database),
    signUps: signUpStore(database),
    archive: archiveStore(database),
    feedback: feedbackStore(database),
    shared: sharedState(database),
    scratch: () => openScratch(database, FOR_A_SCRATCH),
    draftScratch: () => openDraftScratch(database),
    backup: (file, now) => backup(database, file, now),
    copiedAt: () => readCopiedAt(database),
    adopt: () => adopt(database),
    close: () => database.db.destroy(),
  };
}

async function openScratch(origin: Database, tables: readonly CopiedTable[]): Promise<Store> {
  const connection = openSqliteConnection('');
  const copy = await migrated(sqliteDatabase(connection, ''));
  try {
    if (origin.file === undefined) await copyByPages(origin, copy, tables);
    else copyFromFile(connection, origin.file, tables);
    const shared = sharedOver(sharedState(origin), sharedState(copy));
    return { ...storeOver(copy), looks: lookStore(origin), shared };
  } catch (error) {
    await copy.db.destroy();
    throw error;
  }
}

async function openDraftScratch(origin: Database): Promise<Store> {
  const scratch = await openScratch(origin, FOR_A_DRAFT);
  return { ...scratch, posts: postsOver(postStore(origin), scratch.posts) };
}
