import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { openSqliteConnection } from '../../src/store/sqlite.js';
import { ACCEPTED, begun, frozenFor, GREYLISTED, minutesAfter, settled } from '../support/store-plans.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-store-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the attempts of a delivery', () => {
  it('are all kept: those that ended otherwise by themselves, the accepted one on the delivery', async () => {
    const path = join(folder, 'gazette.db');
    const store = await openStore(path);
    const issue = await frozenFor(store, ['ann']);
    const [first, second] = [issue.frozenAt, minutesAfter(1, issue.frozenAt)];
    await settled(store, await begun(store, issue, 'one', 1, first), GREYLISTED, 'one', first);
    await begun(store, issue, 'two', 1, second);
    await store.ledger.reclaim(issue.id, 'two', second);
    await settled(store, await begun(store, issue, 'three', 1, second), ACCEPTED, 'three', second);
    await store.close();

    const connection = openSqliteConnection(path);
    expect(connection.prepare('select attempt, outcome, scope, code, begun_at from attempts').all()).toEqual([
      { attempt: 1, outcome: 'deferred', scope: 'recipient', code: 451, begun_at: first.getTime() },
      { attempt: 2, outcome: 'unknown', scope: null, code: null, begun_at: second.getTime() },
    ]);
    expect(connection.prepare('select state, attempts, doubts, reply_code from deliveries').all()).toEqual([
      { state: 'accepted', attempts: 3, doubts: 1, reply_code: 250 },
    ]);
    connection.close();
  });
});
