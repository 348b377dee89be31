/** Postgres through Kysely’s own dialect and `pg`, with whole numbers as numbers. */
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';
import { storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

const INT8 = 20;
const NUMERIC = 1700;
const CONNECTIONS = 5;
// Long lists of values have as many texts as lengths: of other statements than those compiled once, only short ones get a plan.
const NAMED_STATEMENTS = 100;
const NAMED_LENGTH = 1_000;

/** Connects when first used. */
export function postgresDatabase(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    statement_timeout: 0,
    application_name: 'gazette',
    types: { getTypeParser: (oid: number) => numberParser(oid) ?? pg.types.getTypeParser(oid, 'text') },
  });
  // A connection that breaks fails its statement, or is replaced when idle; without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const names = statementNames();
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: adapted(pool, names.of) }) }),
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

function adapted(pool: pg.Pool, nameOf: NameOf): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    end: () => pool.end(),
    async connect() {
      const client = await saying(pool.connect());
      const known = clients.get(client) ?? adaptedClient(client, nameOf);
      clients.set(client, known);
      return known;
    },
  };
}

function adaptedClient(client: pg.PoolClient, nameOf: NameOf): PostgresPoolClient {
  async function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const name = nameOf(text);
    const values = [...parameters];
    const result: unknown = await saying(client.query(name === undefined ? { text, values } : { name, text, values }));
    return result as PostgresQueryResult<R>;
  }
  return { query: query as PostgresPoolClient['query'], release: () => client.release() };
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

async function saying<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storeErrorFrom(error);
  }
}
