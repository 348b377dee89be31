/** Postgres as people run it: few connections, connections that break, locks that are held, databases that do not fit. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/storage.js';
import { openStore } from '../../src/store/index.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { ACCEPTED, aReader, begun, frozenFor, listed, NOON, settled } from '../support/store-plans.js';

let postgres: TestPostgres;
let stores: Store[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());
afterEach(async () => {
  for (const store of stores) await store.close();
  stores = [];
});

async function opened(url: string): Promise<Store> {
  const store = await openStore(url);
  stores.push(store);
  return store;
}

const backends = (where: string) =>
  postgres.run(`select pid from pg_stat_activity where application_name = 'gazette' and ${where}`);

/** Asks until a statement of Gazette waits for a lock, or `limit` times. */
async function untilOneWaits(limit = 1_000): Promise<void> {
  for (let asked = 0; asked < limit; asked += 1) {
    if ((await backends(`wait_event_type = 'Lock'`)).length > 0) return;
  }
}

describe('a connection', () => {
  it('has the limits of the role or the URL where there are some, and ours otherwise', async () => {
    const url = await postgres.freshUrl();
    const store = await opened(`${url}%20-c%20lock_timeout%3D50`);
    const issue = await frozenFor(store, ['ann']);
    const [schema] = /test_\d+/.exec(url) ?? [];
    const holder = new pg.Client({ connectionString: postgres.urlOf({}) });
    await holder.connect();
    await holder.query(`begin; lock table ${schema}.deliveries in access exclusive mode`);
    await expect(begun(store, issue)).rejects.toMatchObject({ code: 'store.locked' });
    await holder.query('rollback');
    await holder.end();
    expect(await begun(store, issue)).toHaveLength(1);
  });

  it('that breaks while it is idle or between two statements is replaced, and what was asked is answered', async () => {
    const store = await opened(await postgres.freshUrl());
    const issue = await frozenFor(store, ['ann', 'bob']);
    const deliveries = await begun(store, issue);
    const endAll = () =>
      postgres.run(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gazette'`);
    await endAll();
    expect(await store.ledger.counts(issue.id)).toMatchObject({ attempted: 2 });
    await endAll();
    await settled(store, deliveries, ACCEPTED);
    await endAll();
    expect(await store.audience.unsubscribe('weekly', deliveries[0]?.subscriber ?? 0)).toBe(true);
    expect(await store.ledger.counts(issue.id)).toMatchObject({ accepted: 2 });
  });

  it('that breaks during a transaction is replaced, and the transaction is run again', async () => {
    const url = await postgres.freshUrl();
    const [schema] = /test_\d+/.exec(url) ?? [];
    const store = await opened(url);
    const issue = await frozenFor(store, ['ann']);
    const deliveries = await begun(store, issue);
    const holder = new pg.Client({ connectionString: postgres.urlOf({}) });
    await holder.connect();
    await holder.query(`begin; update ${schema}.deliveries set due_at = due_at`);
    const settling = settled(store, deliveries, ACCEPTED);
    await untilOneWaits();
    await postgres.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gazette' and wait_event_type = 'Lock'`,
    );
    await holder.query('rollback');
    await holder.end();
    await settling;
    expect(await store.ledger.counts(issue.id)).toMatchObject({ accepted: 1 });
  });
});

describe('a role', () => {
  it.each([1, 2])('that may have %i connections has everything done, one after another', async (limit) => {
    const name = `limited_${limit}`;
    await postgres.run(`create role ${name} login connection limit ${limit}`);
    await postgres.run(`create database ${name} owner ${name}`);
    const store = await opened(postgres.urlOf({ user: name, database: name }));
    const names = Array.from({ length: 20 }, (_, nth) => `reader${nth}`);
    await Promise.all(names.map((each) => store.audience.add('weekly', [aReader(each)], NOON)));
    const found = await Promise.all(names.map((each) => store.audience.find(`${each}@example.org`)));
    expect(found.filter(Boolean)).toHaveLength(20);
  });
});

describe('pool=1', () => {
  it('is enough for an issue', async () => {
    const store = await opened(`${await postgres.freshUrl()}&pool=1`);
    const issue = await frozenFor(store, ['ann', 'bob', 'cai']);
    await settled(store, await begun(store, issue), ACCEPTED);
    expect(await store.ledger.counts(issue.id)).toMatchObject({ accepted: 3 });
    expect((await backends('true')).length).toBe(1);
  });
});

describe('a database', () => {
  it('with the order of a language lists as SQLite does', async () => {
    await postgres.run(`create database swedish template template0 locale_provider icu icu_locale 'sv-SE' locale 'C'`);
    const names = ['zoe', 'Ann', 'ann', 'åke', 'Zoe', 'b-c', 'ba', 'b_a'];
    const seen = [];
    for (const target of [postgres.urlOf({ database: 'swedish' }), ':memory:']) {
      const store = await opened(target);
      for (const [nth, name] of names.entries()) {
        const language = ['de', undefined, 'en', 'de-AT'][nth % 4];
        const reader = aReader(name, { preferences: [name], ...(language && { language }) });
        await store.audience.add(name, [reader], NOON);
        await store.audience.add('weekly', [reader], NOON);
        if (nth % 3 === 0) await store.audience.suppress(reader.addressKey, 'manual', NOON);
      }
      seen.push({
        groups: await store.audience.groups('weekly', NOON),
        list: await listed(store.audience.list()),
        suppressions: await listed(store.audience.suppressions()),
      });
    }
    expect(seen[0]).toEqual(seen[1]);
  });

  it('that cannot hold every character is refused with the way out', async () => {
    await postgres.run(`create database ascii encoding 'SQL_ASCII' template template0`);
    const error = {
      code: 'store.unfit',
      message: expect.stringContaining('SQL_ASCII'),
      hint: expect.stringContaining('UTF8'),
    };
    await expect(openStore(postgres.urlOf({ database: 'ascii' }))).rejects.toMatchObject(error);
  });

  it('without a schema for tables says so', async () => {
    const error = { code: 'store.failed', message: expect.stringContaining('no schema') };
    const url = `${postgres.urlOf({})}&options=${encodeURIComponent('-c search_path=nowhere')}`;
    await expect(openStore(url)).rejects.toMatchObject(error);
  });
});
