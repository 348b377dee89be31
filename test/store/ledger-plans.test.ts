/** Long lists of the ledger and the audience are read page by page, each at the cost of its rows, on a Postgres of some size. */
import { CompiledQuery, type KyselyPlugin } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { audienceStore } from '../../src/store/audience.js';
import type { Database } from '../../src/store/database.js';
import { openStore } from '../../src/store/index.js';
import { ledger } from '../../src/store/ledger.js';
import { postgresDatabase } from '../../src/store/postgres.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { frozenFor, listed } from '../support/store-plans.js';

const READERS = 20_000;
/** Of a page: its rows from each of three tables. */
const MOST_READ = 3 * 1_001;

let postgres: TestPostgres;
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.freshUrl();
  const store = await openStore(url);
  await frozenFor(store, ['ann']);
  await store.close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    insert into subscribers (id, address, address_key, name, language, erased)
      select i, 'r' || i || '@example.org', 'r' || i || '@example.org', '', null, 0 from generate_series(2, ${READERS}) i;
    insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at)
      select 'weekly', i, 'active', '*', 'form', 0 from generate_series(2, ${READERS}) i;
    insert into deliveries (issue, subscriber, edition, state, due_at, attempts, deferrals, doubts)
      select 1, i, 1, 'accepted', 0, 1, 0, 0 from generate_series(2, ${READERS}) i;
    analyze`);
  await client.end();
});

afterAll(() => postgres?.stop());

/** The last query of each text that some work asks. */
async function lastQueriesOf(database: Database, work: (watched: Database) => Promise<unknown>) {
  const asked = new Map<string, CompiledQuery>();
  const watch: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const query = database.db.getExecutor().compileQuery(node, queryId);
      // Statements that are compiled once, when a store is opened, have names in place of values.
      if (query.parameters.every((value) => typeof value !== 'object' || value === null)) asked.set(query.sql, query);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await work({ ...database, db: database.db.withPlugin(watch) });
  return [...asked.values()];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** How many rows the scans of a plan have read. */
function rowsRead(node: PlanNode): number {
  const own = node['Node Type'].includes('Scan')
    ? node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0))
    : 0;
  return own + (node.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), 0);
}

async function rowsReadBy({ db }: Database, query: CompiledQuery): Promise<number> {
  const raw = CompiledQuery.raw(`explain (analyze, format json) ${query.sql}`, [...query.parameters]);
  const { rows } = await db.executeQuery(raw);
  const [first] = rows as { 'QUERY PLAN': string | readonly { readonly Plan: PlanNode }[] }[];
  const plan = first?.['QUERY PLAN'] ?? [];
  const [{ Plan } = { Plan: undefined }] = typeof plan === 'string' ? JSON.parse(plan) : plan;
  if (!Plan) throw new Error('no plan');
  return rowsRead(Plan);
}

it.each([
  ['deliveries', (database: Database) => listed(ledger(database).deliveries(1))],
  ['readers', (database: Database) => listed(audienceStore(database).list('weekly'))],
  ['readers of every newsletter', (database: Database) => listed(audienceStore(database).list())],
])('a late page of %s reads no more rows than an early one', async (_, work) => {
  const database = postgresDatabase(url);
  const queries = await lastQueriesOf(database, async (watched) => {
    expect(await work(watched)).toHaveLength(READERS);
  });
  const pages = queries.filter(({ sql }) => sql.includes('limit'));
  expect(pages.length).toBeGreaterThan(0);
  for (const query of pages) expect(await rowsReadBy(database, query), query.sql).toBeLessThanOrEqual(MOST_READ);
  await database.db.destroy();
});

it('deliveries with an unknown outcome are found by their index', async () => {
  const database = postgresDatabase(url);
  const queries = await lastQueriesOf(database, (watched) => ledger(watched).retryUnknown(1));
  const update = queries.find(({ sql }) => sql.startsWith('update "deliveries"'));
  if (!update) throw new Error('no update');
  const { rows } = await database.db.executeQuery(CompiledQuery.raw(`explain ${update.sql}`, [...update.parameters]));
  expect(JSON.stringify(rows)).toContain('deliveries_unknown');
  await database.db.destroy();
});
