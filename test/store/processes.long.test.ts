import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSumRight } from '../../src/domain/delivery.js';
import { openStore } from '../../src/store/index.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { ACCEPTED, begun, frozenFor, listed, NOON, settled } from '../support/store-plans.js';
import { startSender } from '../support/store-processes.js';

let folder: string;
let postgres: TestPostgres;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-store-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

const TARGETS: readonly (readonly [string, () => Promise<string>])[] = [
  [
    'SQLite',
    async () => {
      files += 1;
      return join(folder, `${files}.db`);
    },
  ],
  ['Postgres', () => postgres.freshUrl()],
];

const READERS = Array.from({ length: 150 }, (_, index) => `reader-${index}`);
const BEGUN = 60;

// Real processes take their time to start where others compete for the processor.
describe.each(TARGETS)('several processes on one %s store', (_, freshTarget) => {
  it('never claim or begin the same delivery, nor take the same turn', async () => {
    const target = await freshTarget();
    const store = await openStore(target);
    const issue = await frozenFor(store, READERS);
    const senders = [1, 2, 3].map(() => startSender(target, issue.id, 7));
    await Promise.all(senders.map((sender) => sender.ready));
    for (const sender of senders) sender.go();
    const said = await Promise.all(senders.map((sender) => sender.ended));
    for (const kind of ['claimed', 'begun', 'turn', 'accepted']) {
      const told = said.flatMap((one) => one.get(kind) ?? []);
      expect(told).toHaveLength(READERS.length);
      expect(new Set(told).size).toBe(READERS.length);
    }
    expect(said.filter((one) => one.has('begun')).length).toBeGreaterThan(1);
    expect(await store.ledger.counts(issue.id)).toMatchObject({ accepted: READERS.length });
    await store.close();
  });

  it.each([
    ['between begin and settle', (target: string, issue: number) => startSender(target, issue, 50, BEGUN)],
    [
      'at any moment',
      (target: string, issue: number) => {
        const sender = startSender(target, issue, 50);
        sender.killAfter('begun', BEGUN);
        return sender;
      },
    ],
  ])('lose nothing when one is killed %s', async (moment, start) => {
    const target = await freshTarget();
    const store = await openStore(target);
    const issue = await frozenFor(store, READERS);
    const sender = start(target, issue.id);
    sender.go();
    const said = await sender.ended;
    await store.close();

    const reopened = await openStore(target);
    const counts = await reopened.ledger.counts(issue.id);
    expect(isSumRight(counts)).toBe(true);
    expect(counts.all).toBe(READERS.length);
    expect(counts.attempted).toBeLessThanOrEqual(1);
    if (moment === 'between begin and settle') expect(counts).toMatchObject({ attempted: 1, accepted: BEGUN - 1 });
    const rows = await listed(reopened.ledger.deliveries(issue.id));
    const accepted = new Set(rows.filter((row) => row.state === 'accepted').map((row) => String(row.subscriber)));
    for (const subscriber of said.get('accepted') ?? []) expect(accepted).toContain(subscriber);

    const freed = await reopened.ledger.reclaim(issue.id, said.get('ready')?.[0] ?? '', NOON);
    expect(freed).toEqual({ freed: counts.claimed, unknown: counts.attempted });
    await settled(reopened, await begun(reopened, issue, 'heir', READERS.length), ACCEPTED, 'heir');
    const after = await listed(reopened.ledger.deliveries(issue.id));
    expect(after.every((row) => row.state === 'accepted')).toBe(true);
    expect(after.filter((row) => row.attempts > 1).length).toBe(counts.attempted);
    expect(after.filter((row) => row.unknownOutcomes > 0).length).toBe(counts.attempted);
    await reopened.close();
  });
});
