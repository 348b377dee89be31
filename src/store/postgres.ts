/** Postgres through Kysely’s own dialect and `pg`, with whole numbers as numbers. */
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, type PostgresQueryResult } from 'kysely';
import pg from 'pg';
import type { Database } from './database.js';
import { storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

const INT8 = 20;
const NUMERIC = 1700;
const CONNECTIONS = 5;
// Long lists of values have as many texts as lengths: only statements of a fixed text are worth a plan each.
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
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: adapted(pool) }) }),
    engine: 'postgres',
    locksRows: true,
    file: undefined,
  };
}

/** Sums and moments fit a number: 2^53 milliseconds are 285,000 years. */
function numberParser(oid: number): ((text: string) => number) | undefined {
  return oid === INT8 || oid === NUMERIC ? Number : undefined;
}

function adapted(pool: pg.Pool): PostgresPool {
  const nameOf = statementNames();
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

function adaptedClient(client: pg.PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  async function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const name = nameOf(text);
    const values = [...parameters];
    const result: unknown = await saying(client.query(name === undefined ? { text, values } : { name, text, values }));
    return result as PostgresQueryResult<R>;
  }
  return { query: query as PostgresPoolClient['query'], release: () => client.release() };
}

/** Names for statements, so that a connection plans each of them once. */
function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || text.length > NAMED_LENGTH || names.size >= NAMED_STATEMENTS) return known;
    const name = `gazette_${names.size}`;
    names.set(text, name);
    return name;
  };
}

async function saying<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storeErrorFrom(error);
  }
}
