/** An open database: the query builder with what little differs between SQLite and Postgres. */
import { type Kysely, type QueryResult, sql, type Transaction } from 'kysely';
import { GazetteError } from '../domain/errors.js';
import type { Engine } from './migration.js';
import { isConnectionLost } from './store-error.js';
import type { Tables } from './tables.js';

export interface Database {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
  /** Postgres lets many write at once, so rows that are decided on must be locked; SQLite has one writer. */
  readonly locksRows: boolean;
  /** Prepares a statement that runs at once, on the connection of the open transaction; absent where none can. */
  readonly direct?: (sql: string) => DirectStatement;
  /** Tells a database without `direct` that a statement runs often enough to be planned once on each connection. */
  readonly prepare?: (sql: string) => void;
  /** The database file other connections can read; `undefined` where there is none. */
  readonly file: string | undefined;
}

export interface DirectStatement {
  run(parameters: readonly unknown[]): QueryResult<unknown>;
}

/** A query runs on the database itself or inside a transaction. */
export type Queries = Kysely<Tables>;
export type Trx = Transaction<Tables>;

export interface TransactOptions {
  /** All statements see the database as it was at the first of them, apart from what the transaction writes. On SQLite they always do. */
  readonly isSnapshot?: boolean;
}

const TRIES = 5;
/** Of Postgres: a deadlock, a change of the same rows, a key that is there already. */
const CONFLICTS: ReadonlySet<string> = new Set(['40P01', '40001', '23505']);

/**
 * Runs one transaction; all of it is kept, or nothing. Every write goes through here: on SQLite only the begin of a
 * transaction waits for other processes as long as it should. It runs again when Postgres broke a deadlock
 * with it, another process has written the same key at that moment, or the connection broke before the commit: so `work` must not keep state between runs.
 */
export async function transact<T>(
  database: Database,
  work: (trx: Trx) => Promise<T>,
  { isSnapshot = false }: TransactOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let isWritten = false;
    try {
      return await database.db.transaction().execute(async (trx) => {
        if (isSnapshot && database.locksRows) await sql`set transaction isolation level repeatable read`.execute(trx);
        const result = await work(trx);
        isWritten = true;
        return result;
      });
    } catch (error) {
      // A connection that breaks before the commit has written nothing.
      const isLost = !isWritten && attempt === 1 && isConnectionLost(error);
      if (attempt === TRIES || !(isLost || isConflict(error))) throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  if (!(error instanceof GazetteError)) return false;
  const cause = error.cause as { readonly code?: unknown } | undefined;
  return typeof cause?.code === 'string' && CONFLICTS.has(cause.code);
}
