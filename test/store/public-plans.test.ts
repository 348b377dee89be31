/** Every query of the public pages finds its rows by an index: its plan has no scan of a table (rule: strangers-cost-little). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery, type KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveStore } from '../../src/store/archive.js';
import { audienceStore } from '../../src/store/audience.js';
import type { Database } from '../../src/store/database.js';
import { openStore } from '../../src/store/index.js';
import { postgresDatabase } from '../../src/store/postgres.js';
import { postStore } from '../../src/store/posts.js';
import { signUpStore } from '../../src/store/sign-ups.js';
import { openSqliteConnection, sqliteDatabase } from '../../src/store/sqlite.js';
import { aPost } from '../support/builders.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { ACCEPTED, aReader, begun, frozen, NOON, settled } from '../support/store-plans.js';

let folder: string;
let postgres: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-plans-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

/** The plan of every query that some work asks, one text each. */
async function plansOf(database: Database, work: (watched: Database) => Promise<unknown>): Promise<readonly string[]> {
  const asked = new Map<string, CompiledQuery>();
  const watch: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const query = database.db.getExecutor().compileQuery(node, queryId);
      asked.set(query.sql, query);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await work({ ...database, db: database.db.withPlugin(watch) });
  const plans: string[] = [];
  for (const { sql, parameters } of asked.values()) {
    const explain = database.engine === 'sqlite' ? 'explain query plan' : 'explain';
    const { rows } = await database.db.executeQuery(CompiledQuery.raw(`${explain} ${sql}`, parameters.map(shownValue)));
    plans.push(`${sql}\n${JSON.stringify(rows)}`);
  }
  return plans;
}

/** Statements that are compiled once have names in place of values. */
function shownValue(parameter: unknown): unknown {
  if (typeof parameter !== 'object' || parameter === null) return parameter;
  return (parameter as { readonly name?: string }).name === 'subscribers' ? '{1}' : 1;
}

/** A table that is read whole. Postgres is told to avoid it; SQLite reads what a sub-query gave, which is bounded. */
const SCAN = /Seq Scan on|SCAN (?!first\b|\d+-ROW)(?!\w+ USING (?:COVERING )?INDEX)/;

describe.each([
  ['SQLite', async () => join(folder, 'plans.db'), (path: string) => sqliteDatabase(openSqliteConnection(path), path)],
  [
    'Postgres',
    async () =>
      (await postgres.freshUrl()).replace(/(options=[^&]*)/, `$1${encodeURIComponent(' -c enable_seqscan=off')}`),
    (url: string) => postgresDatabase(url),
  ],
] as const)('the queries of the public pages on %s', (_, target, open) => {
  it('are answered by an index', async () => {
    const where = await target();
    const store = await openStore(where);
    const posts = Array.from({ length: 50 }, (_post, nth) => ({
      uid: `${nth}`,
      post: aPost({ title: `Post ${nth}` }),
    }));
    await store.posts.save({ source: 'blog', collectedAt: NOON, seen: posts, withdrawn: ['49'], broken: [] });
    await store.audience.add('weekly', [aReader('ann'), aReader('bob')], NOON);
    for (let nth = 0; nth < 3; nth += 1) {
      const issue = await frozen(store);
      await settled(store, await begun(store, issue), ACCEPTED);
      await store.ledger.setState(issue.id, ['frozen'], nth === 2 ? 'sending' : 'done');
    }
    const database = open(where);
    const plans = await plansOf(database, async (watched) => {
      const archive = archiveStore(watched);
      await archive.update({
        settings: new Map([['weekly', '']]),
        place: (known) => known.map(({ uid }) => ({ newsletter: 'weekly', section: 'other', uid })),
      });
      await archive.state('weekly');
      expect(await archive.issues('weekly', { limit: 21, skip: 0 })).toHaveLength(3);
      expect((await archive.issue('weekly', 3))?.state).toBe('sending');
      expect((await archive.fullestEdition(1, 'en'))?.language).toBe('en');
      const shown = await archive.posts('weekly', 'other', new Date('2030-01-01'), { limit: 11, skip: 10 });
      expect(shown).toHaveLength(11);
      const uids = shown.map(({ uid }) => uid);
      expect(await archive.readable(uids, new Date('2030-01-01'))).toHaveLength(11);
      await postStore(watched).bodies(uids);
      const audience = audienceStore(watched);
      expect(await audience.person(1)).toBeDefined();
      await audience.setPreferences('weekly', 1, ['other']);
      await audience.pause('weekly', 1, NOON);
      await audience.describe(1, { name: 'Ann', language: 'en' });
      await audience.subscribe('weekly', 1, { preferences: undefined, consent: { source: 'form', at: NOON } });
      await audience.unsubscribe('weekly', 1);
      await audience.find('ann@example.org');
      const signUps = signUpStore(watched);
      await signUps.find('x', 'sign-up');
      await signUps.lastMailed('ann@example.org');
    });
    await database.db.destroy();
    await store.close();
    expect(plans.length).toBeGreaterThan(20);
    expect(plans.filter((plan) => SCAN.test(plan) && !isSmall(plan))).toEqual([]);
  });
});

/** Tables with a row for each source or newsletter, and the queue of changed posts, of which some are taken in any order. */
function isSmall(plan: string): boolean {
  return /from "?(?:sources|archive_settings|archive_stale|newsletters)\b|insert into "archive_stale"/.test(plan);
}
