/** A new connection to Postgres: whether Gazette can work with that server, and limits on what a statement waits for. */
import type pg from 'pg';
import { GazetteError } from '../domain/errors.js';

/** Of Postgres 12. */
const LOWEST_VERSION = 120_000;

/** No statement takes longer, not even a freeze for a million readers. */
export const STATEMENT_LIMIT_MS = 10 * 60_000;

/** Set on each connection, unless the role, the database or the URL sets them. */
const LIMITS = {
  lock_timeout: '20s',
  statement_timeout: `${STATEMENT_LIMIT_MS}ms`,
  idle_in_transaction_session_timeout: '60s',
};

/** Behind a pooler a connection is another one after each transaction: limits are set within it. */
export const BEGIN_WITH_LIMITS = [
  'begin',
  ...Object.entries(LIMITS).map(([name, value]) => `set local ${name} = '${value}'`),
].join('; ');

export interface Session {
  /** A pooler such as pgbouncer is between: nothing lasts from one transaction to the next. */
  readonly isPooled: boolean;
}

/** Throws `store.unfit` for a server that is too old, or a database that cannot hold every character. */
export async function openSession(client: pg.PoolClient): Promise<Session> {
  const { rows } = await client.query<{ version: number; encoding: string; pid: number }>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      pg_backend_pid() as pid`,
  );
  const { version = 0, encoding = '', pid } = rows[0] ?? {};
  refuseUnfit(version, encoding);
  // A pooler makes up the number it gives; a server gives its own.
  const isPooled = pid !== (client as { readonly processID?: number | null }).processID;
  if (!isPooled) await setLimits(client);
  return { isPooled };
}

function refuseUnfit(version: number, encoding: string): void {
  if (version < LOWEST_VERSION) {
    const found = `${Math.floor(version / 10_000)}`;
    throw new GazetteError('store.unfit', `The database server is Postgres ${found}; Gazette needs 12 or newer.`, {
      hint: 'Upgrade the server, or name another one in DATABASE_URL.',
    });
  }
  if (encoding !== 'UTF8') {
    throw new GazetteError('store.unfit', `The database has the encoding ${encoding}, which lacks most characters.`, {
      hint: 'Create one with: create database gazette encoding UTF8 template template0. Then name it in DATABASE_URL.',
    });
  }
}

async function setLimits(client: pg.PoolClient): Promise<void> {
  await client.query(
    `select set_config(limits.name, limits.value, false)
      from unnest($1::text[], $2::text[]) as limits(name, value)
      join pg_settings on pg_settings.name = limits.name and pg_settings.source = 'default'`,
    [Object.keys(LIMITS), Object.values(LIMITS)],
  );
}
