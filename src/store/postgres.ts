/** Postgres through Kysely’s own dialect and `pg`, with whole numbers as numbers. */
import { setTimeout } from 'node:timers/promises';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';
import { BEGIN_WITH_LIMITS, openSession, type Session, STATEMENT_LIMIT_MS } from './postgres-session.js';
import { postgresTargetFrom } from './postgres-url.js';
import { isConnectionLost, storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

const INT8 = 20;
const NUMERIC = 1700;
// Long lists of values have as many texts as lengths: of other statements than those compiled once, only short ones get a plan.
const NAMED_STATEMENTS = 100;
const NAMED_LENGTH = 1_000;
/** How long a process without any connection waits for one where the server or the role allows no more. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 250;
const TOO_MANY_CONNECTIONS = '53300';

/** Connects when first used. Throws `env.invalid` for a URL that cannot be read. */
export function postgresDatabase(url: string): Database {
  const target = postgresTargetFrom(url);
  const sessions = new WeakMap<pg.PoolClient, Session>();
  const pool = new pg.Pool({
    connectionString: target.url,
    ...(target.ssl !== undefined && { ssl: target.ssl }),
    max: target.pool,
    application_name: 'gazette',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The server ends a statement first; this is for a server that is not there any more.
    query_timeout: STATEMENT_LIMIT_MS + 10_000,
    types: { getTypeParser: (oid: number) => numberParser(oid) ?? pg.types.getTypeParser(oid, 'text') },
    onConnect: async (client) => {
      sessions.set(client as pg.PoolClient, await openSession(client as pg.PoolClient));
    },
  });
  // A connection that breaks fails its statement, or is replaced when idle; without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const names = statementNames();
  const connections = openConnections(pool, sessions, names.of);
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connections }) }),
    engine: 'postgres',
    locksRows: true,
    prepare: names.add,
    file: undefined,
  };
}

/** Sums and moments fit a number: 2^53 milliseconds are 285,000 years. */
function numberParser(oid: number): ((text: string) => number) | undefined {
  return oid === INT8 || oid === NUMERIC ? Number : undefined;
}

function openConnections(pool: pg.Pool, sessions: WeakMap<pg.PoolClient, Session>, nameOf: NameOf): PostgresPool {
  const again = () => connected(pool);
  return {
    end: () => pool.end(),
    async connect() {
      const client = await connected(pool);
      return adaptedClient(client, sessions.get(client)?.isPooled ?? true, nameOf, again);
    },
  };
}

/** A free connection. Where the server or the role allows fewer than wanted, it waits for one of those there are. */
async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await pool.connect();
    } catch (error) {
      const isFull = (error as { readonly code?: unknown }).code === TOO_MANY_CONNECTIONS;
      if (!isFull || performance.now() > giveUpAt) throw storeErrorFrom(error);
      if (pool.totalCount > 0) pool.options.max = pool.totalCount;
      else await setTimeout(PAUSE_MS);
    }
  }
}

function adaptedClient(
  first: pg.PoolClient,
  isPooled: boolean,
  nameOf: NameOf,
  again: () => Promise<pg.PoolClient>,
): PostgresPoolClient {
  let client = first;
  let isInTransaction = false;
  let isBroken = false;

  async function run(text: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    if (isPooled && parameters.length === 0) return await client.query(text);
    const name = isPooled ? undefined : nameOf(text);
    const values = [...parameters];
    return await client.query(name === undefined ? { text, values } : { name, text, values });
  }

  async function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const isBegin = text === 'begin';
    const written = isBegin && isPooled ? BEGIN_WITH_LIMITS : text;
    try {
      const result: unknown = await run(written, parameters).catch(async (error: unknown) => {
        isBroken ||= isConnectionLost(error);
        // Nothing was written that could be written twice: once more, on another connection.
        if (!isBroken || isInTransaction || !(isBegin || /^select\b/.test(text))) throw error;
        client.release(true);
        client = await again();
        isBroken = false;
        return run(written, parameters);
      });
      if (isBegin) isInTransaction = true;
      if (text === 'commit' || text === 'rollback') isInTransaction = false;
      return result as PostgresQueryResult<R>;
    } catch (error) {
      throw storeErrorFrom(error);
    }
  }

  return { query: query as PostgresPoolClient['query'], release: () => client.release(isBroken) };
}

type NameOf = (text: string) => string | undefined;

/** Names for statements, so that a connection plans each of them once. */
function statementNames(): { readonly of: NameOf; add(text: string): void } {
  const names = new Map<string, string>();
  const add = (text: string) => {
    const name = names.get(text) ?? `gazette_${names.size}`;
    names.set(text, name);
    return name;
  };
  return {
    add,
    of: (text) =>
      names.get(text) ?? (text.length > NAMED_LENGTH || names.size >= NAMED_STATEMENTS ? undefined : add(text)),
  };
}
