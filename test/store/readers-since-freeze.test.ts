import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Database } from '../../src/store/database.js';
import { openStore } from '../../src/store/index.js';
import { openSqliteConnection, sqliteDatabase } from '../../src/store/sqlite.js';
import type { SubscribersTable, SubscriptionsTable } from '../../src/store/tables.js';
import { by, frozen, frozenFor, listed, minutesAfter, NOON } from '../support/store-plans.js';

let folder: string;
let store: Store;
/** The tables themselves, for changes that no port makes yet. */
let tables: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-store-'));
  const path = join(folder, 'gazette.db');
  store = await openStore(path);
  tables = sqliteDatabase(openSqliteConnection(path), path);
});

afterEach(async () => {
  await tables.db.destroy();
  await store.close();
  await rm(folder, { recursive: true });
});

const changeSubscription = (to: Partial<SubscriptionsTable>) =>
  tables.db.updateTable('subscriptions').set(to).execute();
const changeSubscriber = (to: Partial<Omit<SubscribersTable, 'id'>>) =>
  tables.db.updateTable('subscribers').set(to).execute();

async function beginAll(issue: number, owner = 'one') {
  const refs = await store.ledger.claim({ issue, owner, limit: 10, leaseMs: 60_000, now: NOON });
  return store.ledger.exchange([], refs, by(owner));
}

describe('a reader who has changed since the freeze', () => {
  it.each([
    ['unsubscribed', () => changeSubscription({ state: 'unsubscribed' })],
    ['paused', () => changeSubscription({ paused_until: minutesAfter(1).getTime() })],
    ['nothing-wished', () => changeSubscription({ wishes: 'chemistry' })],
    ['erased', () => changeSubscriber({ erased: 1, address: '', name: '' })],
  ])('is skipped as %s, and stays so for this issue', async (reason, change) => {
    const issue = await frozenFor(store, ['ann']);
    await change();
    expect(await beginAll(issue.id)).toMatchObject([{ kind: 'skipped', reason }]);
    await changeSubscription({ state: 'active', paused_until: null, wishes: '*' });
    expect(await beginAll(issue.id)).toEqual([]);
    expect(await listed(store.ledger.deliveries(issue.id))).toMatchObject([{ state: 'skipped', reason }]);
  });

  it('is written to at the new address', async () => {
    const issue = await frozenFor(store, ['ann']);
    await changeSubscriber({ address: 'ann@new.example.org', address_key: 'ann@new.example.org' });
    expect(await beginAll(issue.id)).toMatchObject([
      { kind: 'begun', delivery: { reader: { subscriber: { address: 'ann@new.example.org' } } } },
    ]);
  });

  it('gets the frozen edition while one of its sections is wished', async () => {
    const issue = await frozenFor(store, ['ann']);
    await changeSubscription({ wishes: 'chemistry,other' });
    expect(await beginAll(issue.id)).toMatchObject([{ kind: 'begun' }]);
  });
});

describe('a reader who pauses', () => {
  it('gets a row that says so at the freeze, until the pause is over', async () => {
    const first = await frozenFor(store, ['ann']);
    await changeSubscription({ paused_until: minutesAfter(15_000).getTime() });
    expect(await store.audience.groups('weekly', NOON)).toEqual([{ preferences: '*', count: 1, skip: 'paused' }]);
    expect(await store.audience.groups('weekly', minutesAfter(15_000))).toEqual([{ preferences: '*', count: 1 }]);
    await store.ledger.cancel(first.id, NOON);
    const second = await frozen(store, { issue: { frozenAt: NOON } });
    expect(await store.ledger.counts(second.id)).toMatchObject({ skippedBy: { paused: 1 } });
    const third = await frozen(store);
    expect(await store.ledger.counts(third.id)).toMatchObject({ planned: 1, skipped: 0 });
  });
});

describe('a reader who is erased', () => {
  it('is neither listed nor frozen again, and the sum of earlier issues holds', async () => {
    const first = await frozenFor(store, ['ann', 'bob']);
    await tables.db
      .updateTable('subscribers')
      .set({ erased: 1, address: '', name: '' })
      .where('name', '=', 'ann')
      .execute();
    expect(await listed(store.audience.list())).toHaveLength(1);
    expect(await store.ledger.counts(first.id)).toMatchObject({ all: 2 });
    const second = await frozen(store);
    expect(await store.ledger.counts(second.id)).toMatchObject({ planned: 1, all: 1 });
  });
});

describe('a scratch store', () => {
  it('is made while another process writes', async () => {
    await frozenFor(store, ['ann']);
    await tables.db.transaction().execute(async (trx) => {
      await trx.updateTable('subscribers').set({ name: 'not yet written' }).execute();
      const scratch = await store.scratch();
      expect(await listed(scratch.audience.list())).toMatchObject([{ subscriber: { name: 'ann' } }]);
      await scratch.close();
    });
  });
});
